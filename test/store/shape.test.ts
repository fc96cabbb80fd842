import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../../src/store/database.ts";
import { migrations } from "../../src/store/migrations.ts";
import { requireOwnShape } from "../../src/store/shape.ts";
import { createHome } from "../support/home.ts";

const newest = migrations.length;
let home: ReturnType<typeof createHome>;
let path: string;
beforeEach(() => {
  home = createHome();
  path = join(home.path, "given.db");
});
afterEach(() => home[Symbol.dispose]());

function make(version: number, more: readonly string[] = []): void {
  using sqlite = new Database(path);
  const statements = [...migrations.slice(0, version), `PRAGMA user_version = ${version}`, ...more];
  for (const statement of statements) sqlite.run(statement);
  chmodSync(path, 0o600);
}

test.each(migrations.map((_, at) => [at + 1]))(
  "a database of version %d is ours, and is once it was upgraded",
  (version) => {
    make(version);
    requireOwnShape(path, "it", version);
    openDatabase(path).close();
    requireOwnShape(path, "it", newest);
  },
);

const wrong: [what: string, statement: string, says: string][] = [
  [
    "a trigger",
    "CREATE TRIGGER tidy AFTER DELETE ON leases BEGIN UPDATE users SET role = 'admin'; END",
    "has the trigger tidy",
  ],
  ["a view", "CREATE VIEW people AS SELECT 1", "has the view people"],
  ["a virtual table", "CREATE VIRTUAL TABLE words USING fts5(text)", "has the virtual table words"],
  ["a name that writes on the terminal", 'CREATE VIEW "a\u001b[31m" AS SELECT 1', "has the view a?[31m"],
  ["no table of ours", "DROP TABLE sessions", "lacks the column sessions."],
  [
    "a view in a table's place",
    "DROP TABLE leases; CREATE VIEW leases AS SELECT 1 AS name",
    "lacks the column leases.",
  ],
  ["no column of ours", "ALTER TABLE users DROP COLUMN read_only", "lacks the column users.read_only"],
  ["no index of ours", "DROP INDEX quota_hits_by_tool", "lacks the index quota_hits_by_tool"],
];
test.each(wrong)("one with %s is refused", (_what, statement, says) => {
  make(newest, [statement]);
  expect(() => requireOwnShape(path, "it", newest)).toThrow(says);
});

test("tables beside ours are nobody's business", () => {
  make(newest, ['CREATE TABLE "a""b" (x)']);
  requireOwnShape(path, "it", newest);
});
