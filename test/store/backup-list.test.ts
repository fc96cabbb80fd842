import { describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { listBackups, nextDaily, ownBackupPath, surplusDaily } from "../../src/store/backup-list.ts";
import { createHome } from "../support/home.ts";

const hour = 60 * 60_000;
const start = Date.parse("2026-11-25T04:00:00Z");

/** A folder in which a daily backup is made, as the daemon does it, at each moment that is given. */
function keepAt(moments: readonly number[]): { made: number[]; names: string[] } {
  using home = createHome();
  const folder = join(home.path, "backups");
  mkdirSync(folder);
  const made: number[] = [];
  for (const moment of moments) {
    const path = nextDaily(folder, new Date(moment));
    if (path === undefined) continue;
    writeFileSync(path, "x");
    made.push(moment);
    for (const { path: old } of surplusDaily(folder)) rmSync(old);
  }
  return { made, names: listBackups(folder).map(({ name }) => name) };
}

const hourly = (from: number, hours: number): number[] => Array.from({ length: hours }, (_, at) => from + at * hour);
const days = (moments: readonly number[]): number[] => moments.map((each) => (each - start) / hour / 24);

describe("a daily backup is due", () => {
  const rows: [name: string, moments: number[], dueAfterDays: number[]][] = [
    ["at once, and then once a day", hourly(start, 72), [0, 20 / 24, 1 + 20 / 24, 2 + 20 / 24]],
    ["once for all the days that the computer was off", [start, start + 240 * hour, start + 241 * hour], [0, 10]],
    ["not again when the clock steps back nine hours", [start, start - 9 * hour, start + hour], [0]],
    ["not again when it steps on nine hours and back", [start, start + 9 * hour, start + hour], [0]],
    [
      "once when it was a year ahead, and once when it is right again",
      [start, start + 365 * 24 * hour, start + 366 * 24 * hour - 23 * hour, start + hour, start + 21 * hour],
      [0, 365, 21 / 24],
    ],
  ];
  test.each(rows)("%s", (_name, moments, due) => {
    const { made } = keepAt(moments);
    expect(days(made).map((each) => each.toFixed(3))).toEqual(due.map((each) => each.toFixed(3)));
  });
});

test("seven are kept, and a month of mornings ends with the last seven", () => {
  const { names } = keepAt(Array.from({ length: 30 }, (_, at) => start + at * 24 * hour));
  expect(names).toHaveLength(7);
  expect(names[0]).toStartWith("daily-000030-");
  expect(names.at(-1)).toStartWith("daily-000024-");
});

test("whatever the clock does, no more than seven are there, and the newest is among them", () => {
  const jumps = fc.array(fc.integer({ min: -400 * 24, max: 400 * 24 }), { maxLength: 60 });
  fc.assert(
    fc.property(jumps, (hours) => {
      let at = start;
      const { made, names } = keepAt(hours.map((each) => (at += each * hour)));
      expect(names.length).toBe(Math.min(7, made.length));
      const last = made.at(-1);
      if (last === undefined) return;
      const day = new Date(last).toISOString().slice(0, 10).replaceAll("-", "");
      expect(names.some((name) => name.startsWith(`daily-${String(made.length).padStart(6, "0")}-${day}`))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("only backups are listed, newest first, and what a person made is never let go", () => {
  using home = createHome();
  const names = ["daily-000002-20261124T040000Z.db", "daily-000001-20261123T040000Z.db"];
  const own = basename(ownBackupPath("", new Date("2026-11-24T12:00:00.5Z")));
  for (const name of [...names, own, "notes.txt", "daily-000009-20261125T040000Z.db.77.new"])
    writeFileSync(join(home.path, name), "x");
  expect(listBackups(home.path).map(({ name, kind }) => [name, kind])).toEqual([
    [own, "own"],
    ["daily-000002-20261124T040000Z.db", "daily"],
    ["daily-000001-20261123T040000Z.db", "daily"],
  ]);
  expect(surplusDaily(home.path)).toEqual([]);
  expect(listBackups(join(home.path, "nowhere"))).toEqual([]);
});

test("those that a person makes within one second have names of their own, and the last one is listed first", () => {
  using home = createHome();
  const now = new Date("2026-11-24T12:00:00Z");
  const made = Array.from({ length: 11 }, () => {
    const path = ownBackupPath(home.path, now);
    writeFileSync(path, "x", { flag: "wx" });
    return path;
  });
  expect(listBackups(home.path).map(({ path }) => path)).toEqual(made.toReversed());
});
