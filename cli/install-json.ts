import { findNodeAtLocation, type Node, type ParseError, parse, parseTree } from "jsonc-parser";
import { AppError } from "../src/core/errors.ts";
import { isRecord } from "../src/core/parameters.ts";
import { expectedOf, type Fields, serverName, unfit, unreadable } from "./install-entry.ts";
import type { InstallTarget } from "./install-table.ts";

const lenient = { allowTrailingComma: true };

/** @throws AppError conflict */
export function inJson(text: string, { key, form, name }: InstallTarget, wanted: Fields): string {
  const source = text.trim() === "" ? "{}\n" : text;
  const before = read(source);
  if (form === "json" && !isPlain(source)) {
    throw new AppError("conflict", `${name} reads plain JSON alone, and its file has comments or trailing commas`, {
      hint: "Take them out first: as the file is, the program cannot read it.",
    });
  }
  const servers = before[key];
  if (servers !== undefined && !isRecord(servers)) throw unreadable(`JSON with an object under ${key}`);
  const expected = expectedOf(before, key, wanted);
  if (Bun.deepEquals(before, expected)) return text;
  const known = servers?.[serverName];
  const after = isRecord(known)
    ? edited(source, [key, serverName], wanted)
    : withValue(source, servers ? [key, serverName] : [key], servers ? wanted : { [serverName]: wanted });
  // A name that stands there twice, for one, is changed at the wrong place.
  if (!Bun.deepEquals(read(after), expected)) throw unfit(JSON.stringify({ [serverName]: wanted }, null, 2));
  return after;
}

function read(source: string): Fields {
  const errors: ParseError[] = [];
  const value: unknown = parse(source, errors, lenient);
  if (errors.length > 0 || !isRecord(value)) throw unreadable("JSON");
  return value;
}

function isPlain(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

/** Each field by itself, so that comments and fields between them stay. */
function edited(source: string, path: string[], wanted: Fields): string {
  let text = source;
  // The last one is put in first, since what is new stands at the top.
  for (const [name, value] of Object.entries(wanted).reverse()) {
    const at = [...path, name];
    const before = at.reduce<unknown>((holder, part) => (isRecord(holder) ? holder[part] : undefined), read(text));
    if (Bun.deepEquals(before, value)) continue;
    text = isRecord(before) && isRecord(value) ? edited(text, at, value) : withValue(text, at, value);
  }
  return text;
}

/** Replaces the value at a path, or puts it first into its object, so that not one sign of the rest moves. */
function withValue(source: string, path: string[], value: unknown): string {
  const root = parseTree(source, [], lenient) as Node;
  const form = formOf(source);
  const known = findNodeAtLocation(root, path);
  if (known) {
    const after = known.offset + known.length;
    return source.slice(0, known.offset) + form.write(value, path.length) + source.slice(after);
  }
  const holder = findNodeAtLocation(root, path.slice(0, -1)) as Node;
  return form.insert(source, holder, String(path.at(-1)), value, path.length);
}

/** How a file is laid out. */
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
