import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

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
function open(): Database {
  const db = openDatabase(join(home.path, "mcqueen.db"));
  ensureOwner(db.durable, "owner", new Date());
  opened.push(db);
  return db;
}

const write = (profile: string) => ["UPDATE users SET profile = ?", JSON.stringify({ name: profile })] as const;

/** Reads by way of what is kept, and counts how often the table itself was asked. */
function reader({ durable }: Database) {
  let asked = 0;
  const read = () =>
    durable.kept("profile", () => {
      asked++;
      return durable.get<{ profile: string }>("SELECT profile FROM users")?.profile;
    });
  return { read, asked: () => asked };
}

/** Longer than the answer of SQLite is trusted. */
const aMoment = () => Bun.sleep(2);

test("what was read is read once, until somebody commits: here, in a group, or elsewhere", async () => {
  const [here, there] = [open(), open()];
  const { read, asked } = reader(here);
  expect([read(), read(), read()]).toEqual(["{}", "{}", "{}"]);
  await aMoment();
  expect([read(), asked()]).toEqual(["{}", 1]);
  here.durable.run(...write("own"));
  expect([read(), read(), asked()]).toEqual(['{"name":"own"}', '{"name":"own"}', 2]);
  there.durable.run(...write("theirs"));
  await aMoment();
  expect([read(), asked()]).toEqual(['{"name":"theirs"}', 3]);
  there.later((connection) => connection.run(...write("grouped")));
  there.close();
  opened.pop();
  await aMoment();
  expect([read(), asked()]).toEqual(['{"name":"grouped"}', 4]);
});

test("what a transaction has written and taken back is never kept", () => {
  const db = open();
  const { read } = reader(db);
  read();
  const fail = () =>
    db.durable.transaction(() => {
      db.durable.run(...write("half"));
      expect(read()).toBe('{"name":"half"}');
      throw new Error("no");
    });
  expect(fail).toThrow("no");
  expect(read()).toBe("{}");
});

test("an absence is kept too, a failure is not, and there is room for so many", () => {
  const { durable } = open();
  let asked = 0;
  const absent = () =>
    durable.kept("nobody", () => {
      asked++;
      return durable.get("SELECT id FROM users WHERE id = 'nobody'");
    });
  expect([absent(), absent(), asked]).toEqual([undefined, undefined, 1]);
  const broken = () =>
    durable.kept("broken", () => {
      asked++;
      throw new Error("gone");
    });
  expect(broken).toThrow("gone");
  expect(broken).toThrow("gone");
  expect(asked).toBe(3);
  for (let at = 0; at < 1_000; at++) durable.kept(`filler ${at}`, () => at);
  absent();
  expect(asked).toBe(4);
});
