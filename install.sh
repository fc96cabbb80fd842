#!/bin/sh
# Installs mcqueen for one user, from a checkout or from a release: ./install.sh --help

# Set in the copy that a release holds; MCQUEEN_RELEASE_URL goes before it.
RELEASE_URL=''

usage() {
  cat <<'EOF'
Usage: ./install.sh [--test | --uninstall | --help]
       curl -fsSL <release>/install.sh | sh [-s -- --uninstall]

Installs mcqueen to $PREFIX/bin (default: ~/.local/bin). Needs no root, and may be run again at any time.
In a checkout it gets the right Bun when there is none, then the dependencies, and compiles.
Elsewhere it downloads the binary of a release and checks its SHA-256.

  --test        check types, style and dead code, compile, run all tests (in a checkout)
  --uninstall   stop the daemon, take it from the system, remove the binary; your data stays
  -h, --help    show this

Environment:
  PREFIX                where to install; default ~/.local
  MCQUEEN_RELEASE_URL   the folder of a release, https only
EOF
}

say() { printf '%s\n' "$*"; }
warn() { say "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# fail WHAT [HINT]
fail() {
  warn "✗ $1${2:+
  $2}"
  exit 1
}

usage_error() {
  warn "✗ $1
  Run: ./install.sh --help"
  exit 2
}

# A path as a shell would take it back.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }

make_scratch() { scratch=$(mktemp -d "${TMPDIR:-/tmp}/mcqueen-install.XXXXXX") || fail "No temporary folder."; }

find_target() {
  prefix=${PREFIX:-${HOME:+$HOME/.local}}
  [ -n "$prefix" ] || fail "Neither PREFIX nor HOME is set." "Run: PREFIX=/where/to ./install.sh"
  case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac
  bin=$prefix/bin
  target=$bin/mcqueen
}

# Only a file called install.sh has a checkout: a piped script must not take the folder it happens to run in for one.
find_checkout() {
  root=''
  case $1 in install.sh | */install.sh) ;; *) return 0 ;; esac
  beside=$(CDPATH='' cd -- "$(dirname -- "$1")" 2>/dev/null && pwd) || return 0
  if grep -q '"name": *"mcqueen"' "$beside/package.json" 2>/dev/null; then root=$beside; fi
}

# --- Downloading

# https, or http to this very machine. The host is compared whole: 127.0.0.1.example.org is another.
check_url() {
  case $1 in
    *[!A-Za-z0-9._~:/%+-]*) fail "Not an address of a release: $1" ;;
    https://?*) protocols='=https' ;;
    http://*)
      host=${1#http://}
      host=${host%%/*}
      case ${host%%:*} in
        127.0.0.1 | localhost) protocols='=http,https' ;;
        *) fail "Refused to download over plain http: $1" "Use an https address." ;;
      esac
      ;;
    *) fail "Not an https address: $1" ;;
  esac
}

# download URL FILE
download() {
  # What this very machine serves over http moves nowhere else; https stays https.
  case $protocols in =https) redirects=10 ;; *) redirects=0 ;; esac
  if has curl; then
    loudness=--silent
    if [ -t 2 ]; then loudness=--progress-bar; fi
    curl --fail --show-error --location --max-redirs "$redirects" --proto "$protocols" --retry 2 "$loudness" \
      --output "$2" "$1" </dev/null
  elif has wget; then
    hop_by_hop "$1" "$2"
  else
    fail "Neither curl nor wget was found." "Install one of them and try again."
  fi || fail "The download failed: $1"
}

# wget by itself follows a redirect from https to plain http, so each hop is looked at here.
hop_by_hop() {
  address=$1
  until wget -q -S --max-redirect=0 -O "$2" "$address" 2>"$scratch/head" </dev/null; do
    next=$(sed -n 's/^ *[Ll]ocation: *//p' "$scratch/head")
    [ -n "$next" ] || return 1
    rest=${address#https://}
    case $next in
      *[![:graph:]]*) next='an address with blanks' ;;
      //*) next=https:$next ;;
      /*) next=https://${rest%%/*}$next ;;
    esac
    case $redirects:$next in
      [1-9]*:https://[!/]*) address=$next ;;
      *) warn "Refused a redirect to $next" && return 1 ;;
    esac
    redirects=$((redirects - 1))
  done
}

sha256_of() {
  { sha256sum <"$1" || shasum -a 256 <"$1" || openssl dgst -sha256 -r <"$1"; } 2>/dev/null | cut -c 1-64
}

is_musl() {
  case $(ldd --version 2>&1 || true) in
    *musl*) return 0 ;;
    *GLIBC* | *GNU*) return 1 ;;
  esac
  ls /lib/ld-musl-* >/dev/null 2>&1
}

find_platform() {
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    MINGW* | MSYS* | CYGWIN*) fail "On Windows, take the .exe of the release and put it into a folder of your PATH." ;;
    *) fail "There is no release for $(uname -s)." ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "There is no release for $(uname -m)." ;;
  esac
  # A translated shell on Apple silicon calls itself x86_64.
  if [ "$os" = darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then arch=arm64; fi
  if [ "$os" = linux ] && is_musl; then
    fail "This Linux uses musl libc (Alpine and others); the release needs glibc and does not run here." \
      "Build from a checkout instead: ./install.sh"
  fi
}

# The list of sums also says which version the release is, so that its file names can carry it.
find_in_sums() {
  file='' sum=''
  while read -r listed_sum listed; do
    listed=${listed#\*}
    case $listed in
      mcqueen-*[!A-Za-z0-9.+-]*) ;;
      mcqueen-*-"$os-$arch")
        [ -z "$file" ] || fail "SHA256SUMS names more than one binary for $os-$arch; nothing was installed."
        file=$listed
        sum=$listed_sum
        ;;
    esac
  done <"$1"
  [ -n "$file" ] || fail "SHA256SUMS has no line for $os-$arch; nothing was installed."
  case $sum in *[!0-9a-f]*) sum='' ;; esac
  [ "${#sum}" -eq 64 ] || fail "The line of $file in SHA256SUMS is not a SHA-256; nothing was installed."
}

install_release() {
  url=${MCQUEEN_RELEASE_URL:-$RELEASE_URL}
  [ -n "$url" ] || fail "There is no checkout beside this script, and no release address is known." \
    "Set MCQUEEN_RELEASE_URL to the folder of a release, or run install.sh in a checkout."
  url=${url%/}
  check_url "$url"
  find_platform
  has sha256sum || has shasum || has openssl ||
    fail "Nothing here can check a SHA-256." "Install sha256sum, shasum or openssl."
  make_scratch
  download "$url/SHA256SUMS" "$scratch/SHA256SUMS"
  find_in_sums "$scratch/SHA256SUMS"
  stage
  say "Downloading $file"
  download "$url/$file" "$staged"
  found=$(sha256_of "$staged")
  [ "$found" = "$sum" ] || fail "The SHA-256 of $file is wrong; nothing was installed." "expected $sum, received $found"
  put_in_place
}

# --- Building from a checkout

is_pinned() { [ "$("$1" --version 2>/dev/null </dev/null || true)" = "$pin" ]; }
use_bun() {
  is_pinned "$1" || return 1
  ln -s "$1" "$scratch/bun" && PATH=$scratch:$PATH && export PATH
}

# Puts the pinned Bun first on the PATH of this script and its children.
provide_bun() {
  pin=$(sed -n 's/.*"packageManager": *"bun@\([0-9.]*\)".*/\1/p' "$root/package.json")
  [ -n "$pin" ] || fail "package.json does not say which Bun is needed."
  if is_pinned bun; then return 0; fi
  if has npx; then
    say "Getting Bun $pin with npx"
    found=$(cd -- "$scratch" && npx -y "bun@$pin" -e 'console.log(process.execPath)' </dev/null) || found=''
    if [ -n "$found" ] && use_bun "$found"; then return 0; fi
    warn "npx could not get Bun; trying its own installer."
  fi
  own=${XDG_CACHE_HOME:-${HOME:-$prefix}/.cache}/mcqueen/bun-$pin
  if use_bun "$own/bin/bun"; then return 0; fi
  say "Getting Bun $pin from bun.sh into $own"
  { has bash && has unzip; } || fail "Bun's installer needs bash and unzip." "Install them, or npm, and try again."
  check_url https://bun.sh/install
  download https://bun.sh/install "$scratch/bun-install"
  # With an unknown SHELL the installer leaves the start-up files of the user's shell alone.
  BUN_INSTALL=$own SHELL=/bin/sh bash "$scratch/bun-install" "bun-v$pin" </dev/null || fail "Bun's installer failed."
  use_bun "$own/bin/bun" || fail "Bun $pin does not run here."
}

set_up_checkout() {
  make_scratch
  provide_bun
  cd -- "$root"
  bun install --frozen-lockfile </dev/null || fail "The dependencies could not be installed."
}

install_checkout() {
  set_up_checkout
  bun cli/build.ts </dev/null || fail "The build failed; nothing was installed."
  stage
  cp -- dist/mcqueen "$staged" || fail "$bin cannot be written."
  put_in_place
}

test_checkout() {
  [ -n "$root" ] || usage_error "--test works in a checkout only"
  set_up_checkout
  NO_COLOR=1 bun run --silent check </dev/null
}

# --- Putting in place, removing

# A name in the same folder, so that the last step is one rename: a running binary is never written to.
stage() {
  mkdir -p -- "$bin" || fail "$bin cannot be made."
  [ ! -d "$target" ] || fail "$target is a folder."
  staged=$(mktemp "$bin/.mcqueen.XXXXXX") || fail "$bin cannot be written." "Choose another folder with PREFIX."
}

put_in_place() {
  chmod 755 "$staged"
  version=$("$staged" --version </dev/null) || fail "The new mcqueen does not run here; nothing was installed."
  if [ -e "$target" ]; then replaced=yes; else replaced=no; fi
  mv -f -- "$staged" "$target" || fail "$target cannot be written."
  staged=''
  say "✓ Installed $target ($version)"
  if [ "$replaced" = yes ] && is_running; then
    if "$target" daemon restart >/dev/null 2>&1 </dev/null; then
      say "  The daemon was restarted and runs it already."
    else
      warn "  The daemon still runs the old version. Run: mcqueen daemon restart"
    fi
  fi
  explain_path
}

is_running() { "$target" daemon status --json 2>/dev/null </dev/null | grep -Eq '"running" *: *true'; }

explain_path() {
  case :$PATH: in
    *:"$bin":*)
      first=$(command -v mcqueen || true)
      if [ "$first" != "$target" ]; then warn "  Note: $first comes first on your PATH."; fi
      return 0
      ;;
  esac
  say "  $bin is not on your PATH. To put it there:"
  say "    bash: echo 'export PATH=\"$bin:\$PATH\"' >> ~/.bashrc"
  say "    zsh:  echo 'export PATH=\"$bin:\$PATH\"' >> ~/.zshrc"
  say "    fish: fish_add_path $(quoted "$bin")"
}

uninstall() {
  if [ ! -e "$target" ] && [ ! -L "$target" ]; then
    say "mcqueen is not installed in $bin."
  else
    "$target" daemon uninstall >/dev/null 2>&1 </dev/null || warn "The service could not be taken from the system."
    if is_running && ! "$target" daemon stop </dev/null; then warn "The daemon did not stop; it may still run."; fi
    rm -f -- "$target" || fail "$target cannot be removed."
    say "✓ Removed $target"
  fi
  say "  Your data stays. To delete it for good, with every kept key:"
  set -- "${XDG_CONFIG_HOME:-${HOME:-}/.config}" "${XDG_DATA_HOME:-${HOME:-}/.local/share}" \
    "${XDG_STATE_HOME:-${HOME:-}/.local/state}"
  if [ -n "${MCQUEEN_HOME:-}" ]; then set --; say "    rm -rf $(quoted "$MCQUEEN_HOME")"; fi
  for folder in "$@"; do say "    rm -rf $(quoted "$folder/mcqueen")"; done
}

main() {
  set -eu
  unset BUN_BE_BUN BUN_OPTIONS
  [ $# -le 1 ] || usage_error "One option at a time"
  action=install
  if [ $# -eq 1 ]; then
    case $1 in
      -h | --help) usage && exit 0 ;;
      --test) action='test' ;;
      --uninstall) action=uninstall ;;
      *) usage_error "Unknown option: $1" ;;
    esac
  fi
  scratch='' staged=''
  trap 'rm -rf -- "$scratch" "$staged" || :' EXIT
  trap 'exit 130' INT
  trap 'exit 143' HUP TERM
  find_target
  find_checkout "$0"
  case $action in
    test) test_checkout ;;
    uninstall) uninstall ;;
    install) if [ -n "$root" ]; then install_checkout; else install_release; fi ;;
  esac
}

# In braces, so that a download cut off anywhere, also within this line, is a syntax error and runs nothing.
{ main "$@"; exit; }
