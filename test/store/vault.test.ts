import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { SecretPlace } from "../../src/core/vault.ts";
import { filesWith } from "../support/canaries.ts";
import { createHome } from "../support/home.ts";
import { addUsers, openRaw, openVault, type RawRow, refusalOf, rowsOf } from "../support/vaults.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const keyFiles = (): string[] =>
  existsSync(join(home.path, "keys"))
    ? readdirSync(join(home.path, "keys")).filter((name) => name.startsWith("vault-"))
    : [];
const rawRows = (): RawRow[] => {
  using raw = openRaw(home.path);
  return rowsOf(raw);
};
const place: SecretPlace = { service: "mail", account: "ada" };
const key = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");

describe("a secret", () => {
  const text = fc.string({ unit: "binary", maxLength: 200 });
  const name = fc.string({ minLength: 1, maxLength: 20 });

  test("comes back as it was, whatever it is and wherever it lies", async () => {
    using vault = openVault(home.path);
    await addUsers(home.path, "mia");
    const user = fc.constantFrom({}, { userId: "mia" }, { userId: "owner" });
    await fc.assert(
      fc.asyncProperty(user, name, name, text, text, async (whose, service, account, first, second) => {
        const at: SecretPlace = { ...whose, service, account };
        await vault.write(at, first);
        expect(await vault.read(at)).toBe(first);
        await vault.write(at, second);
        expect(await vault.read(at)).toBe(second);
        expect(await vault.remove(at)).toBe(true);
        expect(await vault.read(at)).toBeUndefined();
      }),
      { numRuns: 60, examples: [[{}, "mail", "ada", "\uFEFFwith a mark", ""]] },
    );
  });

  test("is never in what is stored, and each write has a data key and nonces of its own", async () => {
    using vault = openVault(home.path);
    const secret = "one and the same secret, thirty times";
    const seen = new Set<string>();
    for (let write = 0; write < 30; write++) {
      await vault.write(place, secret);
      const [row] = rawRows();
      for (const part of [row?.wrapped, row?.sealed]) {
        const bytes = Buffer.from(part ?? "", "base64");
        expect(bytes.includes("same secret")).toBe(false);
        seen.add(bytes.subarray(0, 12).toString("hex")).add(bytes.subarray(12, 44).toString("hex"));
      }
    }
    expect(seen.size).toBe(120);
    expect(filesWith(join(home.path, "data"), [secret])).toEqual([]);
  });

  test("of one user is nobody else's, nor the installation's", async () => {
    using vault = openVault(home.path);
    await addUsers(home.path, "mia");
    await vault.write({ ...place, userId: "mia" }, "Mia's");
    expect(await vault.read(place)).toBeUndefined();
    expect(await vault.read({ ...place, userId: "owner" })).toBeUndefined();
    expect(await vault.names("mail")).toEqual([]);
  });
});

describe("a row that was tampered with is refused:", () => {
  const change = (sql: string, ...values: (string | null)[]): void => {
    using raw = openRaw(home.path);
    expect(raw.run(sql, values).changes).toBeGreaterThan(0);
  };
  const refusal = { code: "unavailable", message: expect.stringContaining("does not open") };
  const flip = (text: string, bit: number): string => {
    const bytes = Buffer.from(text, "base64");
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return bytes.toString("base64");
  };

  test("what lies in one row put into another", async () => {
    using vault = openVault(home.path);
    await vault.write(place, "Ada's");
    await vault.write({ ...place, account: "grace" }, "Grace's");
    const [ada, grace] = rawRows();
    for (const columns of [["wrapped"], ["sealed"], ["wrapped", "sealed"]] as const) {
      for (const column of columns)
        change(`UPDATE vault SET ${column} = ? WHERE id = ?`, grace?.[column] ?? "", ada?.id ?? "");
      expect(await refusalOf(vault.read(place))).toMatchObject(refusal);
      expect(await vault.read({ ...place, account: "grace" })).toBe("Grace's");
      for (const column of columns)
        change(`UPDATE vault SET ${column} = ? WHERE id = ?`, ada?.[column] ?? "", ada?.id ?? "");
    }
    expect(await vault.read(place)).toBe("Ada's");
  });

  test.each([
    ["another user", "user_id = 'owner'", { ...place, userId: "owner" }],
    ["another service", "service = 'calendar'", { ...place, service: "calendar" }],
    ["another account", "account = 'eve'", { ...place, account: "eve" }],
    ["another row id", "id = 'vlt_000000000000'", place],
    [
      "a service and account that read the same when joined",
      "service = 'mai', account = 'lada'",
      { service: "mai", account: "lada" },
    ],
    ["an unknown key", "key_id = '0123456789abcdef'", place],
    ["wrapped and sealed the other way round", "wrapped = sealed, sealed = wrapped", place],
    ["nothing", "sealed = ''", place],
    ["no data key", "wrapped = ''", place],
  ] as const)("moved to %s", async (_name, set, at) => {
    using vault = openVault(home.path);
    await vault.write(place, "Ada's");
    change(`UPDATE vault SET ${set}`);
    const { code } = await refusalOf(vault.read(at));
    expect(code).toBe("unavailable");
    const check = await vault.check();
    expect(check).toMatchObject({ readable: 0, unreadable: [{ service: at.service, account: at.account }] });
  });

  test("any bit, and any length but its own", async () => {
    using vault = openVault(home.path);
    await vault.write(place, "Ada's secret");
    const [row] = rawRows();
    const column = fc.constantFrom("wrapped", "sealed");
    await fc.assert(
      fc.asyncProperty(column, fc.nat(), fc.boolean(), async (which, at, isCut) => {
        const whole = row?.[which as "wrapped" | "sealed"] ?? "";
        const length = Buffer.from(whole, "base64").length;
        const spoilt = isCut
          ? Buffer.from(whole, "base64")
              .subarray(0, at % length)
              .toString("base64")
          : flip(whole, at % (length * 8));
        change(`UPDATE vault SET ${which} = ?`, spoilt);
        expect(await refusalOf(vault.read(place))).toMatchObject(refusal);
        change(`UPDATE vault SET ${which} = ?`, whole);
      }),
      { numRuns: 80 },
    );
    expect(await vault.read(place)).toBe("Ada's secret");
  });
});

describe("a key that is not to be had is an error, and never an absent secret:", () => {
  test("the file is gone, is another's, or others may read it", async () => {
    {
      using vault = openVault(home.path);
      await vault.write(place, "Ada's");
    }
    const [name = ""] = keyFiles();
    const path = join(home.path, "keys", name);
    expect(keyFiles()).toHaveLength(1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.path, "keys")).mode & 0o777).toBe(0o700);

    const expectRefused = async (message: string): Promise<void> => {
      using vault = openVault(home.path);
      for (const work of [vault.read(place), vault.write({ ...place, account: "new" }, "x"), vault.rotate()]) {
        expect(await refusalOf(work)).toMatchObject({ code: "unavailable", message: expect.stringContaining(message) });
      }
      expect((await vault.check()).unreadable).toMatchObject([
        { account: "ada", why: expect.stringContaining(message) },
      ]);
      expect(await vault.read({ ...place, account: "never kept" })).toBeUndefined();
      expect(rawRows()).toHaveLength(1);
    };
    chmodSync(path, 0o640);
    await expectRefused("mode 640");
    chmodSync(path, 0o600);
    cpSync(path, join(home.path, "aside"));
    await Bun.write(path, `${key()}\n`);
    await expectRefused("another key");
    rmSync(path);
    await expectRefused("is missing");
    expect(keyFiles()).toEqual([]);
    cpSync(join(home.path, "aside"), path);
    using vault = openVault(home.path);
    expect(await vault.read(place)).toBe("Ada's");
  });

  test("a copy of the data folder alone opens nothing", async () => {
    using other = createHome();
    {
      using vault = openVault(home.path);
      await vault.write(place, "Ada's");
    }
    cpSync(join(home.path, "data"), join(other.path, "data"), { recursive: true });
    using copy = openVault(other.path);
    expect(await refusalOf(copy.read(place))).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("is missing"),
    });
    expect(await copy.check()).toMatchObject({ readable: 0 });
  });

  test("ENCRYPTION_KEY is another, or left out", async () => {
    const [mine, another] = [key(), key()];
    {
      using vault = openVault(home.path, { VAULT_KEY: "auto", ENCRYPTION_KEY: mine });
      await vault.write(place, "Ada's");
    }
    expect(keyFiles()).toEqual([]);
    for (const [env, said] of [
      [{ ENCRYPTION_KEY: another }, "another key than the vault's"],
      [{ ENCRYPTION_KEY_PREVIOUS: another }, "another key than the vault's"],
      [{}, "ENCRYPTION_KEY is not set"],
    ] as const) {
      using vault = openVault(home.path, { VAULT_KEY: "auto", ...env });
      expect(await refusalOf(vault.read(place))).toMatchObject({
        code: "unavailable",
        message: expect.stringContaining(said),
      });
      expect(await refusalOf(vault.write(place, "x"))).toMatchObject({ code: "unavailable" });
    }
    using vault = openVault(home.path, { VAULT_KEY: "auto", ENCRYPTION_KEY: mine });
    expect(await vault.read(place)).toBe("Ada's");
  });

  test("a previous key alone is none to begin with", async () => {
    using vault = openVault(home.path, { VAULT_KEY: "environment", ENCRYPTION_KEY_PREVIOUS: key() });
    expect(await refusalOf(vault.write(place, "x"))).toMatchObject({ code: "not_configured" });
  });
});
