import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import type { Rotation, Vault, VaultKeyState } from "../../src/core/vault.ts";
import { createHome } from "../support/home.ts";
import { type Stop, stops } from "../support/vault-worker.ts";
import { openRaw, openVault, openWatchedVault, refusalOf } from "../support/vaults.ts";

setDefaultTimeout(60_000);
const worker = join(import.meta.dir, "../support/vault-worker.ts");
let home: ReturnType<typeof createHome>;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const spawn = (...args: string[]) =>
  Bun.spawn([process.execPath, worker, ...args], { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
const said = async <T>(child: ReturnType<typeof spawn>): Promise<T> => JSON.parse(await child.stdout.text()) as T;
const keyFiles = (path = home.path): string[] =>
  existsSync(join(path, "keys")) ? readdirSync(join(path, "keys")).filter((name) => name.startsWith("vault-")) : [];
const key = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
const many = 220;

async function fill(path: string, count = many): Promise<void> {
  using vault = openVault(path);
  for (let number = 0; number < count; number++) {
    await vault.write({ service: "many", account: String(number) }, `secret ${number}`);
  }
}

async function expectAll(path: string, count = many): Promise<void> {
  using vault = openVault(path);
  for (let number = 0; number < count; number++) {
    expect(await vault.read({ service: "many", account: String(number) })).toBe(`secret ${number}`);
  }
}

describe("processes that write the first secret at once agree on one key", () => {
  test.each([
    ["in a file", undefined],
    ["of the environment", key()],
  ])("%s", async (_place, given) => {
    const names = ["0", "1", "2", "3", "4", "5"];
    const children = names.map((name) => spawn(home.path, "first", name, ...(given ? [given] : [])));
    const keys = await Promise.all(children.map((child) => said<VaultKeyState[]>(child)));
    expect(new Set(keys.flat().map(({ id }) => id)).size).toBe(1);
    expect(keyFiles()).toHaveLength(given ? 0 : 1);
    using vault = openVault(home.path, given ? { VAULT_KEY: "auto", ENCRYPTION_KEY: given } : {});
    for (const name of names) expect(await vault.read({ service: "first", account: name })).toBe(`secret of ${name}`);
  });
});

test("while three rotations run, nobody reads an old secret or none", async () => {
  const workers = 3;
  const places = 60;
  {
    using vault = openVault(home.path);
    for (let me = 0; me < workers; me++) {
      for (let place = 0; place < places; place++)
        await vault.write({ service: "load", account: `${me} ${place}` }, "0");
    }
  }
  await fill(home.path);
  const first = keyFiles();
  const children = [0, 1, 2].map((me) => spawn(home.path, "work", String(me), String(workers), String(places)));
  const rotations: Rotation[] = [];
  for (let round = 0; round < 3; round++) rotations.push(await said<Rotation>(spawn(home.path, "rotate")));
  writeFileSync(join(home.path, "stop"), "");
  const reports = await Promise.all(
    children.map((child) => said<{ reads: number; writes: number; problems: string[] }>(child)),
  );

  expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
  for (const { reads, writes } of reports) expect(Math.min(reads, writes)).toBeGreaterThan(0);
  expect(rotations).toMatchObject([{ left: 0 }, { left: 0 }, { left: 0 }]);
  expect(new Set(rotations.map((rotation) => rotation.key.id)).size).toBe(3);
  using vault = openVault(home.path);
  expect(await vault.keys()).toMatchObject([{ current: true, secrets: workers * places + many }]);
  expect(keyFiles()).toEqual([`vault-${rotations[2]?.key.id}.key`]);
  expect(keyFiles()).not.toEqual(first);
  await expectAll(home.path);
});

test.each(["write", "read"] as const)("a %s that meets the end of a rotation takes the new key", async (deed) => {
  await fill(home.path, 3);
  const at = { service: "many", account: "1" };
  let looks = 0;
  using slow = openWatchedVault(home.path, {
    keys: (keys) => ({
      ...keys,
      async find(backend, id) {
        if (++looks === 1) {
          using other = openVault(home.path);
          await other.rotate();
        }
        return keys.find(backend, id);
      },
    }),
  });
  if (deed === "write") await slow.write(at, "secret 1");
  expect(await slow.read(at)).toBe("secret 1");
  expect(looks).toBe(2);
  await expectAll(home.path, 3);
});

test("of two rotations at once, one may be told to look again, and nothing is lost", async () => {
  await fill(home.path);
  const both = [spawn(home.path, "rotate"), spawn(home.path, "rotate")];
  const ends = await Promise.all(both.map((child) => said<{ failed?: string }>(child)));
  expect(ends.filter(({ failed }) => failed === undefined).length).toBeGreaterThan(0);
  await expectAll(home.path);
  using vault = openVault(home.path);
  expect(await vault.rotate()).toMatchObject({ left: 0 });
  expect(await vault.keys()).toHaveLength(1);
  await expectAll(home.path);
});

describe("a rotation that is killed leaves everything open, and the next one finishes:", () => {
  let full: ReturnType<typeof createHome>;
  beforeEach(async () => {
    full = createHome();
    await fill(full.path);
  });
  afterEach(() => full[Symbol.dispose]());

  test("at each of its steps", async () => {
    const killAt = async (stop: Stop): Promise<void> => {
      const path = join(home.path, stop.replaceAll(" ", "-"));
      mkdirSync(path, { mode: 0o700 });
      for (const name of ["data", "keys"]) cpSync(join(full.path, name), join(path, name), { recursive: true });
      const child = spawn(path, "rotate-until", stop);
      const { value } = await child.stdout.getReader().read();
      expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ at: stop });
      child.kill("SIGKILL");
      await child.exited;
      await expectAll(path);
      using vault = openVault(path);
      const { key: current, left } = await vault.rotate();
      expect(left).toBe(0);
      expect(await vault.keys()).toMatchObject([{ id: current.id, current: true, secrets: many }]);
      // A key that no table ever named opens nothing, and may stay.
      if (stop !== "made") expect(keyFiles(path)).toEqual([`vault-${current.id}.key`]);
      await expectAll(path);
    };
    await Promise.all(stops.map(killAt));
  });
});

test("a damaged row stays behind, is told, and stops nothing else", async () => {
  await fill(home.path, 130);
  {
    using raw = openRaw(home.path);
    raw.run("UPDATE vault SET wrapped = sealed WHERE account = '77'");
  }
  using vault = openVault(home.path);
  const before = (await vault.keys())[0]?.id ?? "";
  const { key: made, rewrapped, left, forgotten } = await vault.rotate();
  expect({ rewrapped, left, forgotten }).toEqual({ rewrapped: 129, left: 1, forgotten: [] });
  expect(await vault.keys()).toMatchObject([
    { id: before, current: false, secrets: 1 },
    { id: made.id, current: true, secrets: 129 },
  ]);
  expect(await refusalOf(vault.read({ service: "many", account: "77" }))).toMatchObject({ code: "unavailable" });
  expect(await vault.check()).toMatchObject({ readable: 129, unreadable: [{ account: "77" }] });
  await vault.write({ service: "many", account: "77" }, "new");
  expect(await vault.rotate()).toMatchObject({ left: 0 });
  expect(keyFiles()).toHaveLength(1);
});

describe("a reset", () => {
  test("forgets what does not open, and nothing else", async () => {
    await fill(home.path, 4);
    {
      using raw = openRaw(home.path);
      raw.run("UPDATE vault SET wrapped = sealed WHERE account = '2'");
    }
    using vault = openVault(home.path);
    expect(await vault.reset()).toMatchObject({ forgotten: 1, key: { secrets: 3 } });
    expect(await vault.read({ service: "many", account: "2" })).toBeUndefined();
    expect(await vault.check()).toEqual({ readable: 3, unreadable: [] });
  });

  test("begins anew where the key is lost", async () => {
    await fill(home.path, 4);
    const [lost = ""] = keyFiles();
    rmSync(join(home.path, "keys", lost));
    using vault = openVault(home.path);
    expect(await vault.isOpen()).toBe(false);
    expect(await vault.reset()).toMatchObject({ forgotten: 4, key: { current: true, secrets: 0 } });
    expect(await vault.keys()).toHaveLength(1);
    expect(keyFiles()).not.toContain(lost);
    await vault.write({ service: "many", account: "1" }, "new");
    expect(await vault.isOpen()).toBe(true);
    expect(await vault.read({ service: "many", account: "1" })).toBe("new");
  });

  test.each([
    ["rotates", (vault: Vault): Promise<unknown> => vault.rotate()],
    ["writes", (vault: Vault): Promise<unknown> => vault.write({ service: "many", account: "0" }, "secret 0")],
  ])("keeps a secret that opens again because another %s meanwhile", async (_deed, meanwhile) => {
    await fill(home.path, 3);
    let looks = 0;
    using slow = openWatchedVault(home.path, {
      keys: (keys) => ({
        ...keys,
        async find(backend, id) {
          if (++looks > 1) return keys.find(backend, id);
          using other = openVault(home.path);
          await meanwhile(other);
          throw new AppError("unavailable", "The key is gone");
        },
      }),
    });
    expect(await slow.reset()).toMatchObject({ forgotten: 0, key: { secrets: 3 } });
    await expectAll(home.path, 3);
  });
});

test("to the environment, to another key there, and back to a file", async () => {
  await fill(home.path, 5);
  const [first, second] = [key(), key()];
  const [file] = keyFiles();
  {
    using vault = openVault(home.path);
    expect(await refusalOf(vault.rotate("environment"))).toMatchObject({ code: "not_configured" });
  }
  {
    using vault = openVault(home.path, { ENCRYPTION_KEY: first });
    expect(await vault.rotate("environment")).toMatchObject({ rewrapped: 5, key: { backend: "environment" } });
    expect(keyFiles()).toEqual([]);
    expect(await refusalOf(vault.rotate())).toMatchObject({ code: "invalid_parameters" });
  }
  {
    using vault = openVault(home.path, { ENCRYPTION_KEY: second });
    expect(await refusalOf(vault.rotate())).toMatchObject({ code: "unavailable" });
  }
  {
    using vault = openVault(home.path, { ENCRYPTION_KEY: second, ENCRYPTION_KEY_PREVIOUS: first });
    expect(await vault.rotate()).toMatchObject({ rewrapped: 5, left: 0 });
  }
  {
    using vault = openVault(home.path, { ENCRYPTION_KEY: second });
    expect(await vault.keys()).toMatchObject([{ backend: "environment", secrets: 5 }]);
    expect(await vault.rotate("file")).toMatchObject({ rewrapped: 5, left: 0 });
  }
  await expectAll(home.path, 5);
  expect(keyFiles()).toHaveLength(1);
  expect(keyFiles()).not.toEqual([file]);
  rmSync(join(home.path, "keys", keyFiles()[0] ?? ""));
  using vault = openVault(home.path);
  expect(await vault.check()).toMatchObject({ readable: 0 });
});
