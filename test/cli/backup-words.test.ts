import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);
let home: ReturnType<typeof createHome>;
const at = (...words: string[]): Promise<Ran> => run(words, { home: home.path, cwd: home.path });
beforeEach(async () => {
  home = createHome();
  await at("users", "list");
});
afterEach(() => home[Symbol.dispose]());

test("a verb with a slip in it is not taken for a file", async () => {
  const slip = await at("backup", "lst");
  expect([slip.exit, slip.err]).toEqual([2, expect.stringContaining("mcqueen backup ./lst")]);
  expect(existsSync(join(home.path, "lst"))).toBe(false);
  expect((await at("backup", "./lst")).exit).toBe(0);
  expect(existsSync(join(home.path, "lst"))).toBe(true);
});

test("the daily backup has its place, and takes no other", async () => {
  expect((await at("backup", "--daily", join(home.path, "day.db"))).exit).toBe(2);
  expect(existsSync(join(home.path, "day.db"))).toBe(false);
});

test("the file of settings is missed only where there is one", async () => {
  expect((await at("backup")).err).not.toContain("config.toml");
  await at("settings", "set", "PORT", "3002");
  expect((await at("backup")).err).toContain("config.toml, your settings");
});

test("a folder is no backup", async () => {
  const refused = await at("restore", join(home.path, "data"), "--yes");
  expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining(`${join(home.path, "data")} is a folder`)]);
});
