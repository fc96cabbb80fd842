import { isRecord } from "../../../src/core/parameters.ts";

/** What came of a call, as the program shows it: the structured data, or the words of the failure. */
export type Called = { data: unknown } | { failure: string };

/** Our tools through somebody else's program. */
export interface Reached {
  names(): Promise<string[]>;
  call(tool: string, given: Record<string, unknown>): Promise<Called>;
  close(): Promise<void>;
}

/** How a program gets to us. */
export type Way = { home: string } & (
  | { kind: "token"; url: string; token: string }
  | { kind: "login"; url: string; session: string }
  | { kind: "pipes"; command: string[]; env: Record<string, string> }
);

/** A result of the protocol, as programs print it. */
export function calledOf(result: unknown): Called {
  if (!isRecord(result)) throw new Error(`No result: ${JSON.stringify(result)}`);
  if (result.isError !== true) return { data: result.structuredContent };
  return { failure: (result.content as { text: string }[]).map(({ text }) => text).join("\n") };
}

/** The names of tools listed under a key. */
export const namesIn = (listed: { name: string }[]): string[] => listed.map(({ name }) => name);

export const failureOf = (called: Called): string => ("failure" in called ? called.failure : JSON.stringify(called));
