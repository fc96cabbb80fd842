import type { KnownSecrets } from "./core/known-secrets.ts";
import { createRedactor, type Redactor } from "./core/redaction.ts";
import { fileSink, gather, stderrSink } from "./log-sink.ts";

export type Level = "error" | "warn" | "info" | "debug" | "trace";

/** Logging never throws. */
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
  secrets: KnownSecrets;
  /** Writes what is not urgent at the end of a turn of the event loop, with all else that came in it. */
  gathers?: boolean;
}

export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

const levels: readonly Level[] = ["error", "warn", "info", "debug", "trace"];

/** Makes the structured logger. Every field is redacted by key, and every text by form and by known secrets. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const { level: wanted } = options;
  if (wanted === "silent") return silentLogger;
  const redactor = createRedactors(options.secrets);
  const direct = options.file ? fileSink(options.file) : stderrSink();
  const gathered = options.gathers ? gather(direct) : undefined;
  const sink = gathered?.put ?? direct;
  const lineOf = options.format === "pretty" && !options.file ? prettyLine : jsonLine;
  const timeNow = createClock();
  const at = (level: Level) => {
    if (levels.indexOf(level) > levels.indexOf(wanted)) return () => undefined;
    return (message: string, fields: Record<string, unknown> = {}): void => {
      const { scrub, redact } = redactor();
      const write = (safe: Record<string, unknown>): void =>
        // Once more as a whole: a secret may come together only here.
        sink(scrub(`${lineOf(level, timeNow(), safe, scrub(message))}\n`));
      try {
        write(redact(fields) as Record<string, unknown>);
      } catch {
        // A field whose getter throws: the message goes without the fields.
        write({ unreadable_fields: true });
      }
      if (level === "error" || level === "warn") gathered?.flush();
    };
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** One redactor for as long as no other secret becomes known. */
function createRedactors(secrets: KnownSecrets): () => Redactor {
  let of = secrets.all();
  let made = createRedactor(of);
  return () => {
    if (secrets.all() === of) return made;
    of = secrets.all();
    made = createRedactor(of);
    return made;
  };
}

/** ISO 8601; made once for all lines of a millisecond. */
function createClock(): () => string {
  let ms = Number.NaN;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== ms) text = new Date(now).toISOString();
    ms = now;
    return text;
  };
}

/** Level and time stand first, and no field takes their place. */
const jsonLine = (level: Level, time: string, fields: Record<string, unknown>, msg: string): string =>
  JSON.stringify(Object.assign({ level, time }, fields, { level, time, msg }));

function prettyLine(level: Level, time: string, fields: Record<string, unknown>, msg: string): string {
  const rest = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${rest.join("")}`;
}
