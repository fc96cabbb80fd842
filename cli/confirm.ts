import { createInterface } from "node:readline/promises";
import { AppError } from "../src/core/errors.ts";
import type { Envelope } from "../src/core/outcome.ts";
import { type Output, writeAll } from "./output.ts";
import { sanitise } from "./sanitise.ts";

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
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${sanitise(question)} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/**
 * Shows a number and wants it back: a yes that cannot be piped in beforehand.
 * @throws AppError declined
 */
export async function askNumber(about: string): Promise<void> {
  const number = String(100_000 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 900_000));
  writeAll(2, about);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`Type ${number} to go on: `);
    if (typed.trim() !== number) throw new AppError("declined", "That was not the number, so nothing was done");
  } finally {
    terminal.close();
  }
}

/** Asks for a secret without showing what is typed. */
export async function askHidden(question: string): Promise<string> {
  writeAll(2, sanitise(question));
  const terminal = createInterface({ input: process.stdin, terminal: true });
  try {
    return (await terminal.question("")).trim();
  } finally {
    terminal.close();
    writeAll(2, "\n");
  }
}
