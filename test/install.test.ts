import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const script = join(import.meta.dir, "../install.sh");
const source = readFileSync(script);
const sha256 = (text: string): string => new Bun.CryptoHasher("sha256").update(text).digest("hex");
const platform = `${process.platform}-${process.arch}`;
const name = `mcqueen-9.9.9-${platform}`;
const binaryOf = (version: string): string => `#!/bin/sh\necho "mcqueen ${version}"\n`;

let home: string;
let prefix: string;
let target: string;
let files: Record<string, string>;
let server: ReturnType<typeof Bun.serve>;

beforeAll(() => {
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const body = files[new URL(request.url).pathname.replace("/release/", "")];
      return body === undefined ? new Response("", { status: 404 }) : new Response(body);
    },
  });
});
afterAll(() => server.stop(true));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mcqueen-install-test-"));
  prefix = join(home, "a folder with spaces");
  target = join(prefix, "bin/mcqueen");
  files = { [name]: binaryOf("9.9.9"), SHA256SUMS: `${sha256(binaryOf("9.9.9"))}  ${name}\n` };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  code: number;
  out: string;
  err: string;
}

/** The script on the standard input of sh, as when it is piped from the web; or as a file. */
async function install(args: string[] = [], env: Record<string, string> = {}, file?: string): Promise<Ran> {
  const child = Bun.spawn(["sh", ...(file ? [file] : ["-s", "--"]), ...args], {
    cwd: home,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home,
      TMPDIR: home,
      PREFIX: prefix,
      MCQUEEN_RELEASE_URL: `http://127.0.0.1:${server.port}/release`,
      ...env,
    },
    stdin: file ? "ignore" : source,
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

function placeOld(text: string = binaryOf("1.0.0")): void {
  mkdirSync(join(prefix, "bin"), { recursive: true });
  writeFileSync(target, text, { mode: 0o755 });
}

const placed = (): string[] => (existsSync(join(prefix, "bin")) ? readdirSync(join(prefix, "bin")) : []);

const hasShellcheck = Bun.which("shellcheck") !== null;
test.skipIf(!hasShellcheck)(`shellcheck finds nothing${hasShellcheck ? "" : " (SKIPPED: no shellcheck here)"}`, () => {
  const { stdout, exitCode } = Bun.spawnSync(["shellcheck", script, join(import.meta.dir, "../.ci/run")]);
  expect(stdout.toString()).toBe("");
  expect(exitCode).toBe(0);
});

describe("a download that was cut off", () => {
  const commands =
    "apt-get awk bash bun cat chmod cp curl cut dirname dpkg grep id ldd ln ls mkdir mktemp mv npm npx openssl pwd rm sed sh " +
    "sha256sum shasum sudo sysctl tee touch uname unzip wget";

  /** Runs the first bytes of the script where every command only notes that it was called. */
  async function runCut(stubs: string, log: string, length: number): Promise<void> {
    const child = Bun.spawn(["/bin/sh", "-s"], {
      cwd: home,
      env: { PATH: stubs, HOME: home, TMPDIR: home, LOG: log, MCQUEEN_RELEASE_URL: "http://127.0.0.1:9" },
      stdin: source.subarray(0, length),
      stdout: "ignore",
      stderr: "ignore",
    });
    await child.exited;
  }

  test("calls no command and makes no file, wherever the cut is", async () => {
    const outside = mkdtempSync(join(tmpdir(), "mcqueen-install-stubs-"));
    const stubs = join(outside, "bin");
    const log = join(outside, "called");
    mkdirSync(stubs);
    for (const command of commands.split(" ")) {
      writeFileSync(join(stubs, command), '#!/bin/sh\necho "$0" >> "$LOG"\n', { mode: 0o755 });
    }
    const text = source.toString();
    const whole = source.length - (text.length - text.trimEnd().length);
    const cuts = new Set(Array.from({ length: Math.floor(whole / 97) }, (_, index) => index * 97));
    for (let last = whole - 40; last < whole; last += 1) cuts.add(last);
    const waiting = [...cuts];
    const worker = async (): Promise<void> => {
      for (let cut = waiting.pop(); cut !== undefined; cut = waiting.pop()) {
        await runCut(stubs, log, cut);
        if (existsSync(log)) throw new Error(`cut at byte ${cut}: ${readFileSync(log, "utf8")}`);
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(readdirSync(home)).toEqual([]);
    await runCut(stubs, log, whole);
    expect(readFileSync(log, "utf8")).toContain("uname");
    rmSync(outside, { recursive: true });
  });
});

describe("a release", () => {
  test("is installed with mode 755 when its sum is right, also a second time", async () => {
    for (const _ of [1, 2]) {
      const { code, out, err } = await install();
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain(`✓ Installed ${target} (mcqueen 9.9.9)`);
      expect(out).toContain("fish_add_path");
      expect(readFileSync(target, "utf8")).toBe(binaryOf("9.9.9"));
      expect(statSync(target).mode & 0o777).toBe(0o755);
      expect(placed()).toEqual(["mcqueen"]);
    }
    expect(readdirSync(home)).toEqual(["a folder with spaces"]);
  });

  const hasWget = Bun.which("wget") !== null;
  test.skipIf(!hasWget)(
    `comes by wget where there is no curl${hasWget ? "" : " (SKIPPED: no wget here)"}`,
    async () => {
      const few = join(home, "few");
      mkdirSync(few);
      for (const tool of "wget mktemp mkdir chmod mv rm cut sha256sum shasum openssl uname ldd grep sed ls".split(
        " ",
      )) {
        const path = Bun.which(tool);
        if (path) symlinkSync(path, join(few, tool));
      }
      symlinkSync("/bin/sh", join(few, "sh"));
      const { code, err } = await install([], { PATH: few });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(placed()).toEqual(["mcqueen"]);
    },
  );

  const refusals: [string, () => void, string][] = [
    ["with a wrong sum", () => (files[name] = binaryOf("6.6.6")), "is wrong; nothing was installed"],
    ["without a line for this platform", () => (files.SHA256SUMS = `${"0".repeat(64)}  other\n`), "has no line for"],
    ["with a sum that is none", () => (files.SHA256SUMS = `zz  ${name}\n`), "is not a SHA-256"],
    [
      "with two binaries for this platform",
      () => (files.SHA256SUMS = (files.SHA256SUMS ?? "").repeat(2)),
      "more than one binary",
    ],
    [
      "with a path for a name",
      () => (files.SHA256SUMS = `${"0".repeat(64)}  mcqueen-../x-${platform}\n`),
      "no line for",
    ],
    ["without the sums", () => delete files.SHA256SUMS, "The download failed"],
    ["without the binary", () => delete files[name], "The download failed"],
    [
      "whose binary does not run",
      () => {
        files[name] = "#!/bin/sh\nexit 3\n";
        files.SHA256SUMS = `${sha256("#!/bin/sh\nexit 3\n")}  ${name}\n`;
      },
      "does not run here",
    ],
  ];
  test.each(refusals)("%s is refused and the old binary kept", async (_, spoil, message) => {
    placeOld();
    spoil();
    const { code, err } = await install();
    expect(err).toContain(message);
    expect(code).toBe(1);
    expect(readFileSync(target, "utf8")).toBe(binaryOf("1.0.0"));
    expect(placed()).toEqual(["mcqueen"]);
  });

  test.each([
    "http://example.org/release",
    "http://127.0.0.1.example.org/release",
    "http://localhost@example.org/release",
    "http://localhost:80@example.org/release",
    "ftp://127.0.0.1/release",
    "file:///tmp",
    "https://example.org/$(touch x)",
  ])("at %s is refused before anything is made", async (url) => {
    const { code } = await install([], { MCQUEEN_RELEASE_URL: url });
    expect(code).toBe(1);
    expect(readdirSync(home)).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")("is not for musl libc, and the script says so", async () => {
    const tools = join(home, "tools");
    mkdirSync(tools);
    writeFileSync(join(tools, "ldd"), "#!/bin/sh\necho 'musl libc (x86_64)' >&2\nexit 1\n", { mode: 0o755 });
    const { code, err } = await install([], { PATH: `${tools}:${process.env.PATH}` });
    expect(code).toBe(1);
    expect(err).toContain("musl");
    expect(placed()).toEqual([]);
  });

  test("of an unknown address is asked for", async () => {
    const { code, err } = await install([], { MCQUEEN_RELEASE_URL: "" });
    expect(code).toBe(1);
    expect(err).toContain("MCQUEEN_RELEASE_URL");
  });

  test.each([
    [0, "The daemon was restarted"],
    [1, "Run: mcqueen daemon restart"],
  ])("gets no BUN_BE_BUN and no BUN_OPTIONS; a restart of the daemon that ends with %p is told", async (exit, told) => {
    placeOld();
    const seen = join(home, "seen");
    const fake = `#!/bin/sh
echo "$BUN_BE_BUN$BUN_OPTIONS" >> "${seen}"
case "$1 $2" in
  "daemon status") echo '{"running":true}';;
  "daemon restart") exit ${exit};;
  *) echo "mcqueen 9.9.9";;
esac
`;
    files[name] = fake;
    files.SHA256SUMS = `${sha256(fake)}  ${name}\n`;
    const { code, out, err } = await install([], { BUN_BE_BUN: "1", BUN_OPTIONS: "--smol" });
    expect(code).toBe(0);
    expect(out + err).toContain(told);
    expect(readFileSync(seen, "utf8").trim()).toBe("");
  });
});

describe("options", () => {
  test.each([[["--frobnicate"]], [["x"]], [[""]], [["--test", "--uninstall"]], [["--test"]]])(
    "%p: exit 2",
    async (args) => {
      const { code, err } = await install(args);
      expect(code).toBe(2);
      expect(err).toContain("--help");
      expect(readdirSync(home)).toEqual([]);
    },
  );

  test("--help explains", async () => {
    const { code, out } = await install(["--help"], {}, script);
    expect(code).toBe(0);
    expect(out).toContain("--uninstall");
  });
});

describe("--uninstall", () => {
  test("stops the daemon, removes the binary, says where the data is; twice is fine", async () => {
    const calls = join(home, "calls");
    placeOld(`#!/bin/sh\necho "$*" >> "${calls}"\n[ "$2" != status ] || echo '{ "running": true }'\n`);
    const first = await install(["--uninstall"]);
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
    expect(readFileSync(calls, "utf8")).toBe("daemon uninstall\ndaemon status --json\ndaemon stop\n");
    expect(placed()).toEqual([]);
    expect(first.out).toContain(`rm -rf '${home}/.local/share/mcqueen'`);
    const second = await install(["--uninstall"], { MCQUEEN_HOME: "/tmp/it's" }, script);
    expect(second.code).toBe(0);
    expect(second.out).toContain("is not installed");
    expect(second.out).toContain("rm -rf '/tmp/it'\\''s'");
  });

  test("also removes a binary that does not run", async () => {
    placeOld("#!/bin/sh\nexit 1\n");
    chmodSync(target, 0o644);
    expect((await install(["--uninstall"])).code).toBe(0);
    expect(placed()).toEqual([]);
  });
});
