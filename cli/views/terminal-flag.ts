import type { Envelope } from "../../src/core/outcome.ts";
import type { Output } from "../output.ts";

/** A flag of `run` that a view adds: it concerns the terminal alone, and is not sent with the call. */
export interface TerminalFlag {
  /** As commander writes it, with one value: "--open <number>". */
  flag: string;
  about: string;
  /** Whether it may be given several times. */
  repeats?: true;
  /** The actions that it goes with; all of them unless told. */
  actions?: readonly string[];
  /** Before the call. @throws AppError usage for a value that makes no sense */
  check(value: string): void;
  /** Before the call, with all values: parameters that go along. @throws AppError when it cannot be done */
  prepare?(values: readonly string[], parameters: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /**
   * After the result was shown, for each value.
   * @param again calls the tool once more, for the same account
   * @throws AppError when it cannot be done
   */
  act?(value: string, data: Record<string, unknown>, out: Output, again: CallAgain): Promise<void>;
}

export type CallAgain = (parameters: Record<string, unknown>) => Promise<Envelope>;
