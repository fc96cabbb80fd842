import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivateFile } from "../files.ts";
import type { Home } from "../home.ts";

/** What a running daemon leaves in the run folder, so that others find it. */
export interface DaemonRecord {
  pid: number;
  url: string;
  /** The address that it is bound to. */
  host: string;
  version: string;
  started_at: string;
  sandbox: boolean;
  /** The second listener, while LAN is on. */
  lan?: LanState;
  /** The file of settings that it was started with. */
  env_file?: string;
  /** Whether it was started with `--read-only`. */
  read_only?: true;
}

/** How the listener on the LAN stands. */
export type LanState = { listening: true; url: string; pin: string } | { listening: false; why: string; hint?: string };

const recordPath = (home: Home): string => join(home.run, "daemon.json");

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

/** A reader sees the old record or the new one. */
export const writeRecord = (home: Home, record: DaemonRecord): void =>
  writePrivateFile(recordPath(home), JSON.stringify(record));

export function removeRecord(home: Home): void {
  rmSync(recordPath(home), { force: true });
}
