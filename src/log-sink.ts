import {
  appendFileSync,
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

/** Takes whole lines. Never throws: what it logs about must not fail because of the log. */
export type Sink = (line: string) => void;

const turnOverBytes = 5 * 1024 * 1024;
const keptFiles = 3;

/** A file of mode 0600, turned over at 5 MiB with three old ones kept. While it cannot be written, stderr hears of it once. */
export function fileSink(path: string): Sink {
  const stderr = stderrSink();
  return countingSink(
    (line) => append(path, line),
    (cause, line) => stderr(`The log file ${path} cannot be written: ${String(cause)}\n${line}`),
  );
}

/** Takes lines and writes those of one turn of the event loop together. */
export interface GatheringSink {
  put: Sink;
  /** Writes at once what is still there. */
  flush(): void;
}

/** A daemon under load writes a line for each request, and opening its file costs more than writing to it. */
export function gather(sink: Sink): GatheringSink {
  let lines: string[] = [];
  const flush = (): void => {
    const text = lines.join("");
    lines = [];
    if (text !== "") sink(text);
  };
  process.on("exit", flush);
  return {
    put(line) {
      if (lines.push(line) === 1) setImmediate(flush);
    },
    flush,
  };
}

/** stderr. */
export const stderrSink = (): Sink => countingSink(writeToStderr);

/**
 * Counts the lines that were lost, and says how many as soon as it can.
 * @param onOutage must not throw; called with the first line of each outage
 */
function countingSink(put: Sink, onOutage?: (cause: unknown, line: string) => void): Sink {
  let lost = 0;
  return (line) => {
    try {
      // A disk that filled up may have kept a part of a line, so what comes next begins on a new one.
      if (lost > 0) put(`\n${lossLine(lost)}`);
      lost = 0;
      put(line);
    } catch (cause) {
      const isFirst = lost === 0;
      lost += line.split("\n").length - 1;
      if (isFirst) onOutage?.(cause, line);
    }
  };
}

const lossLine = (lost: number): string =>
  `${JSON.stringify({ level: "warn", time: new Date().toISOString(), lost, msg: "Lines of the log were lost" })}\n`;

function append(path: string, line: string): void {
  withFile(path, (fd, stats) => {
    const isFull = stats.isFile() && stats.size > 0 && stats.size + Buffer.byteLength(line) > turnOverBytes;
    if (isFull) {
      turnOver(path);
      withFile(path, (fresh, its) => appendTo(fresh, its, line));
    } else appendTo(fd, stats, line);
  });
}

function withFile(path: string, act: (fd: number, stats: Stats) => void): void {
  const fd = openMaking(path);
  try {
    act(fd, fstatSync(fd));
  } finally {
    closeSync(fd);
  }
}

/** Opened for each line, so that a file or folder that was moved away is noticed. */
function openMaking(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "a", 0o600);
  }
}

/** A device keeps its mode: /dev/null is everybody's. */
function appendTo(fd: number, stats: Stats, line: string): void {
  if (stats.isFile() && (stats.mode & 0o077) !== 0) fchmodSync(fd, 0o600);
  appendFileSync(fd, line);
}

function turnOver(path: string): void {
  rmSync(`${path}.${keptFiles}`, { force: true });
  for (let number = keptFiles - 1; number >= 0; number--) {
    const from = number === 0 ? path : `${path}.${number}`;
    if (existsSync(from)) renameSync(from, `${path}.${number + 1}`);
  }
}

const mostPauses = 25;

/** Not process.stderr: its failures come later, where nobody catches them. */
function writeToStderr(text: string): void {
  let bytes: Uint8Array = Buffer.from(text);
  let pauses = 0;
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(2, bytes));
    } catch (error) {
      const isBusy = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isBusy || ++pauses > mostPauses) throw error;
      Bun.sleepSync(2);
    }
  }
}
