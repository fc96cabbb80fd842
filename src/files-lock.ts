import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "./core/errors.ts";
import { randomText } from "./core/secret.ts";
import { shellWord } from "./core/shell-word.ts";
import { ensurePrivateFolder } from "./files.ts";

const patienceMs = 5_000;
// The work under a lock takes milliseconds, so an older one is left over, and its process id may be another's by now.
const oldestMs = 60_000;

/**
 * Does the work while no other process does work under the same path's lock. The lock is a file beside it.
 * @throws AppError unavailable, naming the lock file, when it is not free within five seconds
 */
export function withFileLock<Result>(path: string, work: () => Result): Result {
  ensurePrivateFolder(dirname(path));
  const lock = `${path}.lock`;
  const mark = `${process.pid} ${randomText(9, "base64url")}`;
  const endsAt = performance.now() + patienceMs;
  while (!place(lock, mark)) {
    removeLeftOver(lock);
    if (performance.now() > endsAt) {
      throw new AppError("unavailable", `Another process holds ${lock}`, {
        hint: `Try again. If no mcqueen is at work, run: rm ${shellWord(lock)}`,
      });
    }
    Bun.sleepSync(5 + Math.random() * 15);
  }
  try {
    return work();
  } finally {
    if (markOf(lock) === mark) rmSync(lock, { force: true });
  }
}

/** Makes a file that has its text from the first moment, unless there is one. */
function place(path: string, text: string): boolean {
  const aside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(aside, text, { mode: 0o600 });
    linkSync(aside, path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw new AppError("unavailable", `The lock file ${path} cannot be made`, { cause });
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Only who holds the tombstone of this very mark may remove it, so a lock taken meanwhile is safe. */
function removeLeftOver(lock: string): void {
  const mark = markOf(lock);
  if (mark === undefined || !isLeftOver(lock, mark)) return;
  const tombstone = `${lock}.${new Bun.CryptoHasher("sha256").update(mark).digest("hex").slice(0, 16)}`;
  if (!place(tombstone, String(process.pid))) return;
  try {
    if (markOf(lock) === mark) rmSync(lock, { force: true });
  } finally {
    rmSync(tombstone, { force: true });
  }
}

function isLeftOver(lock: string, mark: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > oldestMs) return true;
    process.kill(Number.parseInt(mark, 10), 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

function markOf(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new AppError("unavailable", `The lock file ${lock} cannot be read`, { cause: error });
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
