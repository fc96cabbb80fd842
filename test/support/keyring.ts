import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import type { KeyBackend } from "../../src/core/vault.ts";
import { findKey, forgetKey, type KeySourceOptions, makeKey } from "../../src/store/key-source.ts";
import { osKeychain, probeKeychain } from "../../src/store/keychain.ts";

const tools = ["dbus-run-session", "dbus-monitor", "gnome-keyring-daemon"];
const missing = tools.filter((tool) => Bun.which(tool) === null);

/** Why no keyring can be started here; undefined where it can. */
export const noKeyring: string | undefined =
  process.platform === "linux" ? (missing.length > 0 ? `no ${missing.join(", ")} here` : undefined) : "not on Linux";

/** Locked: as after a login without its password. Unanswered: locked, and nobody sees the window that asks for it. */
export type KeyringState = "unlocked" | "locked" | "unanswered";

export interface KeyringAnswer {
  key?: { id: string; backend: KeyBackend };
  gone?: boolean;
  state?: string;
  detail?: string;
  error?: { code: string; message: string; hint: string | undefined };
}

/** A throw-away user account without a keychain. `using` removes it. */
export function createAccount() {
  const path = mkdtempSync(join(tmpdir(), "mcqueen-keyring-"));
  const runtime = join(path, "run");
  mkdirSync(runtime, { mode: 0o700 });
  const env = { PATH: process.env.PATH ?? "", HOME: path, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: join(path, "data") };
  return {
    path,
    env,
    /** Runs a function of the key source in a process of its own. */
    ask: (...args: string[]) => ask(env, join(path, "keys"), args),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/**
 * A session of that account with a keyring. `await using` ends it; it ends also when this process is killed, since then
 * the standard input of its first process closes.
 */
export async function startKeyring(account: ReturnType<typeof createAccount>, state: KeyringState) {
  const config = join(account.path, "bus.conf");
  writeFileSync(config, busConfig(account.path));
  if (state === "unanswered") writePrompter(account.path);
  const bus = Bun.spawn(["dbus-run-session", "--config-file", config, "--", "sh", "-c", script], {
    env: account.env,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
  });
  const address = await lineWith(bus.stdout, "unix:");
  const env = { ...account.env, DBUS_SESSION_BUS_ADDRESS: address };
  const match = "type='signal',member='NameOwnerChanged',arg0='org.freedesktop.secrets'";
  const monitor = Bun.spawn(["dbus-monitor", "--session", match], { env, stdout: "pipe", stderr: "ignore" });
  const [watching, appearing] = monitor.stdout.tee();
  await lineWith(watching, "NameAcquired");
  const keyring = Bun.spawn(
    ["gnome-keyring-daemon", "--foreground", "--components=secrets", state === "unlocked" ? "--unlock" : "--start"],
    { env, stdin: state === "unlocked" ? new Blob(["a password"]) : "ignore", stdout: "ignore", stderr: "ignore" },
  );
  await lineWith(appearing, '"org.freedesktop.secrets"');
  return {
    ask: (...args: string[]) => ask(env, join(account.path, "keys"), args),
    async [Symbol.asyncDispose]() {
      keyring.kill();
      await keyring.exited;
      bus.stdin.end();
      await Promise.all([bus.exited, monitor.exited]);
    },
  };
}

/** Lives until its standard input closes. */
const script = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat >/dev/null';

/** A bus that starts nothing by itself but what lies in the account's own folder. */
const busConfig = (
  home: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${home}/run</listen>
  <servicedir>${home}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** A window that never comes: it joins the bus, so that it ends with it, and does not take its name. */
function writePrompter(home: string): void {
  mkdirSync(join(home, "services"));
  const name = "org.gnome.keyring.SystemPrompter";
  const lines = ["[D-BUS Service]", `Name=${name}`, `Exec=${Bun.which("dbus-monitor")} --session interface=no.such`];
  writeFileSync(join(home, "services", `${name}.service`), `${lines.join("\n")}\n`);
}

async function lineWith(output: ReadableStream<Uint8Array>, sought: string): Promise<string> {
  let seen = "";
  const decoder = new TextDecoder();
  for await (const chunk of output) {
    seen += decoder.decode(chunk, { stream: true });
    const lines = seen.split("\n").slice(0, -1);
    const line = lines.find((each) => each.includes(sought));
    if (line !== undefined) return line;
  }
  throw new Error(`It ended without a line with ${sought}: ${seen}`);
}

async function ask(env: Record<string, string>, keysFolder: string, args: string[]): Promise<KeyringAnswer> {
  const child = Bun.spawn([process.execPath, import.meta.path, keysFolder, ...args], {
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (out === "") throw new Error(err);
  return JSON.parse(out) as KeyringAnswer;
}

async function answer(options: KeySourceOptions, args: string[]): Promise<KeyringAnswer> {
  const [deed, backend, id = ""] = args as [string, KeyBackend | undefined, string | undefined];
  const shown = ({ id, backend }: { id: string; backend: KeyBackend }) => ({ key: { id, backend } });
  if (deed === "make") return shown(await makeKey(options, backend));
  if (deed === "find" && backend) return shown(await findKey(options, backend, id));
  if (deed === "forget" && backend) return { gone: await forgetKey(options, backend, id) };
  return probeKeychain(osKeychain());
}

/** Run as a process of its own: does one deed, says how it went, and ends at once as the command line does. */
if (import.meta.main) {
  const [keysFolder = "", ...args] = process.argv.slice(2);
  const options = { keysFolder, given: [], keychain: osKeychain() };
  const said = await answer(options, args).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return { error: { code: error.code, message: error.message, hint: error.hint } };
  });
  process.stdout.write(JSON.stringify(said), () => process.exit(0));
}
