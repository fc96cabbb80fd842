import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { AppError } from "../../src/core/errors.ts";
import type { KeyBackend } from "../../src/core/vault.ts";
import { findKey, forgetKey, type KeySourceOptions, makeKey } from "../../src/store/key-source.ts";
import { type Keychain, limitKeychain, osKeychain, probeKeychain } from "../../src/store/keychain.ts";

const tools = ["setpriv", "dbus-daemon", "dbus-monitor", "gnome-keyring-daemon"];
const missing = tools.filter((tool) => Bun.which(tool) === null);

/** The failure that a piece of work must end with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    (found) => new Error(`It went well: ${Bun.inspect(found)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}

/** All that a log, an answer or a terminal could show of an error. */
export const shown = (error: AppError): string =>
  [error.stack, error.message, error.hint, JSON.stringify(error.metadata), Bun.inspect(error.cause)].join("\n");

/** A keychain in memory that notes every value that it was given. */
export function createKeychain(faults: Partial<Keychain> = {}, entries = new Map<string, string>()) {
  const seen: string[] = [];
  const calls: Keychain = {
    get: async (name) => entries.get(name) ?? null,
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => entries.delete(name),
    ...faults,
  };
  const set: Keychain["set"] = (name, value) => {
    seen.push(value);
    return calls.set(name, value);
  };
  return { keychain: limitKeychain({ ...calls, set }, 20), entries, seen };
}

export const randomBytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export const never = (): Promise<never> => new Promise<never>(() => undefined);
export const fail = async (message: string): Promise<never> => {
  throw new Error(message);
};

const locked = "Cannot create an item in a locked collection";
/** How a keychain fails, what a probe then calls it, and what the error says. */
export const keychainFaults: [what: string, faults: Partial<Keychain>, state: string, message: string][] = [
  ["keeps nothing", { set: async () => undefined }, "absent", "does not hold"],
  ["gives nothing", { get: async () => null }, "absent", "does not hold"],
  ["gives another key", { get: async () => base64(new Uint8Array(32)) }, "absent", "another key"],
  ["gives a part", { get: async () => base64(randomBytes()).slice(0, 32) }, "absent", "damaged"],
  ["never answers a set", { set: never }, "locked", "no answer"],
  ["never answers a get", { get: never }, "locked", "no answer"],
  ["is locked", { set: () => fail(locked), get: async () => null }, "locked", locked],
  ["repeats what it refuses", { set: (_, value) => fail(`Not "${value}"\n`) }, "absent", 'absent (Not "…")'],
  ["fails to read", { get: () => fail("no bus") }, "absent", "no bus"],
  ["is not there", { set: () => fail("no bus"), delete: () => fail("no bus") }, "absent", "no bus"],
];

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const forms: ((bytes: Buffer) => string)[] = [
  (bytes) => bytes.toString("hex"),
  (bytes) => bytes.toString("hex").toUpperCase(),
  (bytes) => bytes.toString("base64"),
  (bytes) => bytes.toString("base64").replace("=", ""),
  (bytes) => bytes.toString("base64url"),
  (bytes) => `${bytes.toString("base64url")}=`,
];

/** A key, and a text of it. */
export const keyTexts = fc
  .tuple(bytes32, fc.constantFrom(...forms))
  .map(([bytes, form]) => [new Uint8Array(bytes), form(Buffer.from(bytes))] as const);

const encoded = fc
  .tuple(fc.uint8Array({ minLength: 9, maxLength: 70 }), fc.constantFrom("hex" as const, "base64" as const))
  .filter(([bytes]) => bytes.length !== 32)
  .map(([bytes, form]) => Buffer.from(bytes).toString(form));
const spoilt = fc
  .tuple(bytes32, fc.constantFrom("hex" as const, "base64" as const), fc.constantFrom(" ", "\n", "-_+/", "=", "é"))
  .chain(([bytes, form, extra]) => {
    const text = Buffer.from(bytes).toString(form);
    return fc.nat(text.length).map((at) => text.slice(0, at) + extra + text.slice(at));
  });

/** Texts that are no keys, many of them nearly. */
export const badKeyTexts = fc
  .oneof(fc.string({ minLength: 12 }), encoded, spoilt)
  .filter((text) => Buffer.byteLength(text) !== 32 && text.trim() !== "");

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

/** A session of that account with a keyring. `await using` ends it; it ends also when this process is killed. */
export async function startKeyring(account: ReturnType<typeof createAccount>, state: KeyringState) {
  const config = join(account.path, "bus.conf");
  writeFileSync(config, busConfig(account.path));
  if (state === "unanswered") writePrompter(account.path);
  const bus = start(account.env, ["dbus-daemon", "--nofork", "--print-address", "--config-file", config]);
  const env = { ...account.env, DBUS_SESSION_BUS_ADDRESS: await lineWith(bus.stdout, "unix:") };
  const match = "type='signal',member='NameOwnerChanged',arg0='org.freedesktop.secrets'";
  const monitor = start(env, ["dbus-monitor", "--session", match]);
  const [watching, appearing] = monitor.stdout.tee();
  await lineWith(watching, "NameAcquired");
  const way = state === "unlocked" ? "--unlock" : "--start";
  const keyring = start(env, ["gnome-keyring-daemon", "--foreground", "--components=secrets", way], "a password");
  await lineWith(appearing, '"org.freedesktop.secrets"');
  return {
    ask: (...args: string[]) => ask(env, join(account.path, "keys"), args),
    async [Symbol.asyncDispose]() {
      for (const child of [keyring, monitor, bus]) {
        child.kill();
        await child.exited;
      }
    },
  };
}

/** Starts a child that the kernel ends with this process. */
const start = (env: Record<string, string>, command: string[], input = "") =>
  Bun.spawn(["setpriv", "--pdeathsig", "KILL", ...command], {
    env,
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "ignore",
  });

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
  const reader = output.getReader();
  const decoder = new TextDecoder();
  let seen = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended without a line with ${sought}: ${seen}`);
    seen += decoder.decode(value, { stream: true });
    const line = seen
      .split("\n")
      .slice(0, -1)
      .find((each) => each.includes(sought));
    if (line !== undefined) return line;
  }
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
