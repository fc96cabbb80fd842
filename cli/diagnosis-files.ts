import { existsSync, lstatSync, readdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { backupsOf, findDamage, readBackupFailure } from "../src/backup.ts";
import type { Home } from "../src/home.ts";
import type { Finding } from "./finding.ts";
import { sizeText } from "./size.ts";

const mebibyte = 1024 * 1024;
const leastFreeBytes = 20 * mebibyte;
const comfortBytes = 200 * mebibyte;
const hourMs = 60 * 60_000;
/** A day and what a computer may sleep. */
const backupSoonMs = 2 * 24 * hourMs;
const backupLateMs = 7 * 24 * hourMs;
const mostNamed = 5;

/** Whether what is private is private, and ours. */
export function* ofFiles(home: Home): Generator<Finding> {
  if (process.platform === "win32") return;
  const places = [home.data, home.keys, home.run, home.logs].filter((path) => existsSync(path));
  const paths = places.flatMap(withAllBelow);
  const loose = paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0);
  const uid = process.getuid?.();
  const foreign = paths.filter((path) => lstatSync(path).uid !== uid);
  for (const path of loose.slice(0, mostNamed)) {
    const fix = `Run: chmod ${statSync(path).isDirectory() ? "700" : "600"} '${path}'`;
    yield { about: "permissions", status: "fails", detail: `others may read or change ${path}`, fix };
  }
  for (const path of foreign.slice(0, mostNamed)) {
    yield {
      about: "permissions",
      status: "fails",
      detail: `${path} belongs to another user`,
      fix: `Run: sudo chown -R ${uid} '${home.data}' '${home.keys}' '${home.run}' '${home.logs}'`,
    };
  }
  if (loose.length + foreign.length === 0)
    yield { about: "permissions", status: "works", detail: `${paths.length} files and folders are yours alone` };
}

function withAllBelow(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true });
  return [
    folder,
    ...below.flatMap((each) => {
      const path = join(folder, each.name);
      if (each.isDirectory()) return withAllBelow(path);
      // The database's helpers come and go while somebody writes.
      return each.isFile() && existsSync(path) ? [path] : [];
    }),
  ];
}

/** Room for what comes: the database grows, and a backup is as large as it is. */
export function* ofDisk(home: Home): Generator<Finding> {
  if (!existsSync(home.data)) return;
  const { bavail, bsize } = statfsSync(home.data);
  const free = bavail * bsize;
  const wanted = comfortBytes + 3 * (statSync(home.database, { throwIfNoEntry: false })?.size ?? 0);
  const detail = `${sizeText(free)} are free for ${home.data}`;
  const fix = `See what takes the room: du -ah '${home.data}' '${home.logs}' | sort -h | tail`;
  if (free < leastFreeBytes) yield { about: "disk", status: "fails", detail: `only ${detail}`, fix };
  else if (free < wanted)
    yield { about: "disk", status: "warns", detail: `${detail}, which a backup or two will fill`, fix };
  else yield { about: "disk", status: "works", detail };
}

/** Every page of the database, which has been opened by now. */
export function* ofDatabase({ database }: Home): Generator<Finding> {
  const damage = findDamage(database, false);
  if (damage.length === 0)
    return yield {
      about: "database",
      status: "works",
      detail: `${database}, ${sizeText(statSync(database).size)}, every page is sound`,
    };
  yield {
    about: "database",
    status: "fails",
    detail: `${database} is damaged: ${damage.join("; ")}`,
    fix: "Run: mcqueen daemon stop, then mcqueen backup list, then mcqueen restore <file>",
  };
}

export function* ofBackups(home: Home, now: Date): Generator<Finding> {
  if (!existsSync(home.database)) return;
  const fix = "Run: mcqueen backup";
  const failure = readBackupFailure(home);
  if (failure) {
    const when = `${failure.at.slice(0, 16).replace("T", " ")} UTC`;
    yield { about: "backup", status: "fails", detail: `the daily backup of ${when} failed: ${failure.why}`, fix };
  }
  const backups = backupsOf(home);
  const [newest] = backups;
  if (!newest) {
    const detail = "there is none yet; the daemon makes one a day";
    return yield { about: "backup", status: "warns", detail, fix };
  }
  const ageMs = now.getTime() - newest.madeAt.getTime();
  const age =
    ageMs < 0 ? "is of the future" : ageMs < 48 * hourMs ? "of the last two days" : `${inDays(ageMs)} days old`;
  const detail = `${backups.length} in ${join(home.data, "backups")}, the newest ${age}`;
  if (ageMs > backupLateMs) yield { about: "backup", status: "fails", detail, fix };
  else if (ageMs > backupSoonMs || ageMs < -hourMs) yield { about: "backup", status: "warns", detail, fix };
  else yield { about: "backup", status: "works", detail };
}

const inDays = (ms: number): number => Math.floor(ms / 24 / hourMs);
