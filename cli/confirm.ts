import { AppError } from "../src/core/errors.ts";
import type { Envelope } from "../src/core/outcome.ts";
import { Exit } from "./exit.ts";
import { type Output, writeAll } from "./output.ts";
import { sanitise } from "./sanitise.ts";

/** Loaded late: most commands ask nothing, and it takes a millisecond. */
const readline = () => import("node:readline/promises");

/**
 * Reads the prompt to the person and waits for y or N.
 * Gives the values that were read back, or undefined where nobody can be asked.
 * @throws AppError declined
 */
export async function confirmationsFor(
  out: Output,
  refusal: Envelope & { success: false },
  parameters: Record<string, unknown>,
  yes: boolean,
): Promise<Record<string, unknown> | undefined> {
  const fields = refusal.metadata.requires_confirmation;
  if (!Array.isArray(fields)) return undefined;
  const question = String(refusal.metadata.confirmation_prompt ?? refusal.error);
  if (!yes && !out.interactive) return undefined;
  if (!yes && !(await ask(question))) throw new AppError("declined", "Not confirmed, so nothing was done");
  return Object.fromEntries((fields as string[]).map((field) => [field, parameters[field] ?? true]));
}

/** Asks on the terminal; only y and yes are a yes. */
export async function ask(question: string): Promise<boolean> {
  return /^y(es)?$/i.test((await readLine(`${sanitise(question)} [y/N] `)).trim());
}

/**
 * Shows a number and wants it back: a yes that cannot be piped in beforehand.
 * @throws AppError declined
 */
export async function askNumber(about: string): Promise<void> {
  const number = String(100_000 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 900_000));
  writeAll(2, about);
  const typed = await readLine(`Type ${number} to go on: `);
  if (typed.trim() !== number) throw new AppError("declined", "That was not the number, so nothing was done");
}

/** Asks for a secret without showing what is typed. */
export async function askHidden(question: string): Promise<string> {
  // Loaded before the question, so that no key is typed while the terminal still shows it.
  await readline();
  writeAll(2, sanitise(question));
  try {
    return (await readLine("", true)).trim();
  } finally {
    writeAll(2, "\n");
  }
}

/** Asks for a line; an empty one is an answer too. */
export const askLine = async (question: string): Promise<string> => (await readLine(sanitise(question))).trim();

/** A line that somebody may or may not type, until the signal comes; then undefined. */
export async function askUntil(question: string, signal: AbortSignal): Promise<string | undefined> {
  const line = await readLine(question, false, signal);
  return signal.aborted ? undefined : line.trim();
}

/** One line from the terminal. Ctrl-C ends the command, and the end of input is an empty answer. */
async function readLine(question: string, hidden = false, signal?: AbortSignal): Promise<string> {
  const terminal = (await readline()).createInterface({
    input: process.stdin,
    terminal: true,
    ...(hidden ? {} : { output: process.stderr }),
  });
  const ended = Promise.withResolvers<string>();
  let answered = false;
  terminal.once("close", () => ended.resolve(""));
  const onAbort = (): void => ended.resolve("");
  signal?.addEventListener("abort", onAbort, { once: true });
  terminal.once("SIGINT", () => ended.reject(new Exit(130)));
  try {
    const typed = terminal.question(question).then((line) => {
      answered = true;
      return line;
    });
    return await Promise.race([typed, ended.promise]);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    throw new Exit(130);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    if (!answered) writeAll(2, "\n");
    ended.promise.catch(() => undefined);
    terminal.close();
  }
}
