import { AppError } from "../src/core/errors.ts";
import { inJson } from "./install-json.ts";
import type { InstallTarget } from "./install-table.ts";
import { inToml } from "./install-toml.ts";

/** How a program starts us. */
export interface ServerEntry {
  command: string;
  args: string[];
  /** What finds our home again; absent for the usual one. */
  env?: Record<string, string>;
}

/**
 * The text of a program's file with our entry in it: everything else, comments and fields beside ours too, stays as it was.
 * @throws AppError conflict for a file that cannot be read or is in a form that is not changed here
 */
export const withServer = (text: string, target: InstallTarget, entry: ServerEntry): string =>
  target.form === "toml" ? inToml(text, target, entry) : inJson(text, target, { ...target.extra, ...entry });

/** What would stand in an empty file. */
export const snippetOf = (target: InstallTarget, entry: ServerEntry): string => withServer("", target, entry);

/** The lines that go and come, between two lines that stay. */
export function differenceOf(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const around = 2;
  const marked = (sign: string, lines: string[]): string[] => lines.map((line) => `${sign} ${line}`);
  return [
    ...marked(" ", a.slice(Math.max(0, start - around), start)),
    ...marked("-", a.slice(start, a.length - end)),
    ...marked("+", b.slice(start, b.length - end)),
    ...marked(" ", a.slice(a.length - end, a.length - end + around)),
  ].join("\n");
}

/** A file that somebody may have changed meanwhile. */
export const changedMeanwhile = (file: string): AppError =>
  new AppError("conflict", `${file} was changed meanwhile, so nothing was written`, { hint: "Run it again." });
