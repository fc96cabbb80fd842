import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { sanitise } from "./sanitise.ts";

const mostBytes = 4 * 1024 * 1024;

/** The last lines of a file. */
export function tailFile(path: string, lines: number): string {
  const fd = openSync(path, "r");
  try {
    const { size } = fstatSync(fd);
    const text = readFrom(fd, Math.max(0, size - mostBytes), size);
    const all = text.split("\n");
    const last = all.slice(Math.max(0, all.length - 1 - lines)).join("\n");
    return sanitise(last);
  } finally {
    closeSync(fd);
  }
}

/** Lines of the log for people: "2026-11-25 00:54:10Z info  serving pid=12". A line that is not the log's stays. */
export const readable = (text: string): string => text.split("\n").map(readableLine).join("\n");

function readableLine(line: string): string {
  if (!line.startsWith("{")) return line;
  try {
    const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.entries(fields).map(
      ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    const at = String(time);
    return `${at.slice(0, 10)} ${at.slice(11, 19)}Z ${String(level).padEnd(5)} ${String(msg)}${rest.join("")}`;
  } catch (error) {
    if (error instanceof SyntaxError) return line;
    throw error;
  }
}

/** Hands on what is appended, until the signal comes. A file that is turned over meanwhile is read to its end first. */
export async function followFile(path: string, write: (text: string) => void, signal?: AbortSignal): Promise<void> {
  // Open while it is followed, since its name goes to the next one.
  let fd = openSync(path, "r");
  let position = fstatSync(fd).size;
  const readOn = (): void => {
    const { size } = fstatSync(fd);
    if (size < position) position = 0;
    if (size > position) write(sanitise(readFrom(fd, position, size)));
    position = size;
  };
  while (!signal?.aborted) {
    await Bun.sleep(200);
    const isTurnedOver = existsSync(path) && statSync(path).ino !== fstatSync(fd).ino;
    readOn();
    if (!isTurnedOver) continue;
    closeSync(fd);
    fd = openSync(path, "r");
    position = 0;
    readOn();
  }
  closeSync(fd);
}

function readFrom(fd: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)).toString("utf8");
}
