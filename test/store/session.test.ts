import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Session, sessionLifeMs } from "../../src/core/session.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createSessionStore } from "../../src/store/session.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

const hour = 60 * 60_000;
const start = Date.parse("2026-11-25T12:00:00Z");
const at = (hours: number): Date => new Date(start + hours * hour);
let home: ReturnType<typeof createHome>;
let database: Database;
beforeEach(() => {
  home = createHome();
  database = openDatabase(join(home.path, "data", "mcqueen.db"));
  ensureOwner(database.durable, "owner", at(0));
});
afterEach(() => {
  database.close();
  home[Symbol.dispose]();
});

const session: Session = {
  id: "ses_1",
  userId: "owner",
  clientType: "web",
  lineage: [],
  createdAt: at(0),
  expiresAt: new Date(start + sessionLifeMs),
  lastActivity: at(0),
};

const rows: [name: string, hours: number, found: boolean][] = [
  ["at once", 0, true],
  ["a moment before its end", 7.99, true],
  ["at its end", 8, false],
  ["when the clock stepped on nine hours", 9, false],
  ["when a clock was put right by half an hour", -0.5, true],
  ["when the clock stepped back nine hours", -9, false],
  ["when the clock stepped back a year", -365 * 24, false],
];
test.each(rows)("a session %s", async (_name, hours, found) => {
  const sessions = createSessionStore(database);
  await sessions.open(session, "hash");
  expect((await sessions.find("hash", at(hours))) !== undefined).toBe(found);
  expect(await sessions.endByHash("hash")).toMatchObject({ id: "ses_1" });
});

test("a burned login token stays burned when the clock ran ahead, and is forgotten in the end", async () => {
  const sessions = createSessionStore(database);
  expect(await sessions.burn("key", at(1))).toBe(true);
  await sessions.sweep(at(9));
  expect(await sessions.burn("key", at(1))).toBe(false);
  await sessions.sweep(at(29 * 24));
  expect(await sessions.burn("key", at(1))).toBe(false);
  await sessions.sweep(at(31 * 24 + 2));
  expect(database.durable.all("SELECT key FROM used_logins")).toEqual([]);
});
