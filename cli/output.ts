import { writeSync } from "node:fs";
import { AppError } from "../src/core/errors.ts";
import { failure, toEnvelope } from "../src/core/outcome.ts";
import { isRecord } from "../src/core/parameters.ts";
import { createPaint, type Paint } from "./paint.ts";
import { safeJson, sanitise } from "./sanitise.ts";
import { select } from "./select.ts";
import { isTerminal } from "./terminal.ts";

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  select: string | undefined;
  noColor: boolean;
  plain: boolean;
  /** Given where stand-ins answer: every result says so, and every command that is named works there. */
  sandbox: SandboxWords | undefined;
}

/** `sandbox-words.ts`, which only the sandbox needs. */
export type SandboxWords = typeof import("./sandbox-words.ts");

/** Makes the commands in a text work where this one ran. */
export type Here = (text: string) => string;

/** stdout is data, stderr is talk. Everything printed goes through here. */
export interface Output {
  json: boolean;
  /** Colours for stdout; functions that change nothing where colour is not wanted. */
  paint: Paint;
  /** Whether a person sits at stdin and stderr and can be asked. */
  interactive: boolean;
  /** Whether stderr may show something that moves. */
  animated: boolean;
  /** Prints a result: the JSON value, its selected part, or the text for people. `here` is for what names our own commands. */
  data(value: unknown, human: (paint: Paint, here: Here) => string): void;
  /** What a person has to know to go on, on stderr also when remarks are not wanted. */
  tell(text: string): void;
  /** A remark for people, on stderr. */
  note(text: string): void;
  /** An error: its envelope on stdout under --json, else the sentence and what mends it on stderr. */
  fail(error: AppError): void;
  /** A failure's envelope that came from elsewhere. */
  envelope(value: unknown): void;
  /** A text as it is, to stdout. */
  write(text: string): void;
}

export function createOutput(options: OutputOptions): Output {
  const stdoutTty = isTerminal(1);
  const stderrTty = isTerminal(2);
  const paint = createPaint(stdoutTty && !options.noColor && !options.plain);
  const paintErr = createPaint(stderrTty && !options.noColor && !options.plain);
  const json = options.json || options.select !== undefined;
  const here: Here = options.sandbox?.inSandbox ?? ((text) => text);
  const talk = (text: string): void => writeAll(2, `${here(text)}\n`);
  const labelled = (value: unknown): unknown => {
    if (!options.sandbox) return value;
    const told = options.sandbox.hintsInSandbox(value);
    return isRecord(told) && isRecord(told.metadata)
      ? { ...told, metadata: { ...told.metadata, sandbox: true } }
      : told;
  };
  return {
    json,
    paint,
    interactive: isTerminal(0) && stderrTty && !options.plain,
    animated: stderrTty && !options.plain && !options.quiet,
    data(result, human) {
      if (!json) return writeAll(1, ensureNewline(human(paint, here)));
      const value = labelled(result);
      const part = options.select === undefined ? value : select(JSON.parse(JSON.stringify(value)), options.select);
      writeAll(1, ensureNewline(typeof part === "string" && options.select ? sanitise(part) : safeJson(part)));
    },
    tell: (text) => talk(sanitise(text)),
    note(text) {
      if (!options.quiet) talk(paintErr.dim(sanitise(text)));
    },
    fail(error) {
      if (json) writeAll(1, ensureNewline(safeJson(labelled(toEnvelope(failure(error))))));
      if (json && options.quiet) return;
      talk(`${paintErr.red("✗")} ${sanitise(endSentence(error.message))}`);
      for (const line of (error.hint ?? "").split("\n")) if (line) talk(`  ${sanitise(line)}`);
    },
    envelope: (value) => writeAll(1, ensureNewline(safeJson(labelled(value)))),
    write: (text) => writeAll(1, text),
  };
}

const endSentence = (text: string): string => (/[.?!…]$/.test(text) ? text : `${text}.`);

const ensureNewline = (text: string): string => (text.endsWith("\n") || text === "" ? text : `${text}\n`);

/** Writes everything. A reader that closed its end early is not an error: we stop quietly, as `head` expects. */
export function writeAll(descriptor: 1 | 2, text: string): void {
  let bytes: Uint8Array = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EPIPE") process.exit(0);
      if (code === "ENOSPC" || code === "EIO")
        throw new AppError("unavailable", "The output cannot be written: the disk is full", { cause: error });
      if (code !== "EAGAIN") throw error;
      Bun.sleepSync(2);
    }
  }
}
