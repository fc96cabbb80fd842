import type { Database as Sqlite, Statement } from "bun:sqlite";
import { AppError } from "../core/errors.ts";
import { translate } from "./database-faults.ts";
import { createKept } from "./kept.ts";

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

/** A connection with what belongs to it. */
export interface OpenConnection {
  sqlite: Sqlite;
  connection: Connection;
  close(): void;
}

/** @param lockWaitMs milliseconds that a write waits while another process writes; whoever opens it sets it once */
export function openConnection(sqlite: Sqlite, lockWaitMs: number): OpenConnection {
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
  const { prepare, release } = keepStatements(sqlite);
  const plain = (value: Value): Exclude<Value, boolean> => (typeof value === "boolean" ? Number(value) : value);
  const connection: Connection = {
    get: <Row>(sql: string, ...values: Value[]) =>
      guarded(() => (prepare(sql).get(...values.map(plain)) as Row | null) ?? undefined),
    all: <Row>(sql: string, ...values: Value[]) => guarded(() => prepare(sql).all(...values.map(plain)) as Row[]),
    kept: (key, read) => guarded(() => kept.get(key, read)),
    // `run` without values executes every statement of a migration; `query` would stop after the first.
    run: (sql, ...values) => {
      kept.forget();
      return guarded(
        () => (values.length === 0 ? sqlite.run(sql) : prepare(sql).run(...values.map(plain))).changes,
        !sqlite.inTransaction,
      );
    },
    transaction: (body) => guarded(() => sqlite.transaction(body).immediate(), true),
  };
  const close = (): void => {
    release();
    sqlite.close();
  };
  return { sqlite, connection, close };
}

const isBusy = (error: unknown): boolean => error instanceof AppError && error.retryAfterS !== undefined;

const mostStatements = 300;

/** Bun keeps twenty prepared statements itself, which is less than one call takes. */
function keepStatements(sqlite: Sqlite) {
  const statements = new Map<string, Statement>();
  const release = (): void => {
    for (const each of statements.values()) each.finalize();
    statements.clear();
  };
  const prepare = (sql: string): Statement => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= mostStatements) release();
    const made = sqlite.prepare(sql);
    statements.set(sql, made);
    return made;
  };
  return { prepare, release };
}
