import { isRecord } from "../src/core/parameters.ts";
import type { ServerEntry } from "./install-edit.ts";
import { expectedOf, type Fields, serverName, unfit, unreadable } from "./install-entry.ts";
import type { InstallTarget } from "./install-table.ts";

/** @throws AppError conflict */
export function inToml(text: string, { key }: InstallTarget, entry: ServerEntry): string {
  const before = read(text);
  if (!before) throw unreadable("TOML");
  const servers = before[key];
  const expected = expectedOf(before, key, { ...entry });
  if (Bun.deepEquals(before, expected)) return text;
  const lines = linesOf(entry);
  const table = `[${key}.${serverName}]\n${lines.map(({ line }) => `${line}\n`).join("")}`;
  const known = isRecord(servers) ? servers[serverName] : undefined;
  const after = known === undefined ? appended(text, table) : changed(text, key, known, lines);
  // No table may be added to one that stands on one line, though some parsers let it pass.
  const isOneLine = new RegExp(`^\\s*["']?${key}["']?\\s*=`, "m").test(text);
  if (after === undefined || isOneLine || !Bun.deepEquals(read(after), expected)) throw unfit(table);
  return after;
}

function read(text: string): Fields | undefined {
  try {
    return Bun.TOML.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

interface Line {
  name: string;
  value: unknown;
  line: string;
}

/** The signs of a JSON text and of a list of them mean the same in TOML. */
function linesOf({ command, args, env }: ServerEntry): Line[] {
  const pairs = Object.entries(env ?? {}).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return [
    { name: "command", value: command, line: `command = ${JSON.stringify(command)}` },
    { name: "args", value: args, line: `args = [${args.map((word) => JSON.stringify(word)).join(", ")}]` },
    ...(env ? [{ name: "env", value: env, line: `env = { ${pairs.join(", ")} }` }] : []),
  ];
}

/** At the end a table changes the meaning of nothing before it. */
const appended = (text: string, table: string): string =>
  `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${text.trim() === "" ? "" : "\n"}${table}`;

/** Changes our table line by line; undefined where it is written in another form. */
function changed(text: string, key: string, known: unknown, wanted: Line[]): string | undefined {
  const lines = text.split("\n");
  const header = new RegExp(`^\\s*\\[\\s*["']?${key}["']?\\s*\\.\\s*["']?${serverName}["']?\\s*\\]\\s*(#.*)?$`);
  const start = lines.findIndex((line) => header.test(line));
  if (start < 0 || !isRecord(known)) return undefined;
  for (const { name, value, line } of [...wanted].reverse()) {
    if (Bun.deepEquals(known[name], value)) continue;
    const [at, count] = assignmentOf(name, lines, start + 1);
    lines.splice(at, count, line);
  }
  return lines.join("\n");
}

/** Where a name gets its value, and over how many lines; no lines at the table's start where it gets none. */
function assignmentOf(name: string, lines: string[], from: number): [at: number, count: number] {
  const isIts = new RegExp(`^\\s*["']?${name}["']?\\s*=`);
  const end = lines.findIndex((line, at) => at >= from && /^\s*\[[^\],]*\]{1,2}\s*(#.*)?$/.test(line));
  const last = end < 0 ? lines.length : end;
  const at = lines.findIndex((line, index) => index >= from && index < last && isIts.test(line));
  if (at < 0) return [from, 0];
  for (let count = 1; at + count <= last; count++) {
    if (read(lines.slice(at, at + count).join("\n"))) return [at, count];
  }
  return [at, 1];
}
