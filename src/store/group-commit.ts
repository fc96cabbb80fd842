import { AppError } from "../core/errors.ts";
import type { Connection } from "./database.ts";

/** Writes that come at about the same time are committed together, so that many share one wait for the disk. */
export type GroupCommit = <T>(body: () => T) => Promise<T>;

interface Job {
  body(): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

const groupMs = 4;
const mostWaiting = 5_000;

/**
 * The promise is kept once the write is on the disk, and broken if it is not there.
 * @throws AppError unavailable when too many wait, and as the connection does
 */
export function createGroupCommit(db: Connection): GroupCommit {
  let waiting: Job[] = [];
  const commit = (): void => {
    const jobs = waiting;
    waiting = [];
    commitAll(db, jobs);
  };
  return <T>(body: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length >= mostWaiting) {
        reject(new AppError("unavailable", "Too much is waiting to be stored", { retryAfterS: 1 }));
        return;
      }
      waiting.push({ body, resolve: (value) => resolve(value as T), reject });
      if (waiting.length === 1) setTimeout(commit, groupMs);
    });
}

function commitAll(db: Connection, jobs: readonly Job[]): void {
  let results: unknown[];
  try {
    results = db.transaction(() => jobs.map(({ body }) => body()));
  } catch (error) {
    const [only, another] = jobs;
    const isBusy = error instanceof AppError && error.retryAfterS !== undefined;
    if (isBusy || !only || !another) for (const { reject } of jobs) reject(error);
    // One of them is refused, and must not take the others with it.
    else for (const job of jobs) commitAll(db, [job]);
    return;
  }
  for (const [at, { resolve }] of jobs.entries()) resolve(results[at]);
}
