import { SQLiteError, Database as Sqlite } from "bun:sqlite";
import { dirname } from "node:path";
import { ensurePrivateFolder } from "./files.ts";

export interface Lock {
  release(): void;
}

/**
 * Takes a lock that the operating system frees when the process ends, however it ends.
 * Gives undefined while another process holds it.
 */
export function takeLock(path: string): Lock | undefined {
  ensurePrivateFolder(dirname(path));
  const sqlite = new Sqlite(path, { create: true, readwrite: true });
  try {
    sqlite.run("PRAGMA busy_timeout = 50");
    sqlite.run("BEGIN EXCLUSIVE");
  } catch (error) {
    sqlite.close();
    if (error instanceof SQLiteError && /^SQLITE_BUSY/.test(error.code ?? "")) return undefined;
    throw error;
  }
  return { release: () => sqlite.close() };
}
