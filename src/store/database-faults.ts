import { SQLiteError } from "bun:sqlite";
import { AppError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { backupFolderOf, listBackups } from "./backup-list.ts";

/** Speaks SQLite's errors in our words. Anything that is not SQLite's passes unchanged. */
export function translate(error: unknown, path: string): unknown {
  if (!(error instanceof SQLiteError)) return error;
  const code = error.code ?? "";
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AppError("unavailable", "The database is busy", { retryAfterS: 1, cause: error });
  }
  if (/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|PERM)/.test(code)) {
    return new AppError("unavailable", `The database ${path} cannot be used: ${reasons[code.split("_")[1] ?? ""]}`, {
      hint: "Free space or mend the permissions, then try again. Nothing was stored.",
      cause: error,
    });
  }
  if (code === "SQLITE_CONSTRAINT_FOREIGNKEY") {
    return new AppError("conflict", "The user was removed meanwhile", { cause: error });
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(path, error);
  return error;
}

const reasons: Record<string, string> = {
  FULL: "the disk is full",
  IOERR: "the disk answers with errors",
  READONLY: "it is read-only",
  CANTOPEN: "it cannot be opened",
  PERM: "the permissions do not allow it",
};

/** A database that cannot be used. What mends it names the newest backup, where there is one. */
export function damaged(path: string, cause?: unknown): AppError {
  return new AppError("unavailable", `The database ${path} is empty or damaged; it was left as it is`, {
    hint: mendDamage(path),
    cause,
  });
}

function mendDamage(path: string): string {
  const [newest, ...older] = listBackups(backupFolderOf(path));
  const anew = `To start anew, move it away: mv '${path}' '${path}.damaged'`;
  if (!newest) return `There is no backup in ${backupFolderOf(path)}. ${anew}`;
  const others = older.length > 0 ? `, and ${older.length} older ones: mcqueen backup list` : "";
  const day = newest.madeAt.toISOString().slice(0, 16).replace("T", " ");
  return `The newest backup is of ${day} UTC${others}.
Run: mcqueen restore ${shellWord(newest.path)}
${anew}`;
}
