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

/** Makes the structured logger. Every field is redacted by key, and every text by form and by known secrets. */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  if (options.level === "silent") return silentLogger;
  const { pino } = await import("pino");
  const redactor = createRedactors(options.secrets);
  const scrub = (text: string): string => redactor().scrub(text);
  const direct = options.file ? fileSink(options.file) : stderrSink();
  const gathered = options.gathers ? gather(direct) : undefined;
  const sink = gathered?.put ?? direct;
  const isPretty = options.format === "pretty" && !options.file;
  const base = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    // Once more as a whole: a secret may come together only here.
    { write: (line: string) => sink(scrub(isPretty ? prettyLine(line) : line)) },
  );
  const at =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      const text = scrub(message);
      try {
        base[level](redactor().redact(fields) as Record<string, unknown>, text);
      } catch {
        // A field whose getter throws: the message goes without the fields.
        base[level]({ unreadable_fields: true }, text);
      }
      if (level === "error" || level === "warn") gathered?.flush();
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

function prettyLine(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${String(msg)}${rest.join("")}\n`;
}
