import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** A backup in the folder of backups. */
export interface KeptBackup {
  path: string;
  name: string;
  /** Made by the daemon once a day, or by a person. */
  kind: "daily" | "own";
  madeAt: Date;
  bytes: number;
  /** Counts the daily ones in the order in which they were made, whatever the clock said. */
  number?: number;
}

const dailyForm = /^daily-(\d{6})-(\d{8}T\d{6}Z)\.db$/;
const ownForm = /^backup-(\d{8}T\d{6}Z)(?:-\d+)?\.db$/;
const keptDaily = 7;
/** Less than a day, so that a computer that is on for an hour each morning gets its backup each morning. */
const leastApartMs = 20 * 60 * 60_000;

export const backupFolderOf = (database: string): string => join(dirname(database), "backups");

/** Newest first. */
export function listBackups(folder: string): KeptBackup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name): KeptBackup[] => {
      const [, number, day] = dailyForm.exec(name) ?? [];
      const made = day ?? ownForm.exec(name)?.[1];
      if (made === undefined) return [];
      const path = join(folder, name);
      const bytes = statSync(path, { throwIfNoEntry: false })?.size;
      if (bytes === undefined) return [];
      const its = { path, name, madeAt: readStamp(made), bytes };
      return [number === undefined ? { ...its, kind: "own" } : { ...its, kind: "daily", number: Number(number) }];
    })
    .sort(
      (a, b) =>
        b.madeAt.getTime() - a.madeAt.getTime() || b.name.length - a.name.length || b.name.localeCompare(a.name),
    );
}

/** Where a person's own backup goes that named no file. */
export function ownBackupPath(folder: string, now: Date): string {
  const path = join(folder, `backup-${stamp(now)}`);
  let free = `${path}.db`;
  for (let count = 2; existsSync(free); count++) free = `${path}-${count}.db`;
  return free;
}

/**
 * Where the next daily backup goes, or undefined while none is due. A clock that jumps makes one at most: none is due on a
 * day that has one, nor so soon after the last one, in either direction of time.
 */
export function nextDaily(folder: string, now: Date): string | undefined {
  const daily = inOrderMade(folder);
  const last = daily.at(-1);
  const isOfToday = ({ madeAt }: KeptBackup): boolean => stamp(madeAt).slice(0, 8) === stamp(now).slice(0, 8);
  if (last && Math.abs(now.getTime() - last.madeAt.getTime()) < leastApartMs) return undefined;
  if (daily.some(isOfToday)) return undefined;
  return join(folder, `daily-${String((last?.number ?? 0) + 1).padStart(6, "0")}-${stamp(now)}.db`);
}

/** The daily backups that go once there are more than seven: those made first. */
export const surplusDaily = (folder: string): KeptBackup[] => inOrderMade(folder).slice(0, -keptDaily);

/** By number and not by date: one made while the clock was wrong must not push the true ones out. */
const inOrderMade = (folder: string): KeptBackup[] =>
  listBackups(folder)
    .filter(({ kind }) => kind === "daily")
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0));

/** "20261125T005200Z" */
export const stamp = (at: Date): string =>
  at
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replace(/[-:]/g, "");

const readStamp = (text: string): Date =>
  new Date(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
