import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "./core/errors.ts";

const hasModes = process.platform !== "win32";

/** Makes a folder that only its owner can enter. @throws AppError unavailable when it exists and is looser. */
export function ensurePrivateFolder(path: string): void {
  if (!existsSync(path)) {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new AppError("unavailable", `The folder ${path} cannot be made`, {
        hint: "Mend the permissions, or set MCQUEEN_HOME to a folder that you own.",
        cause,
      });
    }
  }
  requireMode(path, 0o700);
}

/** @throws AppError unavailable when others may read or write the file */
export function requirePrivateFile(path: string): void {
  requireMode(path, 0o600);
}

function requireMode(path: string, mode: number): void {
  if (!hasModes) return;
  const actual = statSync(path).mode & 0o777;
  if ((actual & ~mode & 0o077) === 0) return;
  throw new AppError("unavailable", `Others may read ${path} (mode ${actual.toString(8)}), so it is not used`, {
    hint: `Run: chmod ${mode.toString(8)} '${path}'`,
  });
}

/** Writes a file of mode 0600 so that a reader sees the old text or the new one, never a part. */
export function writePrivateFile(path: string, text: string): void {
  ensurePrivateFolder(dirname(path));
  const aside = `${path}.${process.pid}.new`;
  writeFileSync(aside, text, { mode: 0o600, flush: true });
  chmodSync(aside, 0o600);
  renameSync(aside, path);
}

/** Reads a private file, or gives undefined where there is none. */
export function readPrivateFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  requirePrivateFile(path);
  return readFileSync(path, "utf8");
}
