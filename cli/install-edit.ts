import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from "jsonc-parser";
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
  const root = parseTree(source, [], { allowTrailingComma: true });
  if (errors.length > 0 || !isRecord(value) || !root) throw unreadable("JSON");
  const wanted = { ...extra, ...entry };
  const servers = value[key];
  if (servers !== undefined && !isRecord(servers)) throw unreadable(`JSON with an object under ${key}`);
  if (Bun.deepEquals(servers?.[serverName], wanted)) return text;
  const form = formOf(source);
  const known = findNodeAtLocation(root, [key, serverName]);
  if (known) {
    const after = known.offset + known.length;
    return source.slice(0, known.offset) + form.write(wanted, 2) + source.slice(after);
  }
  const holder = findNodeAtLocation(root, [key]);
  return holder
    ? form.insert(source, holder, serverName, wanted, 2)
    : form.insert(source, root, key, { [serverName]: wanted }, 1);
}

/** How a file is laid out. What is added stands first in its object, so that not one sign of the rest moves. */
function formOf(source: string) {
  const unit = /^([ \t]+)\S/m.exec(source)?.[1] ?? "  ";
  const eol = source.includes("\r\n") ? "\r\n" : "\n";
  const write = (value: unknown, depth: number): string =>
    JSON.stringify(value, null, unit).replaceAll("\n", eol + unit.repeat(depth));
  return {
    write,
    insert(text: string, object: Node, name: string, value: unknown, depth: number): string {
      const at = object.offset + 1;
      const line = `${eol}${unit.repeat(depth)}${JSON.stringify(name)}: ${write(value, depth)}`;
      if ((object.children ?? []).length > 0) return `${text.slice(0, at)}${line},${text.slice(at)}`;
      const end = object.offset + object.length - 1;
      const inside = text.slice(at, end).trimEnd();
      return `${text.slice(0, at)}${line}${inside}${eol}${unit.repeat(depth - 1)}${text.slice(end)}`;
    },
  };
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
