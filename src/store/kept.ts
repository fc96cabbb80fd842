import type { Database as Sqlite, Statement } from "bun:sqlite";

/** Remembers what was read for as long as nobody has committed since, in this process or another. */
export interface Kept {
  /** What `read` gave last, or gives now. It is shared, so whoever gets it must not change it. */
  get<T>(key: string, read: () => T): T;
  /** Forgets everything, because this connection writes: SQLite tells a connection of all commits but its own. */
  forget(): void;
}

const mostKept = 500;
/** Asking takes a lock of the file, as a read does, so one answer serves all the reads that follow at once. */
const trustedMs = 1;

export function createKept(sqlite: Sqlite): Kept {
  const values = new Map<string, unknown>();
  let version: unknown;
  let question: Statement | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const forgetIfChanged = (): void => {
    const now = performance.now();
    if (now - askedAt < trustedMs) return;
    question ??= sqlite.query("PRAGMA data_version");
    const seen = question.values()[0]?.[0];
    if (seen !== version) values.clear();
    version = seen;
    askedAt = now;
  };
  return {
    get<T>(key: string, read: () => T): T {
      // What an open transaction has written is nobody's yet, and may be taken back.
      if (sqlite.inTransaction) return read();
      forgetIfChanged();
      if (values.has(key)) return values.get(key) as T;
      const value = read();
      if (values.size >= mostKept) values.clear();
      values.set(key, value);
      return value;
    },
    forget: () => values.clear(),
  };
}
