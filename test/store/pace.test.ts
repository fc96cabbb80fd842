import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createPaceStore } from "../../src/store/pace.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
let db: Database;
beforeEach(() => {
  home = createHome();
  db = openDatabase(join(home.path, "mcqueen.db"));
});
afterEach(() => {
  db.close();
  home[Symbol.dispose]();
});

const start = Date.parse("2026-03-10T12:00:00Z");

test("turns follow each other, by key", async () => {
  const pace = createPaceStore(db.durable, () => new Date(start));
  const waits: number[] = [];
  for (const key of ["a", "a", "b", "a"]) waits.push((await pace.take(key, 1_000, 10_000)).waitMs);
  expect(waits).toEqual([0, 1_000, 0, 2_000]);
});

test("a turn after the deadline is not taken, so that others keep theirs", async () => {
  const pace = createPaceStore(db.durable, () => new Date(start));
  await pace.take("a", 1_000, 0);
  expect(await pace.take("a", 1_000, 500)).toEqual({ waitMs: 1_000, taken: false });
  expect(await pace.take("a", 1_000, 1_000)).toEqual({ waitMs: 1_000, taken: true });
});

test("a clock that is set back makes nobody wait for hours", async () => {
  let now = start;
  const pace = createPaceStore(db.durable, () => new Date(now));
  await pace.take("a", 1_000, 0);
  now -= 9 * 3_600_000;
  expect((await pace.take("a", 1_000, 10_000)).waitMs).toBe(1_000);
  now += 500;
  expect((await pace.take("a", 1_000, 10_000)).waitMs).toBe(1_500);
});

test("six processes at once share one row of turns", async () => {
  const [turns, everyMs] = [8, 40];
  const words = [process.execPath, join(import.meta.dir, "../support/pacer.ts"), join(home.path, "mcqueen.db")];
  const children = Array.from({ length: 6 }, () =>
    Bun.spawn([...words, String(turns), String(everyMs)], { stdout: "pipe", stderr: "inherit" }),
  );
  const lines = (await Promise.all(children.map(({ stdout }) => stdout.text()))).join("").trim().split("\n");
  const given = lines.map((line) => JSON.parse(line) as Record<"asked" | "waitMs" | "answered", number>);
  expect(given).toHaveLength(6 * turns);
  const row = db.durable.get<{ next_at: number }>("SELECT next_at FROM pace WHERE key = 'key'");
  // Each turn lies between the time of asking and that of the answer, plus its wait; the row says where the last one ends.
  const earliest = Math.min(...given.map(({ asked, waitMs }) => asked + waitMs));
  expect((row?.next_at ?? 0) - earliest).toBeGreaterThanOrEqual(6 * turns * everyMs);
  const latest = given.map(({ answered, waitMs }) => answered + waitMs).sort((a, b) => a - b);
  const soonest = given.map(({ asked, waitMs }) => asked + waitMs).sort((a, b) => a - b);
  for (let at = 1; at < latest.length; at++) {
    expect((latest[at] ?? 0) - (soonest[0] ?? 0)).toBeGreaterThanOrEqual(at * everyMs);
  }
}, 20_000);
