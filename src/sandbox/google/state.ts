import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomText } from "../../core/secret.ts";

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** Does something with a file. False where the file, or the folder for it, is gone. */
function ifThere(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}

export const makeFolder = (path: string): void => void mkdirSync(path, { recursive: true, mode: 0o700 });

/** Writes a file whole or not at all. False where its folder is gone. */
export function write(path: string, content: object): boolean {
  const aside = `${path}.${randomText(6, "hex")}.new`;
  return ifThere(() => {
    writeFileSync(aside, JSON.stringify(content), { mode: 0o600 });
    renameSync(aside, path);
  });
}

/** Leaves an empty file as a mark. False where its folder is gone. */
export const mark = (path: string): boolean => ifThere(() => writeFileSync(path, "", { mode: 0o600 }));

export function read<Content>(path: string): Content | undefined {
  let text = "";
  return ifThere(() => {
    text = readFileSync(path, "utf8");
  })
    ? (JSON.parse(text) as Content)
    : undefined;
}

/** Names of what lies whole in a folder; none where it is gone. */
export function list(folder: string): string[] {
  let names: string[] = [];
  ifThere(() => {
    names = readdirSync(folder);
  });
  return names.filter((name) => !name.endsWith(".new")).sort();
}

/** Moves a file or folder. Of several processes that try, exactly one gets true. */
export const move = (from: string, to: string): boolean => ifThere(() => renameSync(from, to));

export const remove = (path: string): void => rmSync(path, { recursive: true, force: true });

/** Takes a folder away at once, then deletes what was in it. False where it was gone. */
export function removeFolder(path: string): boolean {
  const aside = join(dirname(dirname(path)), `removed-${randomText(6, "hex")}`);
  const wasThere = move(path, aside);
  remove(aside);
  return wasThere;
}

export const exists = existsSync;
