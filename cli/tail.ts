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

/** Hands on what is appended, until the process is interrupted. Notices when the file is turned over. */
export async function followFile(path: string, write: (text: string) => void): Promise<never> {
  let position = statSync(path).size;
  let inode = statSync(path).ino;
  for (;;) {
    await Bun.sleep(200);
    if (!existsSync(path)) continue;
    const fd = openSync(path, "r");
    const { size, ino } = fstatSync(fd);
    if (ino !== inode || size < position) position = 0;
    inode = ino;
    if (size > position) write(sanitise(readFrom(fd, position, size)));
    position = size;
    closeSync(fd);
  }
}

function readFrom(fd: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)).toString("utf8");
}
