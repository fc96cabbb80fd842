import { Database as Sqlite } from "bun:sqlite";
import { chmodSync, existsSync, linkSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../core/errors.ts";
import { ensurePrivateFolder, requirePrivateFile } from "../files.ts";
import { type Connection, type OpenConnection, openConnection } from "./connection.ts";
import { damaged, translate } from "./database-faults.ts";
import { migrations } from "./migrations.ts";

export type { Connection, Value } from "./connection.ts";

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
  let grouped: OpenConnection | undefined;
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
      if (grouped !== durable) grouped?.close();
      durable.close();
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
    const { connection, close } = openConnection(sqlite, openWaitMs);
    migrate(connection, 0);
    close();
    chmodSync(aside, 0o600);
    linkSync(aside, path);
  } catch (error) {
    if (!isExists(error)) throw translate(error, path);
  } finally {
    for (const tail of ["", "-wal", "-shm"]) rmSync(aside + tail, { force: true });
  }
}

function connect(path: string, synchronous: "FULL" | "NORMAL", lockWaitMs: number): OpenConnection {
  let open: OpenConnection | undefined;
  try {
    open = openConnection(new Sqlite(path, { create: false, readwrite: true }), lockWaitMs);
    const { sqlite, connection } = open;
    sqlite.run(`PRAGMA busy_timeout = ${openWaitMs}`);
    // Before anything writes: setting WAL mode would turn an empty file into one that looks sound.
    if (versionOf(connection) === 0) throw damaged(path);
    prepare(sqlite, synchronous);
    upgrade(connection, path);
    sqlite.run(`PRAGMA busy_timeout = ${lockWaitMs}`);
    return open;
  } catch (error) {
    open?.close();
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

const isExists = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";
