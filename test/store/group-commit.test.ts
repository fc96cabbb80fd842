import { afterEach, beforeEach, expect, test } from "bun:test";
import { AppError } from "../../src/core/errors.ts";
import { type Connection, openDatabase } from "../../src/store/database.ts";
import { createGroupCommit, type GroupCommit } from "../../src/store/group-commit.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
let database: ReturnType<typeof openDatabase>;
let other: ReturnType<typeof openDatabase>;
let db: Connection;
let transactions: number;
let together: GroupCommit;
beforeEach(() => {
  home = createHome();
  const path = home.settings().home.database;
  database = openDatabase(path, { lockWaitMs: 50 });
  other = openDatabase(path);
  db = database.durable;
  db.run("CREATE TABLE lines (n INTEGER PRIMARY KEY)");
  transactions = 0;
  together = createGroupCommit({
    ...db,
    transaction(body) {
      transactions++;
      return db.transaction(body);
    },
  });
});
afterEach(() => {
  other.close();
  database.close();
  home[Symbol.dispose]();
});

const add = (n: number): Promise<number> => together(() => db.run("INSERT INTO lines (n) VALUES (?)", n));
/** As another process sees it. */
const kept = (): number[] => other.durable.all<{ n: number }>("SELECT n FROM lines ORDER BY n").map(({ n }) => n);

test("what comes together is one commit, and each is kept before its promise", async () => {
  const seen = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      expect(await add(n)).toBe(1);
      return kept().includes(n);
    }),
  );
  expect([seen.every(Boolean), transactions]).toEqual([true, 1]);
  await add(50);
  expect([kept().length, transactions]).toEqual([51, 2]);
});

test("nothing is kept before the commit", async () => {
  const adding = add(1);
  expect(kept()).toEqual([]);
  await adding;
  expect(kept()).toEqual([1]);
});

test("one that is refused takes no other with it", async () => {
  await add(3);
  const results = await Promise.allSettled([1, 2, 3, 4].map(add));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(kept()).toEqual([1, 2, 3, 4]);
});

test("while another process writes, all are told to come again, and nothing is kept", async () => {
  other.durable.run("BEGIN IMMEDIATE");
  const results = await Promise.allSettled([1, 2].map(add));
  other.durable.run("ROLLBACK");
  for (const result of results) {
    expect(result.status === "rejected" && result.reason).toMatchObject({ code: "unavailable", retryAfterS: 1 });
  }
  expect([kept(), transactions]).toEqual([[], 1]);
});

test("of more than can wait, the last are told to come again", async () => {
  const results = await Promise.allSettled(Array.from({ length: 5_001 }, (_, n) => add(n)));
  const last = results.at(-1);
  expect(last?.status === "rejected" && last.reason).toBeInstanceOf(AppError);
  expect(kept()).toHaveLength(5_000);
});
