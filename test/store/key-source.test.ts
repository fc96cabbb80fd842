import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { KeyBackend } from "../../src/core/vault.ts";
import { findKey, forgetKey, type KeySourceOptions, keyId, makeKey, parseKey } from "../../src/store/key-source.ts";
import { type Keychain, probeKeychain } from "../../src/store/keychain.ts";
import {
  badKeyTexts,
  base64,
  createAccount,
  createKeychain,
  fail,
  failureOf,
  keychainFaults,
  keyTexts,
  never,
  noKeyring,
  randomBytes,
  shown,
  startKeyring,
} from "../support/keyring.ts";

let folder: string;
let keysFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-key-source-"));
  keysFolder = join(folder, "keys");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nothing = { given: [], keychain: undefined };
const optionsOf = (more: Partial<KeySourceOptions> = {}): KeySourceOptions => ({ ...nothing, keysFolder, ...more });
const pathOf = (id: string): string => join(keysFolder, `vault-${id}.key`);

describe("parseKey", () => {
  test("reads 32 bytes in each form", () => {
    fc.assert(fc.property(keyTexts, ([bytes, text]) => expect(parseKey(text)).toEqual(bytes)));
  });

  test("reads a text of 32 bytes as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (start) => {
        let text = start;
        while (Buffer.byteLength(text) > 32) text = [...text].slice(0, -1).join("");
        text = text.padEnd(text.length + 32 - Buffer.byteLength(text), "x");
        expect(Buffer.from(parseKey(text)).toString()).toBe(text);
      }),
    );
  });

  test("refuses everything else and never shows it", async () => {
    const isRefused = fc.asyncProperty(badKeyTexts, async (text) => {
      const error = await failureOf((async () => parseKey(text))());
      expect(error).toMatchObject({ code: "invalid_parameters", message: expect.stringContaining("ENCRYPTION_KEY ") });
      expect(error.hint).toContain("openssl rand -base64 32");
      expect(shown(error)).not.toContain(text);
    });
    await fc.assert(isRefused);
  });

  const ending = base64(new Uint8Array(32));
  test.each([
    ["nothing", ""],
    ["63 hex digits", "0".repeat(63)],
    ["base64 whose last digit has bits to spare", ending.replace("A=", "B=")],
    ["both alphabets at once", `-/${ending.slice(2)}`],
    ["half a character", `\ud800${"x".repeat(29)}`],
    ["32 characters of two bytes", "é".repeat(32)],
  ])("refuses %s", (_, text) => {
    expect(() => parseKey(text)).toThrow("ENCRYPTION_KEY is no key");
  });
});

test("the id of a key is the beginning of a digest of it", () => {
  expect(keyId(new Uint8Array(32))).toBe("e8ad92369475b597");
});

describe("the environment", () => {
  const [now, before, other] = [randomBytes(), randomBytes(), randomBytes()];

  test("gives ENCRYPTION_KEY first, and finds both", async () => {
    const options = optionsOf({ given: [base64(now), base64(before)], keychain: createKeychain().keychain });
    const made = await makeKey(options);
    expect(made).toEqual({ id: keyId(now), backend: "environment", bytes: now });
    expect(await findKey(options, "environment", made.id)).toEqual(made);
    expect((await findKey(options, "environment", keyId(before))).bytes).toEqual(before);
    expect(await forgetKey(options, "environment", made.id)).toBe(false);
  });

  test("does not seal anything with ENCRYPTION_KEY_PREVIOUS", async () => {
    const options = optionsOf({ given: [undefined, base64(before)] });
    expect((await makeKey(options)).backend).toBe("file");
    expect((await failureOf(makeKey(options, "environment"))).code).toBe("not_configured");
  });

  const wanted = keyId(other);
  test.each([
    ["is not set", [], "unavailable", "ENCRYPTION_KEY is not set"],
    ["is another one", [base64(now), base64(before)], "unavailable", "ENCRYPTION_KEY is another key"],
    ["is no key", [`${base64(now)}!`], "invalid_parameters", "ENCRYPTION_KEY is no key"],
    ["before is no key", [base64(now), "a word or two"], "invalid_parameters", "ENCRYPTION_KEY_PREVIOUS is no key"],
  ] as const)("a key that %s is an error", async (_, given, code, message) => {
    const error = await failureOf(findKey(optionsOf({ given }), "environment", wanted));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(error.hint).toMatch(/mcqueen vault|openssl rand/);
    for (const text of given) expect(shown(error)).not.toContain(text);
  });
});

describe("a file", () => {
  test("keeps a key for its owner alone, until it is forgotten", async () => {
    const made = await makeKey(optionsOf());
    expect(made.backend).toBe("file");
    expect(made.id).toBe(keyId(made.bytes));
    expect(readdirSync(keysFolder)).toEqual([`vault-${made.id}.key`]);
    expect(readFileSync(pathOf(made.id), "utf8")).toBe(`${base64(made.bytes)}\n`);
    expect(statSync(pathOf(made.id)).mode & 0o777).toBe(0o600);
    expect(statSync(keysFolder).mode & 0o777).toBe(0o700);
    expect(await findKey(optionsOf(), "file", made.id)).toEqual(made);
    expect((await makeKey(optionsOf())).id).not.toBe(made.id);
    expect(await forgetKey(optionsOf(), "file", made.id)).toBe(true);
    expect((await failureOf(findKey(optionsOf(), "file", made.id))).message).toContain("is missing");
  });

  const damages: [what: string, damage: (path: string) => void, message: string, hint: string][] = [
    ["missing", (path) => rmSync(path), "is missing", "mcqueen vault status"],
    ["open to others", (path) => chmodSync(path, 0o644), "Others may read", "chmod 600"],
    ["truncated", (path) => writeFileSync(path, readFileSync(path, "utf8").slice(0, 32)), "damaged", "vault status"],
    ["empty", (path) => writeFileSync(path, ""), "damaged", "vault status"],
    ["another key", (path) => writeFileSync(path, base64(randomBytes())), "another key", "vault status"],
  ];
  test.each(damages)("that is %s is an error", async (_, damage, message, hint) => {
    const made = await makeKey(optionsOf());
    damage(pathOf(made.id));
    const error = await failureOf(findKey(optionsOf(), "file", made.id));
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(message) });
    expect(error.hint).toContain(hint);
    expect(shown(error)).not.toContain(base64(made.bytes));
  });

  test("is not written where others may look", async () => {
    mkdirSync(keysFolder);
    chmodSync(keysFolder, 0o755);
    expect((await failureOf(makeKey(optionsOf(), "file"))).code).toBe("unavailable");
    expect(readdirSync(keysFolder)).toEqual([]);
  });

  test("that stays is not called gone", async () => {
    const { id } = await makeKey(optionsOf());
    rmSync(pathOf(id));
    mkdirSync(join(pathOf(id), "within"), { recursive: true });
    expect(await forgetKey(optionsOf(), "file", id)).toBe(false);
  });

  test.each<KeyBackend>(["file", "keychain"])(
    "an id that leads elsewhere opens and removes nothing (%s)",
    async (backend) => {
      const options = optionsOf({ keychain: createKeychain().keychain });
      writeFileSync(join(folder, "x.key"), base64(randomBytes()), { mode: 0o600 });
      for (const id of ["/../../x", "", "0123456789ABCDEF", "0123456789abcdef0"]) {
        expect((await failureOf(findKey(options, backend, id))).message).toContain("cannot be");
        expect((await failureOf(forgetKey(options, backend, id))).message).toContain("cannot be");
      }
      expect(readdirSync(folder)).toEqual(["x.key"]);
    },
  );
});

describe("a keychain", () => {
  test("keeps a key until it is forgotten, and nothing of the probe", async () => {
    const { keychain, entries } = createKeychain();
    const options = optionsOf({ keychain });
    const made = await makeKey(options);
    expect(made.backend).toBe("keychain");
    expect([...entries]).toEqual([[`vault-${made.id}`, base64(made.bytes)]]);
    expect(await findKey(options, "keychain", made.id)).toEqual(made);
    expect((await probeKeychain(keychain)).state).toBe("works");
    expect(await forgetKey(options, "keychain", made.id)).toBe(true);
    expect(entries.size).toBe(0);
    const error = await failureOf(findKey(options, "keychain", made.id));
    expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("locked, or does not hold") });
  });

  test("that is not to be used is an error where the key should lie there", async () => {
    for (const work of [makeKey(optionsOf(), "keychain"), findKey(optionsOf(), "keychain", "0123456789abcdef")]) {
      expect((await failureOf(work)).code).toBe("unavailable");
    }
  });

  describe.each(keychainFaults)("that %s", (_, fault, state, message) => {
    test("is an error, and keeps nothing", async () => {
      const { keychain, entries, seen } = createKeychain(fault);
      const error = await failureOf(makeKey(optionsOf({ keychain }), "keychain"));
      expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining(message) });
      expect(seen).toHaveLength(1);
      expect(shown(error)).not.toContain(seen[0] ?? "");
      expect(entries.size).toBe(0);
    });

    test("is passed over for a file", async () => {
      const { keychain, entries } = createKeychain(fault);
      const probe = await probeKeychain(keychain);
      expect(probe.state as string).toBe(state);
      const made = await makeKey(optionsOf({ keychain }));
      expect(made.backend).toBe("file");
      expect(entries.size).toBe(0);
    });
  });

  test("that removes nothing does not work, and its key is not called gone", async () => {
    for (const fault of [async () => false, async () => true, never, () => fail("no bus")]) {
      const { keychain } = createKeychain({ delete: fault });
      const { id } = await makeKey(optionsOf({ keychain }), "keychain");
      expect(await forgetKey(optionsOf({ keychain }), "keychain", id)).toBe(false);
    }
    expect((await probeKeychain(createKeychain({ delete: async () => false }).keychain)).state).toBe("absent");
  });

  const codes = ["USER_CANCELED", "INTERACTION_NOT_ALLOWED", "INTERACTION_REQUIRED", "AUTH_FAILED", "ACCESS_DENIED"];
  test.each(codes)("that fails with %s is called locked", async (code) => {
    const set = () => Promise.reject(Object.assign(new Error("No"), { code: `ERR_SECRETS_${code}` }));
    expect((await probeKeychain(createKeychain({ set }).keychain)).state).toBe("locked");
  });

  test("that is unlocked too late keeps nothing", async () => {
    const { promise: unlocked, resolve: unlock } = Promise.withResolvers<void>();
    const { promise: removed, resolve: remove } = Promise.withResolvers<void>();
    const entries = new Map<string, string>();
    const slow: Partial<Keychain> = {
      set: (name, value) => unlocked.then(() => void entries.set(name, value)),
      delete: async (name) => {
        const isKnown = entries.delete(name);
        if (isKnown) remove();
        return isKnown;
      },
    };
    const options = optionsOf({ keychain: createKeychain(slow, entries).keychain });
    expect((await failureOf(makeKey(options, "keychain"))).message).toContain("no answer");
    unlock();
    await removed;
    expect(entries.size).toBe(0);
  });
});

const skipped = noKeyring === undefined ? "" : ` (SKIPPED: ${noKeyring})`;
describe.skipIf(noKeyring !== undefined)(`the keyring of a desktop${skipped}`, () => {
  test("gives its key to the next process, never takes a locked one for an empty one, and forgets it", async () => {
    using account = createAccount();
    let id = "";
    {
      await using session = await startKeyring(account, "unlocked");
      expect((await session.ask("probe")).state).toBe("works");
      const { key } = await session.ask("make");
      expect(key?.backend).toBe("keychain");
      id = key?.id ?? "";
      expect((await session.ask("find", "keychain", id)).key).toEqual({ id, backend: "keychain" });
    }
    {
      await using session = await startKeyring(account, "locked");
      expect((await session.ask("probe")).state).toBe("locked");
      const { error } = await session.ask("find", "keychain", id);
      expect(error).toMatchObject({ code: "unavailable", message: expect.stringContaining("is locked, or") });
      expect(error?.hint).toContain("mcqueen vault status");
      expect((await session.ask("make", "keychain")).error?.message).toContain("locked");
      expect((await session.ask("forget", "keychain", id)).gone).toBe(false);
      expect((await session.ask("make")).key?.backend).toBe("file");
    }
    {
      await using session = await startKeyring(account, "unlocked");
      expect((await session.ask("find", "keychain", id)).key?.id).toBe(id);
      expect((await session.ask("forget", "keychain", id)).gone).toBe(true);
      expect((await session.ask("find", "keychain", id)).error?.code).toBe("unavailable");
    }
  });

  test("that asks for a password which nobody gives is passed over", async () => {
    using account = createAccount();
    {
      await using session = await startKeyring(account, "unlocked");
      expect((await session.ask("probe")).state).toBe("works");
    }
    await using session = await startKeyring(account, "unanswered");
    const { key } = await session.ask("make");
    expect(key?.backend).toBe("file");
  }, 20_000);
});

const isLinux = process.platform === "linux";
test.skipIf(!isLinux)(`without a session there is a file${isLinux ? "" : " (SKIPPED: not on Linux)"}`, async () => {
  using account = createAccount();
  expect((await account.ask("probe")).state).toBe("absent");
  const { key } = await account.ask("make");
  expect(key?.backend).toBe("file");
  expect((await account.ask("find", "file", key?.id ?? "")).key).toEqual(key);
  expect((await account.ask("make", "keychain")).error?.code).toBe("unavailable");
});
