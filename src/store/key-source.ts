import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError, invalidParameters } from "../core/errors.ts";
import type { KeyBackend } from "../core/vault.ts";
import { readPrivateFile, writePrivateFile } from "../files.ts";
import { type Keychain, probeKeychain, reasonOf } from "./keychain.ts";

export interface MasterKey {
  id: string;
  backend: KeyBackend;
  /** 32 bytes. */
  bytes: Uint8Array;
}

export interface KeySourceOptions {
  keysFolder: string;
  /** ENCRYPTION_KEY, then ENCRYPTION_KEY_PREVIOUS. */
  given: readonly (string | undefined)[];
  /** Undefined where it is never used. */
  keychain: Keychain | undefined;
}

/** Where keys are kept as text under a name. */
interface Shelf {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  /** Gives whether nothing is left; it never throws. */
  remove(name: string): Promise<boolean>;
  /** The place in a sentence, when there is nothing to read, and what mends that. */
  missing(name: string): string;
  hint: string;
}

const settingNames = ["ENCRYPTION_KEY", "ENCRYPTION_KEY_PREVIOUS"];
const keyBytes = 32;

/** Names a key without telling it: 16 hex digits. */
export function keyId(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update("mcqueen master key\0").update(bytes).digest("hex").slice(0, 16);
}

/**
 * Reads a key that a person gave: 32 bytes as UTF-8 text, as 64 hex digits, or as base64 of either alphabet.
 * @param name the setting that it stands in
 * @throws AppError invalid_parameters, which does not show the text
 */
export function parseKey(text: string, name = "ENCRYPTION_KEY"): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === keyBytes && text.isWellFormed()) return bytes;
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
  const decoded = decode(text, "base64") ?? decode(text, "base64url");
  if (decoded) return decoded;
  throw invalidParameters(
    [`${name} is no key: a key is 32 characters, 64 hex digits, or 32 bytes in base64`],
    giveKey(name),
  );
}

const giveKey = (name: string): string => `Set ${name} to what this prints: openssl rand -base64 32`;

/**
 * Gives the key with that id from where it was put.
 * @throws AppError unavailable when it is not there or not this one; invalid_parameters for a setting that is no key
 */
export async function findKey(options: KeySourceOptions, backend: KeyBackend, id: string): Promise<MasterKey> {
  if (backend === "environment") return findGiven(options.given, id);
  const name = entryName(id);
  const shelf = shelfOf(options, backend);
  const text = await shelf.read(name);
  if (text === undefined) throw new AppError("unavailable", shelf.missing(name), { hint: shelf.hint });
  const bytes = decode(text.trim(), "base64");
  if (bytes && keyId(bytes) === id) return { id, backend, bytes };
  throw new AppError("unavailable", `What the ${backend} holds as ${name} is damaged, or another key`, {
    hint: "Put back the copy that you keep of it, then run: mcqueen vault status",
  });
}

/**
 * Makes a key and keeps it, or takes it from ENCRYPTION_KEY. It is given out only once it was read back.
 * @param backend the first that works unless told: ENCRYPTION_KEY where it is set, the keychain, a file
 * @throws AppError not_configured, invalid_parameters, unavailable
 */
export async function makeKey(options: KeySourceOptions, backend?: KeyBackend): Promise<MasterKey> {
  const chosen = backend ?? (await chooseBackend(options));
  if (chosen === "environment") return takeGiven(options.given[0]);
  const bytes = crypto.getRandomValues(new Uint8Array(keyBytes));
  const id = keyId(bytes);
  const name = entryName(id);
  const shelf = shelfOf(options, chosen);
  try {
    await shelf.write(name, Buffer.from(bytes).toString("base64"));
    return await findKey(options, chosen, id);
  } catch (error) {
    await shelf.remove(name);
    throw error;
  }
}

/**
 * Removes a key that nothing uses any more.
 * @returns true once nothing is left of it; false also for a key of the environment, which only a person can remove
 */
export async function forgetKey(options: KeySourceOptions, backend: KeyBackend, id: string): Promise<boolean> {
  return backend !== "environment" && shelfOf(options, backend).remove(entryName(id));
}

async function chooseBackend({ given, keychain }: KeySourceOptions): Promise<KeyBackend> {
  if (given[0] !== undefined) return "environment";
  return keychain && (await probeKeychain(keychain)).state === "works" ? "keychain" : "file";
}

function takeGiven(text: string | undefined): MasterKey {
  if (text === undefined) {
    throw new AppError("not_configured", "ENCRYPTION_KEY is not set", { hint: giveKey("ENCRYPTION_KEY") });
  }
  const bytes = parseKey(text);
  return { id: keyId(bytes), backend: "environment", bytes };
}

function findGiven(given: KeySourceOptions["given"], id: string): MasterKey {
  for (const [index, text] of given.entries()) {
    if (text === undefined) continue;
    const bytes = parseKey(text, settingNames[index]);
    if (keyId(bytes) === id) return { id, backend: "environment", bytes };
  }
  const isSet = given.some((text) => text !== undefined);
  const message = isSet ? "ENCRYPTION_KEY is another key than the vault's" : "ENCRYPTION_KEY is not set";
  throw new AppError("unavailable", `${message}; the vault needs the key ${id}`, {
    hint: isSet
      ? "Set ENCRYPTION_KEY_PREVIOUS to the vault's key, then run: mcqueen vault rotate"
      : "Set ENCRYPTION_KEY to the vault's key, then run: mcqueen vault status",
  });
}

function shelfOf({ keysFolder, keychain }: KeySourceOptions, backend: "keychain" | "file"): Shelf {
  return backend === "file" ? fileShelf(keysFolder) : keychainShelf(keychain);
}

function fileShelf(folder: string): Shelf {
  const pathOf = (name: string): string => join(folder, `${name}.key`);
  return {
    read: async (name) => readPrivateFile(pathOf(name)),
    async write(name, text) {
      writePrivateFile(pathOf(name), `${text}\n`);
      flushFolder(folder);
    },
    async remove(name) {
      try {
        rmSync(pathOf(name), { force: true });
        return true;
      } catch {
        return false;
      }
    },
    missing: (name) => `The key file ${pathOf(name)} is missing`,
    hint: "Put back the copy that you keep of it (backups hold no keys), then run: mcqueen vault status",
  };
}

/** After a power cut the vault must not know a key whose file has no name yet. */
function flushFolder(path: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function keychainShelf(keychain: Keychain | undefined): Shelf {
  if (!keychain) {
    throw new AppError("unavailable", "The keychain is not used here, and the vault's key should lie there", {
      hint: "Set VAULT_KEY=file, or leave out --sandbox.",
    });
  }
  const failed = (deed: string, error: unknown, hidden?: string): AppError =>
    new AppError("unavailable", `The keychain ${deed}: it is locked or absent (${reasonOf(error, hidden)})`, { hint });
  const hint = `${unlocking()}. Then run: mcqueen vault status`;
  return {
    async read(name) {
      try {
        return (await keychain.get(name)) ?? undefined;
      } catch (error) {
        throw failed(`does not give ${name}`, error);
      }
    },
    async write(name, text) {
      try {
        await keychain.set(name, text);
      } catch (error) {
        throw failed("does not take the vault's key", error, text);
      }
    },
    async remove(name) {
      try {
        return (await keychain.delete(name)) && (await keychain.get(name)) === null;
      } catch {
        return false;
      }
    },
    missing: (name) => `The keychain is locked, or does not hold ${name}`,
    hint,
  };
}

function unlocking(): string {
  const inSession = "Use the session in which the vault was made, and unlock its keychain";
  if (process.platform === "darwin") return `${inSession}: security unlock-keychain`;
  return process.platform === "linux" ? `${inSession}: secret-tool search --unlock service mcqueen` : inSession;
}

/** @throws AppError unavailable for an id that could lead to another entry or file */
function entryName(id: string): string {
  if (/^[0-9a-f]{16}$/.test(id)) return `vault-${id}`;
  throw new AppError("unavailable", "The vault names a key that cannot be", { hint: "Run: mcqueen doctor" });
}

/** Undefined for anything but 32 bytes in this very form, with or without padding. */
function decode(text: string, form: "base64" | "base64url"): Uint8Array | undefined {
  const bytes = Buffer.from(text, form);
  if (bytes.length !== keyBytes) return undefined;
  const bare = bytes.toString(form).replace(/=$/, "");
  return text === bare || text === `${bare}=` ? new Uint8Array(bytes) : undefined;
}
