import { signal } from "@preact/signals";
import type { ShownResult } from "./results/result.tsx";

interface KeptResult {
  shown: ShownResult;
  at: Date;
}

const results = signal<ReadonlyMap<string, KeptResult>>(new Map());
const keyOf = (tool: string, action: string): string => `${tool} ${action}`;

/** Keeps what was last read, in memory alone, so that whoever comes back finds the list they left. */
export function keepResult(shown: ShownResult): void {
  results.value = new Map(results.value).set(keyOf(shown.tool, shown.action), { shown, at: new Date() });
}

export const keptResult = (tool: string, action: string): KeptResult | undefined =>
  results.peek().get(keyOf(tool, action));

export function forgetResults(): void {
  results.value = new Map();
}
