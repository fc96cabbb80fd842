import { Option } from "commander";
import type { Output } from "../output.ts";

/** A flag of `run` that a view adds: it concerns the terminal alone, and is not sent with the call. */
export interface TerminalFlag {
  /** As commander writes it, with one value: "--open <number>". */
  flag: string;
  about: string;
  /** Before the call. @throws AppError usage for a value that makes no sense */
  check(value: string): void;
  /** After the result was shown. @throws AppError when it cannot be done */
  act(value: string, data: Record<string, unknown>, out: Output): Promise<void>;
}

export const optionOf = ({ flag, about }: TerminalFlag): Option => new Option(flag, about).helpGroup("Terminal:");
