import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createQuotaStore } from "../../src/store/quota.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

const hour = 60 * 60 * 1000;
const noon = Date.parse("2026-11-25T12:00:00Z");
const limit = 3;
let home: ReturnType<typeof createHome>;
let database: Database;
beforeEach(() => {
  home = createHome();
  database = openDatabase(join(home.path, "mcqueen.db"));
  ensureOwner(database.durable, "owner", new Date(noon));
});
afterEach(() => {
  database.close();
  home[Symbol.dispose]();
});

const jumps: [jump: string, aheadMs: number, backMs: number, isFree: boolean][] = [
  ["does not move", 0, 0, false],
  ["was a minute ahead", 60_000, 0, false],
  ["was a minute behind", -60_000, 0, false],
  ["was a year ahead", 365 * 24 * hour, 0, true],
  ["was a year behind", -365 * 24 * hour, 0, true],
  ["was a day ahead, and has its hour again", 24 * hour, 23 * hour + 1, false],
];
test.each(jumps)("a used quota and a clock that %s", async (_jump, aheadMs, backMs, isFree) => {
  const store = createQuotaStore(database.durable);
  const take = (at: number) => store.take("owner", "echo", limit, hour, at);
  for (let call = 0; call < limit; call++) expect((await take(noon + aheadMs + call)).taken).toBe(true);
  expect((await take(noon + aheadMs + limit)).taken).toBe(false);
  const now = noon + backMs + limit;
  expect((await store.read("owner", "echo", hour, now)).calls).toBe(isFree ? 0 : limit);
  expect((await take(now)).taken).toBe(isFree);
});
