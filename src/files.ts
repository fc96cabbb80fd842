import {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
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
  requirePrivate(path, statSync(path), "700");
}

/** @throws AppError unavailable when others may read or write the file */
export function requirePrivateFile(path: string): void {
  requirePrivate(path, statSync(path), "600");
}

function requirePrivate(path: string, stats: Stats, mend: string): void {
  refuseMode(path, stats, 0o077, "read", mend);
}

function refuseMode(path: string, { mode }: Stats, refused: number, deed: string, mend: string): void {
  if (!hasModes || (mode & refused) === 0) return;
  const shown = (mode & 0o777).toString(8);
  throw new AppError("unavailable", `Others may ${deed} ${path} (mode ${shown}), so it is not used`, {
    hint: `Run: chmod ${mend} '${path}'`,
  });
}

/** Writes a file of mode 0600 so that a reader sees the old text or the new one, never a part. */
export function writePrivateFile(path: string, text: string): void {
  ensurePrivateFolder(dirname(path));
  const aside = `${path}.${process.pid}.new`;
  try {
    writeFileSync(aside, text, { mode: 0o600, flush: true });
    chmodSync(aside, 0o600);
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw new AppError("unavailable", `${path} cannot be written`, {
      hint: "Free space or mend the permissions, then try again. Nothing was changed.",
      cause,
    });
  }
}

/** Writes a file of mode 0644 into a folder that other programs share, so that a reader sees the old text or the new. */
export function writeSharedFile(path: string, text: string): void {
  const aside = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(aside, text, { mode: 0o644, flush: true });
    chmodSync(aside, 0o644);
    renameSync(aside, path);
  } catch (cause) {
    rmSync(aside, { force: true });
    throw new AppError("unavailable", `${path} cannot be written`, { cause });
  }
}

/** Reads a private file, or gives undefined where there is none. @throws AppError unavailable when others may read it */
export const readPrivateFile = (path: string): string | undefined =>
  readChecked(path, (stats) => requirePrivate(path, stats, "600"));

/** Reads a file that others may see but not change, or gives undefined. @throws AppError unavailable when they may */
export const readGuardedFile = (path: string): string | undefined =>
  readChecked(path, (stats) => refuseMode(path, stats, 0o022, "change", "go-w"));

/** Reads a file of any mode, or gives undefined where there is none. */
export const readAnyFile = (path: string): string | undefined => readChecked(path, () => undefined);

/** Looks at the file that it then reads, not at whatever has that name by then. */
function readChecked(path: string, check: (stats: Stats) => void): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    check(fstatSync(fd));
    return readFileSync(fd, "utf8");
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new AppError("unavailable", `${path} cannot be read`, { cause });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
