import { SQLiteError, Database as Sqlite } from "bun:sqlite";
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../core/errors.ts";
import type { KeyBackend } from "../core/vault.ts";
import { requirePrivateFile } from "../files.ts";
import { damaged, translate } from "./database-faults.ts";
import { migrations } from "./migrations.ts";

/** What is known of a copy of the database after a look at every page of it. */
export interface CopyFacts {
  /** Of the schema. */
  version: number;
  bytes: number;
  rows: Record<string, number>;
  /** The master key that its vault wants, which no copy holds. Undefined for an empty vault. */
  key: { id: string; backend: KeyBackend } | undefined;
}

const patienceMs = 5_000;
/** Those of the first migration; nobody else's database has all of them. */
const ownTables = ["users", "tool_configs", "usage", "answer_cache"];

/**
 * Writes a consistent copy of a database that others may be writing to, and reads it again before it gets its name.
 * @throws AppError unavailable when the source is damaged or the copy cannot be written or trusted, conflict when the target exists
 */
export function copyDatabase(source: string, target: string): CopyFacts {
  if (existsSync(target)) {
    throw new AppError("conflict", `${target} exists already`, {
      hint: "Choose another name, or move that file away.",
    });
  }
  if (!existsSync(source)) throw new AppError("not_found", `There is no database yet at ${source}`);
  const aside = `${target}.${process.pid}.new`;
  const sqlite = open(source, { readwrite: true, create: false });
  try {
    rmSync(aside, { force: true });
    sqlite.run(`PRAGMA busy_timeout = ${patienceMs}`);
    if (numberOf(sqlite, "PRAGMA user_version") === 0) throw damaged(source);
    const before = momentOf(sqlite);
    sqlite.query("VACUUM INTO ?").run(aside);
    const after = momentOf(sqlite);
    chmodSync(aside, 0o600);
    requirePrivateFile(aside);
    const facts = examine(aside, (why) => untrue(target, why));
    // Where somebody wrote meanwhile there is no number to compare with; the copy is one moment all the same.
    if (before === after && !before.endsWith(JSON.stringify(facts.rows))) throw untrue(target, "has other rows");
    flush(aside);
    renameSync(aside, target);
    flush(dirname(target));
    return facts;
  } catch (error) {
    throw explain(error, source, target);
  } finally {
    sqlite.close();
    rmSync(aside, { force: true });
  }
}

/**
 * Reads a whole copy: whether it is one of ours, and whether every page of it is sound.
 * @param name what to call it
 * @throws AppError invalid_parameters, saying what it is instead
 */
export const examineCopy = (path: string, name = path): CopyFacts =>
  examine(
    path,
    (why, cause) => new AppError("invalid_parameters", `${name} ${why}`, { hint: "Run: mcqueen backup list", cause }),
  );

function examine(path: string, refuse: (why: string, cause?: unknown) => AppError): CopyFacts {
  const bytes = statSync(path).size;
  if (bytes === 0) throw refuse("is empty");
  const sqlite = open(path, { readwrite: true, create: false });
  try {
    const tables = tablesOf(sqlite);
    if (!ownTables.every((name) => tables.includes(name))) throw refuse("is a database of another program");
    const version = numberOf(sqlite, "PRAGMA user_version");
    if (version > migrations.length) throw refuse("was written by a newer mcqueen; install that one first");
    if (version < 1) throw refuse("is a half-made database");
    const [finding] = faultsOf(sqlite);
    if (finding !== undefined) throw refuse(`is damaged: ${finding}`);
    const key = tables.includes("vault_keys")
      ? (sqlite.query("SELECT id, backend FROM vault_keys WHERE is_current = 1").get() as CopyFacts["key"] | null)
      : null;
    return { version, bytes, rows: rowsOf(sqlite), key: key ?? undefined };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refuse("is damaged, or no database at all", error);
  } finally {
    sqlite.close();
  }
}

/** What SQLite finds wrong in a database, in its words; at most five of them. @param quick leaves out comparing indexes */
export function findDamage(path: string, quick: boolean): string[] {
  const sqlite = open(path, { readwrite: true, create: false });
  try {
    sqlite.run(`PRAGMA busy_timeout = ${patienceMs}`);
    return faultsOf(sqlite, quick);
  } catch (error) {
    const told = translate(error, path);
    if (told instanceof AppError && told.retryAfterS === undefined) return [told.message];
    throw told;
  } finally {
    sqlite.close();
  }
}

/** After a power cut the name must lead to what was written. */
export function flush(path: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function open(path: string, options: { readwrite: true; create: false }): Sqlite {
  try {
    return new Sqlite(path, options);
  } catch (error) {
    throw translate(error, path);
  }
}

function faultsOf(sqlite: Sqlite, quick = false): string[] {
  const findings = sqlite.query(`PRAGMA ${quick ? "quick_check" : "integrity_check"}(5)`).all() as object[];
  const words = findings.map((row) => String(Object.values(row)[0])).filter((word) => word !== "ok");
  if (words.length > 0 || quick) return words;
  const orphans = sqlite.query("PRAGMA foreign_key_check").all() as { table: string }[];
  return orphans.slice(0, 5).map(({ table }) => `a row of ${table} belongs to nobody`);
}

const tablesOf = (sqlite: Sqlite): string[] =>
  (
    sqlite
      .query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .all() as {
      name: string;
    }[]
  ).map(({ name }) => name);

const rowsOf = (sqlite: Sqlite): Record<string, number> =>
  Object.fromEntries(
    tablesOf(sqlite).map((name) => [name, numberOf(sqlite, `SELECT COUNT(*) FROM "${name.replaceAll('"', '""')}"`)]),
  );

const numberOf = (sqlite: Sqlite, sql: string): number =>
  Number(Object.values((sqlite.query(sql).get() as object | null) ?? [0])[0]);

/** The rows of one moment, after a mark that changes when somebody else commits. */
const momentOf = (sqlite: Sqlite): string =>
  sqlite.transaction(() => numberOf(sqlite, "PRAGMA data_version") + JSON.stringify(rowsOf(sqlite)))();

const untrue = (target: string, why: string): AppError =>
  new AppError("unavailable", `The backup ${target} was thrown away: what was written ${why}`, {
    hint: "Look at the disk, then run: mcqueen doctor",
  });

/** What hinders the copy is told of the copy, and what hinders reading of the database. */
function explain(error: unknown, source: string, target: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const isOurs =
    error instanceof SQLiteError && !/^SQLITE_(FULL|CANTOPEN|IOERR_(WRITE|FSYNC|TRUNCATE))/.test(code ?? "");
  if (error instanceof AppError || isOurs || code === undefined) return translate(error, source);
  return new AppError(
    "unavailable",
    `${target} cannot be written${/FULL|ENOSPC/.test(code) ? ": the disk is full" : ""}`,
    {
      hint: "Free space or mend the permissions, then try again. Nothing was kept of it.",
      cause: error,
    },
  );
}
