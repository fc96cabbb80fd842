import { Database as Sqlite } from "bun:sqlite";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { AppError, invalidParameters } from "../core/errors.ts";
import { ensurePrivateFolder } from "../files.ts";
import { type CopyFacts, examineCopy, flush } from "./copy.ts";
import { openDatabase } from "./database.ts";
import { translate } from "./database-faults.ts";
import { requireOwnShape } from "./shape.ts";

/** A backup beside the database: checked, of this program's version, and ready to take its place. */
export interface Staged {
  facts: CopyFacts;
  /** The version of the schema that the backup itself had. */
  from: number;
  /** Takes the database's place. Gives where the one before lies now. */
  put(asideAs: string): Put;
  discard(): void;
}

export interface Put {
  /** Where the database that was there lies now. */
  replaced: string | undefined;
  /** Whether login tokens that were used since the backup stay used: a database that cannot be read tells of none. */
  keepsUsedLogins: boolean;
}

const tails = ["", "-wal", "-shm", "-journal"];
/** What held at the time of the backup, and whoever ended it since meant it. Logging in again makes it anew. */
const fleeting = ["sessions", "confirmations", "leases", "login_flows", "connect_tickets", "pairings", "client_codes"];

/**
 * Brings a backup beside the database and makes it ready. The database itself is not touched.
 * @throws AppError not_found, invalid_parameters for what is no backup of ours, unavailable on a full disk
 */
export function stageRestore(file: string, database: string, now: Date): Staged {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new AppError("not_found", `There is no file ${file}`, { hint: "Run: mcqueen backup list" });
  if (!found.isFile())
    throw new AppError("invalid_parameters", `${file} is ${found.isDirectory() ? "a folder" : "no file"}`, {
      hint: "Run: mcqueen backup list",
    });
  if (existsSync(database) && realpathSync(file) === realpathSync(database))
    throw invalidParameters([`${file} is the database itself`], "Run: mcqueen backup list");
  if (found.size === 0)
    throw new AppError("invalid_parameters", `${file} is empty`, { hint: "Run: mcqueen backup list" });
  ensurePrivateFolder(dirname(database));
  const staged = `${database}.${process.pid}.restoring`;
  const discard = (): void => {
    for (const tail of tails) rmSync(staged + tail, { force: true });
  };
  try {
    removeLeftOver(database);
    copyFileSync(file, staged);
    chmodSync(staged, 0o600);
    // A copy that somebody made by hand of a stopped database has its last writes beside it.
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${staged}-wal`);
    const { version: from } = examineCopy(staged, file);
    requireOwnShape(staged, file, from);
    openDatabase(staged).close();
    prepare(staged, now);
    const facts = examineCopy(staged, file);
    flush(staged);
    return { facts, from, put: (asideAs) => put(staged, database, asideAs), discard };
  } catch (error) {
    discard();
    throw explain(error, database);
  }
}

/** What a restore that was killed had brought here; there is one restore at a time. */
function removeLeftOver(database: string): void {
  const form = new RegExp(`^${RegExp.escape(basename(database))}[.]\\d+[.]restoring(-wal|-shm|-journal)?$`);
  for (const name of readdirSync(dirname(database)))
    if (form.test(name)) rmSync(join(dirname(database), name), { force: true });
}

/** Ends what must not live again, and leaves one file with nothing beside it. */
function prepare(path: string, now: Date): void {
  const sqlite = new Sqlite(path, { readwrite: true, create: false });
  try {
    sqlite.run("PRAGMA secure_delete = ON");
    sqlite.run("PRAGMA foreign_keys = ON");
    sqlite
      .transaction(() => {
        for (const table of fleeting) sqlite.run(`DELETE FROM ${table}`);
        const settled = "UPDATE approvals SET status = 'denied', settled_at = ?, settled_by = 'restore'";
        sqlite.run(`${settled} WHERE status = 'pending'`, [now.toISOString()]);
      })
      .immediate();
    sqlite.run("PRAGMA journal_mode = DELETE");
  } finally {
    sqlite.close();
  }
}

/** A login token is good for one login, also where that was after the backup. */
function carryUsedLogins(present: Sqlite, staged: string): boolean {
  let used: [key: string, expiresAt: string][];
  try {
    if (present.query("SELECT name FROM sqlite_master WHERE name = 'used_logins'").values().length === 0) return false;
    used = present.query("SELECT key, expires_at FROM used_logins").values() as typeof used;
  } catch (error) {
    // Damaged is what a database may be that is replaced.
    if (translate(error, present.filename) instanceof AppError) return false;
    throw error;
  }
  const sqlite = new Sqlite(staged, { readwrite: true, create: false });
  try {
    const insert = sqlite.prepare("INSERT INTO used_logins (key, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING");
    sqlite
      .transaction(() => {
        for (const row of used) insert.run(...row);
      })
      .immediate();
  } finally {
    sqlite.close();
  }
  flush(staged);
  return true;
}

/** The name of the database always leads to a whole one: the old file gets a second name before the new one takes the first. */
function put(staged: string, database: string, asideAs: string): Put {
  const isThere = existsSync(database);
  const held = isThere ? settle(database) : undefined;
  let keepsUsedLogins = !isThere;
  try {
    if (held) keepsUsedLogins = carryUsedLogins(held, staged);
    if (isThere) {
      linkSync(database, asideAs);
      // Left by one that does not open any more. Under the new database they would be taken for its own.
      for (const tail of tails.slice(1)) if (existsSync(database + tail)) renameSync(database + tail, asideAs + tail);
    }
    renameSync(staged, database);
    flush(dirname(database));
  } catch (error) {
    throw explain(error, database);
  } finally {
    held?.close();
  }
  return { replaced: isThere ? asideAs : undefined, keepsUsedLogins };
}

/**
 * Brings everything of the present database into its one file, and keeps others from it until it is closed.
 * Gives undefined for one that is too damaged for that.
 * @throws AppError conflict while another process has it open
 */
function settle(path: string): Sqlite | undefined {
  let sqlite: Sqlite | undefined;
  try {
    sqlite = new Sqlite(path, { readwrite: true, create: false });
    sqlite.run("PRAGMA busy_timeout = 2000");
    sqlite.run("PRAGMA journal_mode = DELETE");
    sqlite.run("BEGIN EXCLUSIVE");
    return sqlite;
  } catch (error) {
    sqlite?.close();
    const told = translate(error, path);
    if (!(told instanceof AppError)) throw told;
    if (told.retryAfterS === undefined) return undefined;
    throw new AppError("conflict", "Another mcqueen has the database open", {
      hint: "End it (an agent's mcqueen mcp, a command that waits), then try again.",
      cause: error,
    });
  }
}

function explain(error: unknown, database: string): unknown {
  if (error instanceof AppError || !(error instanceof Error && "code" in error)) return error;
  const told = translate(error, database);
  if (told instanceof AppError) return told;
  return new AppError("unavailable", `The backup cannot be brought to ${dirname(database)}`, {
    hint: "Free space or mend the permissions, then try again. Nothing was changed.",
    cause: error,
  });
}
