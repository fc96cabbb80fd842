import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../src/core/errors.ts";

/** A program's file: where it really is, what it says (undefined where there is none), and its mode. */
export interface TargetFile {
  file: string;
  text: string | undefined;
  mode: number;
}

/** @throws AppError unavailable, and conflict for a file that nobody is to write to */
export function readTarget(named: string): TargetFile {
  return telling(named, () => {
    if (!existsSync(named)) return { file: named, text: undefined, mode: 0o600 };
    const file = realpathSync(named);
    const mode = statSync(file).mode & 0o777;
    if ((mode & 0o200) === 0) {
      throw new AppError("conflict", `${named} is read-only, so nothing was changed`, {
        hint: "Whoever made it so may make it from elsewhere. Use --print and put it there.",
      });
    }
    // What is no text in UTF-8 would come back changed.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    return { file, text, mode };
  });
}

/**
 * Readers see the old file or the new one, and its mode stays. Gives where the old one is kept.
 * @throws AppError unavailable
 */
export function writeTarget(file: string, text: string, mode: number): string | undefined {
  return telling(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const backup = existsSync(file) ? freeName(`${file}.before-mcqueen`) : undefined;
    if (backup !== undefined) copyFileSync(file, backup);
    const fresh = `${file}.${process.pid}.new`;
    try {
      writeFileSync(fresh, text, { mode: 0o600 });
      // Our umask is stricter than what the file had.
      chmodSync(fresh, mode);
      renameSync(fresh, file);
    } catch (error) {
      if (existsSync(fresh)) unlinkSync(fresh);
      throw error;
    }
    return backup;
  });
}

/** The first one is what the person had; a second run must not replace it. */
function freeName(wanted: string): string {
  let name = wanted;
  for (let n = 2; existsSync(name); n++) name = `${wanted}-${n}`;
  return name;
}

function telling<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string") || cause instanceof AppError)
      throw cause;
    throw new AppError("unavailable", `${file} cannot be read or written: ${cause.code}`, {
      hint: "Look at who owns it, or use --print and put it there by hand.",
      cause,
    });
  }
}
