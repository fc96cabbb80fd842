import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { redact, scrub } from "./core/redaction.ts";

export type Level = "error" | "warn" | "info" | "debug" | "trace";

export interface Logger {
  error(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  debug(message: string, fields?: Record<string, unknown>): void;
}

export interface LoggerOptions {
  level: Level | "silent";
  format: "pretty" | "json";
  /** A file of mode 0600, turned over at 5 MiB with three old ones kept; else stderr. */
  file?: string;
  /** Values that never appear, whatever key or sentence they stand in. */
  secrets: readonly string[];
}

export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const turnOverBytes = 5 * 1024 * 1024;
const keptFiles = 3;

/** Makes the structured logger. Every field is redacted by key, and every line by known secrets. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  if (options.level === "silent") return silentLogger;
  const { pino } = await import("pino");
  const toFile = options.file ? fileWriter(options.file) : (line: string) => process.stderr.write(line);
  const pretty = options.format === "pretty" && !options.file;
  const write = (line: string): void => {
    const safe = scrub(line, options.secrets);
    toFile(pretty ? prettyLine(safe) : safe);
  };
  const base = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write },
  );
  const at =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      base[level](redact(fields) as Record<string, unknown>, message);
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

function fileWriter(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let size = existsSync(path) ? statSync(path).size : 0;
  return (line) => {
    if (size + line.length > turnOverBytes) {
      turnOver(path);
      size = 0;
    }
    appendFileSync(path, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  };
}

function turnOver(path: string): void {
  rmSync(`${path}.${keptFiles}`, { force: true });
  for (let number = keptFiles - 1; number >= 0; number--) {
    const from = number === 0 ? path : `${path}.${number}`;
    if (existsSync(from)) renameSync(from, `${path}.${number + 1}`);
  }
}

function prettyLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest.join("")}\n`;
}
