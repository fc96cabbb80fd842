import { Database as Sqlite } from "bun:sqlite";
import { chmodSync, existsSync, linkSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../core/errors.ts";
import { ensurePrivateFolder, requirePrivateFile } from "../files.ts";
import { damaged, translate } from "./database-faults.ts";
import { createKept } from "./kept.ts";
import { migrations } from "./migrations.ts";

export type Value = string | number | bigint | boolean | null | Uint8Array;

/** One connection. Bodies are synchronous, so no other call can slip into an open transaction. */
export interface Connection {
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /**
   * What `read` gives from this connection, remembered until anybody commits. Another process's commit may be noticed
   * a millisecond late. The value is shared and must not be changed.
   * @param key names the rows that are read
   */
  kept<T>(key: string, read: () => T): T;
  /** Gives the number of changed rows. */
  run(sql: string, ...values: Value[]): number;
  /** An immediate transaction: it owns the write lock from its start. */
  transaction<T>(body: () => T): T;
}

export interface Database {
  /** Every commit is on the disk before it returns. */
  durable: Connection;
  /** Collects small writes and commits them together within 50 ms; a power cut may lose that last moment. */
  later(write: (connection: Connection) => void): void;
  /** Commits what is still waiting, and closes. */
  close(): void;
}

const defaultLockWaitMs = 250;
const openWaitMs = 5_000;
const groupMs = 50;
const diskRetryMs = 1_000;
/** So many are committed without waiting for the moment to pass: a longer group would keep requests waiting meanwhile. */
const mostInGroup = 128;
const mostWaiting = 20_000;

export interface DatabaseOptions {
  /** Receives the error when collected writes could not be committed. */
  onLoss?: (error: unknown) => void;
  /** Milliseconds that a write waits while another process writes. It blocks this process meanwhile. */
  lockWaitMs?: number;
}

/**
 * Opens the database, creating and migrating it as needed.
 * @throws AppError unavailable: damaged, newer than this program, locked, or on a full disk
 */
export function openDatabase(path: string, options: DatabaseOptions = {}): Database {
  const { onLoss = () => undefined, lockWaitMs = defaultLockWaitMs } = options;
  ensurePrivateFolder(dirname(path));
  if (!existsSync(path)) create(path);
  requirePrivateFile(path);
  const durable = connect(path, "FULL", lockWaitMs);
  let grouped: { sqlite: Sqlite; connection: Connection } | undefined;
  let waiting: ((connection: Connection) => void)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (isLast = false): void => {
    clearTimeout(timer);
    timer = undefined;
    const writes = waiting;
    waiting = [];
    if (writes.length === 0) return;
    try {
      // A command opens no second connection for the last of it: after this, the first one writes nothing more.
      if (isLast) grouped ??= durable;
      grouped ??= connect(path, "NORMAL", lockWaitMs);
      grouped.sqlite.run("PRAGMA synchronous = NORMAL");
      // Nobody waits for these: while another process writes, they go back and try again later.
      grouped.sqlite.run(`PRAGMA busy_timeout = ${isLast ? lockWaitMs : 0}`);
      writeTogether(grouped.connection, writes, onLoss);
    } catch (error) {
      if (isLast || waiting.length + writes.length > mostWaiting || !mayPass(error)) onLoss(error);
      else {
        waiting = [...writes, ...waiting];
        timer ??= setTimeout(flush, isBusy(error) ? groupMs : diskRetryMs);
      }
    }
  };

  return {
    durable: durable.connection,
    later(write) {
      waiting.push(write);
      // A group that met a lock waits its time, or each further write would try again.
      if (waiting.length === mostInGroup) flush();
      else timer ??= setTimeout(flush, groupMs);
    },
    close() {
      flush(true);
      if (grouped !== durable) grouped?.sqlite.close();
      durable.sqlite.close();
    },
  };
}

/** In one transaction; when one of them is refused, each by itself, so that it takes no other with it. Takes out what is settled. */
function writeTogether(
  connection: Connection,
  writes: ((connection: Connection) => void)[],
  onLoss: (error: unknown) => void,
): void {
  try {
    connection.transaction(() => {
      for (const write of writes) write(connection);
    });
  } catch (error) {
    if (mayPass(error) || writes.length === 1) throw error;
    for (let first = writes[0]; first; first = writes[0]) {
      const write = first;
      try {
        connection.transaction(() => write(connection));
      } catch (refused) {
        if (mayPass(refused)) throw refused;
        onLoss(refused);
      }
      writes.shift();
    }
  }
}

/** Busy now, or without room: trying again may help. */
const mayPass = (error: unknown): boolean => error instanceof AppError && error.code === "unavailable";

const isBusy = (error: unknown): boolean => error instanceof AppError && error.retryAfterS !== undefined;

/** Builds the file aside and links it into place, so that nobody ever sees a half-made database. */
function create(path: string): void {
  const aside = `${path}.${process.pid}.${Date.now()}.new`;
  try {
    const sqlite = new Sqlite(aside, { create: true, readwrite: true });
    // Without a WAL, so that a commit is in the file itself or fails: a full disk must not leave a half-made one.
    sqlite.run("PRAGMA secure_delete = ON");
    migrate(wrap(sqlite, openWaitMs), 0);
    sqlite.close();
    chmodSync(aside, 0o600);
    linkSync(aside, path);
  } catch (error) {
    if (!isExists(error)) throw translate(error, path);
  } finally {
    for (const tail of ["", "-wal", "-shm"]) rmSync(aside + tail, { force: true });
  }
}

function connect(
  path: string,
  synchronous: "FULL" | "NORMAL",
  lockWaitMs: number,
): { sqlite: Sqlite; connection: Connection } {
  let sqlite: Sqlite | undefined;
  try {
    sqlite = new Sqlite(path, { create: false, readwrite: true });
    sqlite.run(`PRAGMA busy_timeout = ${openWaitMs}`);
    const connection = wrap(sqlite, lockWaitMs);
    // Before anything writes: setting WAL mode would turn an empty file into one that looks sound.
    if (versionOf(connection) === 0) throw damaged(path);
    prepare(sqlite, synchronous);
    upgrade(connection, path);
    sqlite.run(`PRAGMA busy_timeout = ${lockWaitMs}`);
    return { sqlite, connection };
  } catch (error) {
    sqlite?.close();
    throw translate(error, path);
  }
}

function prepare(sqlite: Sqlite, synchronous: "FULL" | "NORMAL"): void {
  sqlite.run(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON`,
  );
}

const versionOf = (connection: Connection): number =>
  connection.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0;

function upgrade(connection: Connection, path: string): void {
  const version = versionOf(connection);
  if (version === migrations.length) return;
  if (version > migrations.length) {
    throw new AppError("unavailable", `The database ${path} was written by a newer mcqueen`, {
      hint: "Install the newer version again, or set MCQUEEN_HOME to another folder.",
    });
  }
  migrate(connection, version);
}

/** Applies what is missing, one immediate transaction each. Another process may be doing the same. */
function migrate(connection: Connection, from: number): void {
  for (let next = from; next < migrations.length; next++) {
    connection.transaction(() => {
      if (versionOf(connection) !== next) return;
      connection.run(migrations[next] ?? "");
      connection.run(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

function wrap(sqlite: Sqlite, lockWaitMs: number): Connection {
  let isBlocked = false;
  /** One call waits for a lock; those after it fail at once until one gets through, or each would block the process. */
  const block = (blocked: boolean): void => {
    if (blocked === isBlocked) return;
    isBlocked = blocked;
    sqlite.run(`PRAGMA busy_timeout = ${blocked ? 0 : lockWaitMs}`);
  };
  const guarded = <T>(work: () => T, writes = false): T => {
    try {
      const result = work();
      if (writes) block(false);
      return result;
    } catch (error) {
      const told = translate(error, sqlite.filename);
      if (writes && isBusy(told)) block(true);
      throw told;
    }
  };
  const kept = createKept(sqlite);
  const plain = (value: Value): Exclude<Value, boolean> => (typeof value === "boolean" ? Number(value) : value);
  return {
    get: <Row>(sql: string, ...values: Value[]) =>
      guarded(() => (sqlite.query(sql).get(...values.map(plain)) as Row | null) ?? undefined),
    all: <Row>(sql: string, ...values: Value[]) => guarded(() => sqlite.query(sql).all(...values.map(plain)) as Row[]),
    kept: (key, read) => guarded(() => kept.get(key, read)),
    // `run` without values executes every statement of a migration; `query` would stop after the first.
    run: (sql, ...values) => {
      kept.forget();
      return guarded(
        () => (values.length === 0 ? sqlite.run(sql) : sqlite.query(sql).run(...values.map(plain))).changes,
        !sqlite.inTransaction,
      );
    },
    transaction: (body) => guarded(() => sqlite.transaction(body).immediate(), true),
  };
}

const isExists = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";
