import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import type { ProviderEvent } from "../../src/core/provider-health.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createProviderHealthStore } from "../../src/store/provider-health.ts";
import { createHome } from "../support/home.ts";

const now = new Date("2026-03-10T12:00:00Z");
const broken: ProviderEvent = { kind: "failure", at: now, code: "timeout", reason: "slow s3cret", theirs: true };
const conceal = (reason: string): string => reason.replace("s3cret", "[redacted]");

let home: ReturnType<typeof createHome>;
let opened: Database[];
beforeEach(() => {
  home = createHome();
  opened = [];
});
afterEach(() => {
  for (const db of opened) db.close();
  home[Symbol.dispose]();
});

/** As another process would: its own connections to the same file. */
function open() {
  const db = openDatabase(join(home.path, "mcqueen.db"));
  opened.push(db);
  const close = (): void => {
    db.close();
    opened.splice(opened.indexOf(db), 1);
  };
  return { health: createProviderHealthStore(db, conceal), close };
}

test("what was noted is known at once here, and elsewhere once it is written", async () => {
  const [here, there] = [open(), open()];
  here.health.note("P", broken);
  expect((await here.health.all()).get("P")).toMatchObject({ failures: 1, lastFailure: { reason: "slow [redacted]" } });
  expect((await there.health.all()).size).toBe(0);
  here.close();
  expect((await there.health.all()).get("P")).toEqual({
    failures: 1,
    lastFailure: { at: now, code: "timeout", reason: "slow [redacted]" },
  });
});

test("failures in a row are counted over processes, none twice and none lost", async () => {
  const [one, two] = [open(), open()];
  for (let count = 0; count < 3; count++) one.health.note("P", broken);
  for (let count = 0; count < 2; count++) two.health.note("P", broken);
  expect((await one.health.admit("P", now)).state).toBe("closed");
  one.close();
  expect(await two.health.admit("P", now)).toMatchObject({ state: "open", health: { failures: 5 } });
  two.close();
  const three = open();
  expect((await three.health.admit("P", now)).state).toBe("open");
  three.health.note("P", { kind: "success", at: now });
  expect((await three.health.admit("P", now)).state).toBe("closed");
});

test("of many at once, one is let through to try", async () => {
  const { health } = open();
  for (let count = 0; count < 5; count++) health.note("P", broken);
  const later = new Date(now.getTime() + 30_000);
  const admitted = await Promise.all(Array.from({ length: 10 }, () => health.admit("P", later)));
  expect(admitted.map(({ state }) => state).sort()).toEqual(["half_open", ...Array(9).fill("open")]);
});
