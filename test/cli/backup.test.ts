import { Database } from "bun:sqlite";
import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrations } from "../../src/store/migrations.ts";
import { binary, type Ran, run } from "../support/binary.ts";
import { filesWith } from "../support/canaries.ts";
import { createHome } from "../support/home.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(60_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const at = (...words: string[]): Promise<Ran> => run(words, { home: home.path });
const data = (...parts: string[]): string => join(home.path, "data", ...parts);
const database = (): string => data("mcqueen.db");
const users = async (): Promise<string[]> =>
  (await at("users", "list", "--json")).json.users.map(({ id }: { id: string }) => id).sort();
const backUp = async (): Promise<string> => (await at("backup", "--json")).json.data.path;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("mcqueen backup", () => {
  test("makes a private, whole copy, and says what is not in it", async () => {
    const secret = "a-secret-of-no-use-to-thieves";
    await run(["settings", "set", "WEATHER_API_KEY", "-"], { home: home.path, stdin: secret });
    const made = await at("backup", "--json");
    const { path, bytes, tables, key } = made.json.data;
    expect([made.exit, modeOf(path), bytes]).toEqual([0, 0o600, statSync(path).size]);
    expect(modeOf(data("backups"))).toBe(0o700);
    expect(tables).toMatchObject({ vault: 1, vault_keys: 1 });
    expect(key.place).toContain(join(home.path, "keys", `vault-${key.id}.key`));
    expect(made.err).toContain(`${key.place}, without which its secrets do not open`);
    const master = readFileSync(join(home.path, "keys", `vault-${key.id}.key`), "utf8").trim();
    const hidden = [master, Buffer.from(master, "base64").toString("latin1"), secret];
    expect(filesWith(data("backups"), hidden)).toEqual([]);
    expect((await at("backup", "list")).out).toContain(path);
  });

  test("takes a name, keeps what has it already, and makes nothing of nothing", async () => {
    const target = join(home.path, "copy.db");
    expect((await at("backup", target)).err).toContain("There is no database yet");
    await at("users", "list");
    expect((await at("backup", target)).exit).toBe(0);
    const before = readFileSync(target);
    const again = await at("backup", target);
    expect([again.exit, again.err.includes("exists already")]).toEqual([6, true]);
    expect(readFileSync(target)).toEqual(before);
    const nowhere = await at("backup", join(home.path, "no", "folder", "copy.db"));
    expect([nowhere.exit, nowhere.err.includes("cannot be written")]).toEqual([1, true]);
    expect((await at("backup", "list", "--json")).json).toMatchObject({ backups: [], total: 0 });
  });

  test("of a damaged database is refused, and leaves nothing", async () => {
    await at("users", "list");
    writeFileSync(database(), "");
    const refused = await at("backup");
    expect([refused.exit, refused.err.includes("is empty or damaged")]).toEqual([1, true]);
    expect(readdirSync(data("backups"))).toEqual([]);
  });

  test("--daily makes one, and no second one the same day", async () => {
    await at("users", "list");
    expect((await at("backup", "--daily", "--json")).json.data.path).toContain("daily-000001-");
    expect((await at("backup", "--daily", "--json")).json.data.path).toBeNull();
  });

  test("what fails is remembered for doctor until one succeeds", async () => {
    await at("users", "list");
    mkdirSync(data("backups"), { mode: 0o755 });
    chmodSync(data("backups"), 0o755);
    const failed = await at("backup", "--daily");
    expect([failed.exit, failed.err.includes("Others may read")]).toEqual([1, true]);
    chmodSync(data("backups"), 0o700);
    writeFileSync(data("backups", "last-failure.json"), '{"at":"2026-11-25T04:00:00.000Z","why":"no room"}', {
      mode: 0o600,
    });
    const told = await at("doctor", "--offline");
    expect(told.out).toContain("the daily backup of 2026-11-25 04:00 UTC failed: no room");
    expect((await at("backup", "--daily")).exit).toBe(0);
    expect((await at("doctor", "--offline")).out).not.toContain("no room");
  });
});

describe("the daemon", () => {
  test("makes the day's backup in a process of its own", async () => {
    await at("daemon", "start", "--port", "0");
    try {
      while (!(await at("daemon", "logs")).out.includes("the daily backup is made")) await Bun.sleep(20);
      expect((await at("backup", "list", "--json")).json.backups).toMatchObject([{ kind: "daily" }]);
    } finally {
      await at("daemon", "stop");
    }
  });

  test("goes on when it cannot, and says so in its log", async () => {
    await at("users", "list");
    mkdirSync(data("backups"));
    chmodSync(data("backups"), 0o755);
    const { url } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
    try {
      while (!(await at("daemon", "logs")).out.includes("the daily backup failed")) await Bun.sleep(20);
      expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    } finally {
      await at("daemon", "stop");
    }
  });
});

describe("mcqueen restore", () => {
  test("brings everything back, keeps what it replaces, and is written in the history", async () => {
    await at("users", "add", "mia");
    const path = await backUp();
    await at("users", "add", "noa");
    expect(await users()).toEqual(["mia", "noa", "owner"]);
    const restored = await at("restore", path, "--yes", "--json");
    expect(restored.exit).toBe(0);
    const { replaced } = restored.json.data;
    expect([modeOf(database()), modeOf(replaced)]).toEqual([0o600, 0o600]);
    expect(await users()).toEqual(["mia", "owner"]);
    expect((await at("history", "--json")).json.entries[0]).toMatchObject({
      kind: "restore",
      detail: `restored ${path}`,
    });
    expect((await at("history", "verify")).exit).toBe(0);
    expect((await at("restore", replaced, "--yes")).exit).toBe(0);
    expect(await users()).toEqual(["mia", "noa", "owner"]);
    expect(readdirSync(data()).filter((name) => name.includes("restoring"))).toEqual([]);
  });

  test("asks where a person sits, and without one wants --yes", async () => {
    await at("users", "add", "mia");
    const path = await backUp();
    const refused = await at("restore", path);
    expect([refused.exit, refused.err.includes("Add --yes.")]).toEqual([4, true]);
    expect(readdirSync(data()).filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  });

  test.skipIf(!tmux)(withTerminal("a no at the terminal changes nothing, a yes does it"), async () => {
    await at("users", "list");
    const path = await backUp();
    await at("users", "add", "mia");
    await using terminal = await openTerminal(home.path);
    await terminal.ask(`restore ${path}`, "[y/N]");
    expect((await terminal.answer("n")).exit).toBe(4);
    expect(await users()).toEqual(["mia", "owner"]);
    await terminal.ask(`restore ${path}`, "[y/N]");
    expect((await terminal.answer("y")).exit).toBe(0);
    expect(await users()).toEqual(["owner"]);
  });

  test("waits for no daemon: it names the command that stops it", async () => {
    await at("users", "list");
    const path = await backUp();
    await at("daemon", "start", "--port", "0");
    try {
      const refused = await at("restore", path, "--yes");
      expect([refused.exit, refused.err.includes("Run: mcqueen daemon stop")]).toEqual([6, true]);
    } finally {
      await at("daemon", "stop");
    }
    expect((await at("restore", path, "--yes")).exit).toBe(0);
  });

  test("is refused while another process has the database open", async () => {
    await at("users", "list");
    const path = await backUp();
    using other = new Database(database(), { readwrite: true, create: false });
    other.run("BEGIN");
    other.query("SELECT * FROM users").all();
    const refused = await at("restore", path, "--yes");
    expect([refused.exit, refused.err.includes("Another mcqueen has the database open")]).toEqual([6, true]);
  });

  const bad: [name: string, make: (good: string) => string | Uint8Array, says: string][] = [
    ["empty", () => "", "is empty"],
    ["no database", () => "once upon a time there was a database. ".repeat(200), "is damaged, or no database at all"],
    ["cut off", (good) => readFileSync(good).subarray(0, 40_000), "is damaged"],
    ["overwritten in the middle", (good) => readFileSync(good).fill(0x5a, 100_000, 300_000), "is damaged"],
    [
      "another program's",
      () => altered(["CREATE TABLE moz_places (id)", "PRAGMA user_version = 77"]),
      "of another program",
    ],
    ["a newer program's", (good) => altered(["PRAGMA user_version = 999"], good), "by a newer mcqueen"],
    ["without a part of ours", (good) => altered(["DROP TABLE sessions"], good), "lacks the column sessions."],
  ];
  test.each(bad)("a file that is %s is refused, and nothing changes", async (_name, make, says) => {
    await at("users", "add", "mia");
    const good = await backUp();
    const file = join(home.path, "given.db");
    writeFileSync(file, make(good));
    const before = readFileSync(database());
    const refused = await at("restore", file, "--yes");
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining(says)]);
    expect(refused.err).toContain(file);
    expect(readFileSync(database())).toEqual(before);
    expect(readdirSync(data()).filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  });

  test("a file that is not there, the database itself, and a folder", async () => {
    await at("users", "list");
    expect((await at("restore", join(home.path, "none.db"), "--yes")).exit).toBe(6);
    for (const [file = "", says = ""] of [
      [database(), "is the database itself"],
      [home.path, "is a folder"],
    ])
      expect((await at("restore", file, "--yes")).err).toContain(says);
  });

  test("a backup of an older version is brought to this one", async () => {
    const old = join(home.path, "old.db");
    const older = migrations.slice(0, 4);
    writeFileSync(
      old,
      altered([
        ...older,
        "PRAGMA user_version = 4",
        "INSERT INTO users (id, role, created_at) VALUES ('mia', 'member', '2026-01-01T00:00:00.000Z')",
      ]),
    );
    const restored = await at("restore", old, "--yes", "--json");
    expect(restored.json.data).toMatchObject({ schema_before: 4, schema: migrations.length, replaced: null });
    expect(await users()).toEqual(["mia", "owner"]);
  });

  test("ends what was open then: sessions, and calls that waited for a yes", async () => {
    await at("users", "list");
    const path = await backUp();
    using backup = new Database(path);
    const later = "2099-01-01T00:00:00.000Z";
    backup.run(
      "INSERT INTO sessions (id, hash, user_id, client_type, lineage, created_at, expires_at, last_activity) VALUES ('s', 'h', 'owner', 'web', 'l', ?, ?, ?)",
      [later, later, later],
    );
    backup.run(
      "INSERT INTO approvals (id, user_id, tool_id, action, parameters, digest, prompt, caller, status, created_at, expires_at) VALUES ('a', 'owner', 't', 'x', '{}', 'd', 'p', '{}', 'pending', ?, ?)",
      [later, later],
    );
    backup.close();
    expect((await at("restore", path, "--yes")).exit).toBe(0);
    using now = new Database(database());
    expect(now.query("SELECT COUNT(*) AS n FROM sessions").get()).toEqual({ n: 0 });
    expect(now.query("SELECT status, settled_by FROM approvals").all()).toEqual([
      { status: "denied", settled_by: "restore" },
    ]);
  });

  test("on another computer it says which key its secrets need, and with it they open", async () => {
    const stdin = "a-key-of-some-service";
    await run(["settings", "set", "WEATHER_API_KEY", "-"], { home: home.path, stdin });
    const path = await backUp();
    using other = createHome();
    const there = (...words: string[]) => run(words, { home: other.path });
    const restored = await there("restore", path, "--yes");
    expect(restored.exit).toBe(0);
    expect(restored.err).toContain("1 secrets do not open: they need the file");
    expect((await there("vault", "status")).exit).toBe(1);
    const name = readdirSync(join(home.path, "keys")).find((each) => each.startsWith("vault-")) ?? "";
    cpSync(join(home.path, "keys", name), join(other.path, "keys", name));
    expect((await there("vault", "status")).exit).toBe(0);
  });

  test("a damaged database names the newest backup and the command, which mends it", async () => {
    await at("users", "add", "mia");
    const path = await backUp();
    const damaged = readFileSync(database()).subarray(0, 0);
    writeFileSync(database(), damaged);
    for (const words of [["list"], ["daemon", "start", "--port", "0"], ["doctor", "--offline"]]) {
      const refused = await at(...words);
      expect(refused.exit).toBe(1);
      expect(refused.err + refused.out).toContain(`Run: mcqueen restore ${path}`);
    }
    expect(statSync(database()).size).toBe(0);
    const restored = await at("restore", path, "--yes");
    expect([restored.exit, restored.err.includes("a login token that was used in the last day")]).toEqual([0, true]);
    expect(await users()).toEqual(["mia", "owner"]);
    expect(readdirSync(data()).some((name) => name.includes("replaced"))).toBe(true);
  });
});

/** A database of any content, as bytes. */
function altered(statements: readonly string[], from?: string): Uint8Array {
  const path = join(home.path, "altered.db");
  rmSync(path, { force: true });
  if (from) cpSync(from, path);
  const sqlite = new Database(path);
  for (const statement of statements) sqlite.run(statement);
  sqlite.close();
  return readFileSync(path);
}
