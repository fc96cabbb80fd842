import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../home.ts";

/** What a running daemon leaves in the run folder, so that others find it. */
export interface DaemonRecord {
  pid: number;
  url: string;
  version: string;
  started_at: string;
  sandbox: boolean;
  /** The file of settings that it was started with. */
  env_file?: string;
}

export const recordPath = (home: Home): string => join(home.run, "daemon.json");

/** Reads the record, or gives undefined: no daemon, or one that was killed before it wrote the file. */
export function readRecord(home: Home): DaemonRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(home), "utf8")) as DaemonRecord;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error && error.code === "ENOENT")) {
      return undefined;
    }
    throw error;
  }
}

export function removeRecord(home: Home): void {
  rmSync(recordPath(home), { force: true });
}
