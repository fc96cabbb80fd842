import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "./core/errors.ts";
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from "./files.ts";
import type { Home } from "./home.ts";
import { type Lock, takeLock } from "./lock.ts";
import {
  backupFolderOf,
  type KeptBackup,
  listBackups,
  nextDaily,
  ownBackupPath,
  stamp,
  surplusDaily,
} from "./store/backup-list.ts";
import { type CopyFacts, copyDatabase, findDamage } from "./store/copy.ts";
import { damaged } from "./store/database-faults.ts";
import { type Staged, stageRestore } from "./store/restore.ts";

export type { KeptBackup } from "./store/backup-list.ts";
export type { CopyFacts } from "./store/copy.ts";
export { findDamage } from "./store/copy.ts";
export type { Put, Staged } from "./store/restore.ts";

/** Larger ones would hold up the start; the daily backup and doctor read every page of those too. */
const mostBytesAtStart = 64 * 1024 * 1024;

/** Looks at the pages before anybody relies on them or opens them to write. @throws AppError unavailable for a damaged database */
export function requireSound({ database }: Home): void {
  const size = statSync(database, { throwIfNoEntry: false })?.size ?? 0;
  // Opening it makes one that is missing, and refuses an empty one.
  if (size === 0 || size > mostBytesAtStart) return;
  const damage = findDamage(database, true);
  if (damage.length > 0) throw damaged(database, new Error(damage.join("; ")));
}

/** How the last daily backup failed, until one succeeds. */
export interface BackupFailure {
  at: string;
  why: string;
}

const failurePath = (home: Home): string => join(backupFolderOf(home.database), "last-failure.json");

export const backupsOf = (home: Home): KeptBackup[] => listBackups(backupFolderOf(home.database));

/**
 * Makes a backup while others go on writing, and checks it.
 * @param target where; in the folder of backups unless told
 * @throws AppError conflict when the file exists, unavailable
 */
export function makeBackup(home: Home, now: Date, target?: string): CopyFacts & { path: string } {
  const folder = backupFolderOf(home.database);
  if (target === undefined) ensurePrivateFolder(folder);
  const path = target ?? ownBackupPath(folder, now);
  return { path, ...copyDatabase(home.database, path) };
}

/** Whether the daemon should make a backup now. */
export const isDailyDue = (home: Home, now: Date): boolean =>
  existsSync(home.database) && nextDaily(backupFolderOf(home.database), now) !== undefined;

/**
 * Makes the daily backup if one is due and nobody else is at it, and lets the oldest beyond seven go.
 * @returns where it is, or undefined when none was due
 * @throws AppError what was in its way; that is kept for `readBackupFailure` too, where the disk takes it
 */
export function makeDailyBackup(home: Home, now: Date): string | undefined {
  const folder = backupFolderOf(home.database);
  const lock = takeLock(join(home.run, "backup.lock"));
  if (!lock) return undefined;
  try {
    ensurePrivateFolder(folder);
    removeLeftOver(folder);
    const path = nextDaily(folder, now);
    if (path === undefined) return undefined;
    copyDatabase(home.database, path);
    for (const old of surplusDaily(folder)) rmSync(old.path, { force: true });
    rmSync(failurePath(home), { force: true });
    return path;
  } catch (error) {
    noteFailure(home, now, error instanceof AppError ? error.message : "unexpectedly; the log has more");
    throw error;
  } finally {
    lock.release();
  }
}

export function readBackupFailure(home: Home): BackupFailure | undefined {
  const text = readPrivateFile(failurePath(home));
  return text === undefined ? undefined : (JSON.parse(text) as BackupFailure);
}

/** On a full disk doctor still sees the age of the last one. */
function noteFailure(home: Home, now: Date, why: string): void {
  try {
    writePrivateFile(failurePath(home), JSON.stringify({ at: now.toISOString(), why } satisfies BackupFailure));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** Drafts of a backup that was killed; only the holder of the lock looks. */
function removeLeftOver(folder: string): void {
  for (const name of readdirSync(folder))
    if (/^daily-.*\.db\.\d+\.new(-journal)?$/.test(name)) rmSync(join(folder, name), { force: true });
}

/** Keeps daemons from starting until it is released; undefined while one runs. */
export const holdDaemonAway = (home: Home): Lock | undefined => takeLock(join(home.run, "daemon.lock"));

/**
 * Makes a backup ready to take the place of the database, which is not touched yet.
 * @throws AppError what is wrong with the file
 */
export const openBackup = (home: Home, file: string, now: Date): Staged => stageRestore(file, home.database, now);

/** Where the database goes that a restored one replaces. */
export function replacedPath(home: Home, now: Date): string {
  const path = `${home.database}.replaced-${stamp(now)}`;
  let free = path;
  for (let count = 2; existsSync(free); count++) free = `${path}-${count}`;
  return free;
}
