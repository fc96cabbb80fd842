import { applyEdits, modify, type ParseError, parse } from "jsonc-parser";
import { AppError } from "../src/core/errors.ts";
import { isRecord } from "../src/core/parameters.ts";
import type { InstallTarget } from "./install-table.ts";

export interface ServerEntry {
  command: string;
  args: string[];
}

const serverName = "mcqueen";

/** The text of a program's file with our entry in it: everything else, comments too, stays as it was. */
export function withServer(text: string, target: InstallTarget, entry: ServerEntry): string {
  return target.form === "json" ? inJson(text, target, entry) : inToml(text, target, entry);
}

/** What would stand in an empty file. */
export const snippetOf = (target: InstallTarget, entry: ServerEntry): string => withServer("", target, entry);

function inJson(text: string, { key, extra }: InstallTarget, entry: ServerEntry): string {
  const source = text.trim() === "" ? "{}\n" : text;
  const errors: ParseError[] = [];
  const value: unknown = parse(source, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !isRecord(value)) throw unreadable("JSON");
  const wanted = { ...extra, ...entry };
  const servers = value[key];
  if (servers !== undefined && !isRecord(servers)) throw unreadable(`JSON with an object under ${key}`);
  if (Bun.deepEquals(servers?.[serverName], wanted)) return text;
  const tabs = /^\t/m.test(source);
  const formattingOptions = {
    insertSpaces: !tabs,
    tabSize: tabs ? 1 : (/^( +)\S/m.exec(source)?.[1]?.length ?? 2),
    eol: source.includes("\r\n") ? "\r\n" : "\n",
  };
  return applyEdits(source, modify(source, [key, serverName], wanted, { formattingOptions }));
}

/** Replaces our own table, or adds it at the end: a table there can change the meaning of nothing before it. */
function inToml(text: string, { key }: InstallTarget, entry: ServerEntry): string {
  let value: unknown;
  try {
    value = Bun.TOML.parse(text);
  } catch {
    throw unreadable("TOML");
  }
  const known = isRecord(value) && isRecord(value[key]) ? value[key][serverName] : undefined;
  if (Bun.deepEquals(known, entry)) return text;
  const table = `[${key}.${serverName}]\n${Bun.TOML.stringify({ ...entry }).trim()}\n`;
  const own = new RegExp(`^\\[\\s*${key}\\s*\\.\\s*"?${serverName}"?\\s*\\][^\\n]*\\n(?:(?!\\s*\\[)[^\\n]*\\n?)*`, "m");
  if (known !== undefined && !own.test(text)) {
    throw new AppError("conflict", `The file has an entry ${serverName} in a form that is not changed here`, {
      hint: `Put it there by hand:\n${table}`,
    });
  }
  if (own.test(text)) return text.replace(own, (old) => `${table}${old.endsWith("\n\n") ? "\n" : ""}`);
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${text.trim() === "" ? "" : "\n"}${table}`;
}

const unreadable = (form: string): AppError =>
  new AppError("conflict", `The file is not valid ${form}, so nothing was changed`, {
    hint: "Mend it first, or use --print and put it there by hand.",
  });

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
