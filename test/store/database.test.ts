import { describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import { takeLock } from "../../src/lock.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createHome } from "../support/home.ts";

const fixture = join(import.meta.dir, "../support/opener.ts");

describe("openDatabase", () => {
  test("makes a private file in a private folder, in WAL mode, with every pragma", () => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    const db = openDatabase(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.path, "data")).mode & 0o777).toBe(0o700);
    const pragma = (name: string) => Object.values(db.durable.get<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})[0];
    expect(["journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout"].map(pragma)).toEqual([
      "wal",
      2,
      1,
      1,
      250,
    ]);
    db.close();
  });

  test("eight processes that open a new database at once all succeed", async () => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    const children = Array.from({ length: 8 }, () =>
      Bun.spawn(["bun", fixture, path], { stdout: "pipe", stderr: "pipe" }),
    );
    const ends = await Promise.all(children.map(async (child) => `${await child.exited} ${await child.stderr.text()}`));
    expect(ends).toEqual(Array.from({ length: 8 }, () => "0 "));
    const db = openDatabase(path);
    expect(db.durable.get<{ n: number }>("SELECT COUNT(*) AS n FROM users")?.n).toBe(8);
    db.close();
  });

  const spoil: [name: string, change: (path: string) => void, message: RegExp][] = [
    ["empty", (path) => writeFileSync(path, ""), /is empty or damaged/],
    [
      "garbage",
      (path) => writeFileSync(path, "this is no database at all, but a text of some length"),
      /is empty or damaged/,
    ],
    ["truncated", (path) => writeFileSync(path, readFileSync(path).subarray(0, 5000)), /is empty or damaged/],
    ["world-readable", (path) => chmodSync(path, 0o644), /Others may read/],
  ];
  test.each(spoil)("a file that is %s is refused and left as it is", (_name, change, message) => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    openDatabase(path).close();
    change(path);
    copyFileSync(path, `${path}.before`);
    expect(() => {
      const db = openDatabase(path);
      db.durable.all("SELECT * FROM users, tool_configs, usage, answer_cache");
      db.close();
    }).toThrow(message);
    expect(readFileSync(path)).toEqual(readFileSync(`${path}.before`));
  });

  test("a database of a newer program is refused", () => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    const db = openDatabase(path);
    db.durable.run("PRAGMA user_version = 999");
    db.close();
    expect(() => openDatabase(path)).toThrow("newer mcqueen");
  });

  test("a write while another process holds the lock fails as unavailable, and says when to try again", () => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    const first = openDatabase(path);
    const second = openDatabase(path);
    let failure: unknown;
    first.durable.transaction(() => {
      try {
        second.durable.run("INSERT INTO users (id, role, created_at) VALUES ('x', 'member', '')");
      } catch (error) {
        failure = error;
      }
    });
    expect(failure).toBeInstanceOf(AppError);
    expect(failure).toMatchObject({ code: "unavailable", retryAfterS: 1 });
    first.close();
    second.close();
  });

  test("a transaction that throws leaves nothing behind", () => {
    using home = createHome();
    const db = openDatabase(join(home.path, "data", "a.db"));
    expect(() =>
      db.durable.transaction(() => {
        db.durable.run("INSERT INTO users (id, role, created_at) VALUES ('x', 'member', '')");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(db.durable.all("SELECT id FROM users")).toEqual([]);
    db.close();
  });

  test("collected writes are committed together, and at the latest on close", async () => {
    using home = createHome();
    const path = join(home.path, "data", "a.db");
    const db = openDatabase(path);
    const insert = (id: string) =>
      db.later((connection) => connection.run("INSERT INTO users (id, role, created_at) VALUES (?, 'member', '')", id));
    insert("a");
    insert("b");
    expect(db.durable.all("SELECT id FROM users")).toEqual([]);
    await Bun.sleep(90);
    expect(db.durable.all("SELECT id FROM users")).toHaveLength(2);
    insert("c");
    db.close();
    const again = openDatabase(path);
    expect(again.durable.all("SELECT id FROM users")).toHaveLength(3);
    again.close();
  });

  test("a lost collected write is told", () => {
    using home = createHome();
    const lost: unknown[] = [];
    const db = openDatabase(join(home.path, "data", "a.db"), { onLoss: (error) => lost.push(error) });
    db.later((connection) => connection.run("INSERT INTO nowhere VALUES (1)"));
    db.close();
    expect(lost).toHaveLength(1);
  });
});

describe("takeLock", () => {
  test("is held by one at a time", () => {
    using home = createHome();
    const path = join(home.path, "run", "lock");
    const first = takeLock(path);
    expect(first).toBeDefined();
    expect(takeLock(path)).toBeUndefined();
    first?.release();
    const next = takeLock(path);
    expect(next).toBeDefined();
    next?.release();
  });

  test("is freed when its process is killed", async () => {
    using home = createHome();
    const path = join(home.path, "run", "lock");
    const child = Bun.spawn(["bun", fixture, "--lock", path], { stdout: "pipe" });
    await child.stdout.getReader().read();
    expect(takeLock(path)).toBeUndefined();
    child.kill("SIGKILL");
    await child.exited;
    const lock = takeLock(path);
    expect(lock).toBeDefined();
    lock?.release();
  });
});
