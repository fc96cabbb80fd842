import { AppError } from "../core/errors.ts";
import { randomText } from "../core/secret.ts";

/** Named texts that the operating system keeps for its user. */
export interface Keychain {
  /** Null also while it is locked: that tells nothing of what it holds. */
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  /** Gives whether there was one; false also while it is locked. */
  delete(name: string): Promise<boolean>;
}

export interface KeychainState {
  state: "works" | "locked" | "absent";
  /** A sentence for people. */
  detail: string;
}

const service = "mcqueen";
const limitMs = 3_000;

/** The keychain of the operating system's user. Each call ends within three seconds. */
export function osKeychain(): Keychain {
  const calls: Keychain = {
    get: async (name) => Bun.secrets.get({ service, name }),
    set: async (name, value) => Bun.secrets.set({ service, name, value }),
    delete: async (name) => Bun.secrets.delete({ service, name }),
  };
  return limitKeychain(calls, limitMs);
}

/** Ends calls that wait for a person: they fail with `timeout`, and an entry that is made later goes again. */
export function limitKeychain(keychain: Keychain, limit: number): Keychain {
  return {
    get: (name) => within(limit, keychain.get(name)),
    async set(name, value) {
      const made = keychain.set(name, value);
      try {
        await within(limit, made);
      } catch (error) {
        if (isTimeout(error)) made.then(() => keychain.delete(name)).catch(() => undefined);
        throw error;
      }
    },
    delete: (name) => within(limit, keychain.delete(name)),
  };
}

/** Keeps, reads and removes an entry of its own. Where a desktop runs, this may ask the user to unlock. */
export async function probeKeychain(keychain: Keychain): Promise<KeychainState> {
  try {
    return await within(limitMs, tryKeychain(keychain));
  } catch (error) {
    return isLocked(error)
      ? { state: "locked", detail: `The keychain is locked (${reasonOf(error)})` }
      : { state: "absent", detail: `No keychain can be used here (${reasonOf(error)})` };
  }
}

async function tryKeychain(keychain: Keychain): Promise<KeychainState> {
  const name = `probe-${randomText(9, "hex")}`;
  const value = randomText(32, "base64url");
  let found: string | null = null;
  let isGone = false;
  try {
    await keychain.set(name, value);
    found = await keychain.get(name);
  } finally {
    isGone = await keychain.delete(name);
  }
  if (found === null) return { state: "absent", detail: "The keychain took an entry and did not keep it" };
  if (found !== value) return { state: "absent", detail: "The keychain gave back another value than it was given" };
  if (!isGone) return { state: "absent", detail: "The keychain does not remove its entries" };
  return { state: "works", detail: "The keychain keeps, gives back and removes entries" };
}

/** What a keychain said when it failed, on one line. @param hidden what must not be in it */
export function reasonOf(error: unknown, hidden = ""): string {
  const said = error instanceof Error ? error.message : String(error);
  const shown = hidden === "" ? said : said.replaceAll(hidden, "…");
  return shown.replace(/\s+/g, " ").trim() || "it says nothing";
}

const isTimeout = (error: unknown): boolean => error instanceof AppError && error.code === "timeout";

const codesOfLocked = [
  "ACCESS_DENIED",
  "AUTH_FAILED",
  "INTERACTION_NOT_ALLOWED",
  "INTERACTION_REQUIRED",
  "USER_CANCELED",
];

/** One that waits for a password gives no answer, and Linux says it in words alone. */
function isLocked(error: unknown): boolean {
  if (isTimeout(error) || /\blocked\b/i.test(reasonOf(error))) return true;
  return (
    error instanceof Error && "code" in error && codesOfLocked.some((code) => error.code === `ERR_SECRETS_${code}`)
  );
}

/** The timer lets the process end. */
async function within<Result>(limit: number, call: Promise<Result>): Promise<Result> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AppError("timeout", `no answer within ${limit / 1000} s`)), limit);
  timer.unref();
  try {
    return await Promise.race([call, ended]);
  } finally {
    clearTimeout(timer);
  }
}
