import { Database as Sqlite } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { migrations } from "../../src/store/migrations.ts";
import { createUsageStore } from "../../src/store/usage.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const path = (): string => join(home.path, "mcqueen.db");

async function summary(since: Date) {
  const database = openDatabase(path());
  const found = await createUsageStore(database).summary("owner", since);
  database.close();
  return found;
}

const hourMs = 3_600_000;
const [first, last] = [Date.parse("2025-11-28T00:00:00Z"), Date.parse("2026-03-02T23:59:59Z")];
const moment = fc.integer({ min: first, max: last }).map((ms) => new Date(ms));
const call = fc.record({
  userId: fc.constantFrom("owner", "nobody"),
  toolId: fc.constantFrom("a", "b"),
  action: fc.constantFrom("get", "set"),
  provider: fc.constantFrom("", "P"),
  code: fc.constantFrom("ok" as const, "timeout" as const),
  durationMs: fc.constantFrom(1, 50, 900),
  at: moment,
});

test("sums over any time are those of the calls from that hour on, of users that there are", async () => {
  const { durable, close } = openDatabase(path());
  let waiting: Parameters<Database["later"]>[0][] = [];
  const usage = createUsageStore({ durable, close, later: (write) => void waiting.push(write) });
  const settle = (): void => {
    durable.transaction(() => {
      for (const write of waiting) write(durable);
    });
    waiting = [];
  };
  const since = fc.oneof(moment, fc.constant(new Date(0)));
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 40 }), since, async (calls, from) => {
      const person = `owner ${run++}`;
      ensureOwner(durable, person, new Date());
      for (const [at, each] of calls.entries()) {
        usage.record({ ...each, userId: each.userId === "owner" ? person : each.userId });
        if (at % 10 === 9) settle();
      }
      settle();
      const begin = Math.floor(from.getTime() / hourMs) * hourMs;
      const counted = calls.filter(({ userId, at }) => userId === "owner" && at.getTime() >= begin);
      const found = await usage.summary(person, from);
      for (const toolId of ["a", "b"]) {
        const own = counted.filter((each) => each.toolId === toolId);
        const told = found.find((each) => each.toolId === toolId);
        expect(told?.calls ?? 0).toBe(own.length);
        expect(told?.failures.timeout ?? 0).toBe(own.filter(({ code }) => code === "timeout").length);
        const asked = own.filter(({ provider }) => provider === "P");
        expect(told?.providers[0]?.calls ?? 0).toBe(asked.length);
      }
      expect((await usage.summary("nobody", from)).length).toBe(0);
    }),
    { numRuns: 100 },
  );
  close();
});

test("what was counted before there were days and months is in them", async () => {
  const old = new Sqlite(path(), { create: true });
  for (const migration of migrations.slice(0, 10)) old.run(migration);
  old.run("PRAGMA user_version = 10");
  old.run("INSERT INTO users (id, role, created_at) VALUES ('owner', 'admin', '2026-01-01T00:00:00Z')");
  const hours = ["2025-12-31T23", "2026-01-01T00", "2026-01-01T09", "2026-01-20T00", "2026-02-01T00"];
  for (const hour of hours) {
    const values = ["owner", "a", "get", "P", "ok", hour, 4, 2];
    old.run(
      "INSERT INTO usage (user_id, tool_id, action, provider, code, hour, bucket, calls) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      values,
    );
  }
  old.close();
  chmodSync(path(), 0o600);
  const callsSince = async (since: string) => (await summary(new Date(since)))[0]?.calls ?? 0;
  const sums: [since: string, calls: number][] = [
    ["1970-01-01T00:00:00Z", 10],
    ["2026-01-01T00:00:00Z", 8],
    ["2026-01-01T09:30:00Z", 6],
    ["2026-01-02T00:00:00Z", 4],
    ["2026-01-20T01:00:00Z", 2],
    ["2026-02-02T00:00:00Z", 0],
  ];
  for (const [since, calls] of sums) expect([since, await callsSince(since)]).toEqual([since, calls]);
});
