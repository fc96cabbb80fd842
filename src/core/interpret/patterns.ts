import { findPhrase, stemsOf, type Word } from "./words.ts";

/** One way to ask, compiled: per part the phrases of which one must be said. */
export interface Pattern {
  parts: readonly (readonly (readonly string[])[])[];
  isHint: boolean;
}

/** How well a sentence asks for something, from 0 to 1, and the words that do. */
export interface Evidence {
  strength: number;
  words: ReadonlySet<number>;
}

/** By the number of parts that a pattern has. */
const strengths = [0, 0.74, 0.86, 0.93, 0.97];
const hintStrength = 0.54;
const perFurther = 0.02;
const lateness = 0.2;

export const compilePattern = (said: string): Pattern => ({
  isHint: said.startsWith("?"),
  parts: said
    .replace(/^\?/, "")
    .trim()
    .split(/\s+/)
    .map((part) => part.split("|").map(stemsOf)),
});

/** Weighs the patterns of an action: the strongest counts, each further one a little, and what is said first is meant most. */
export function weigh(patterns: readonly Pattern[], words: readonly Word[], end: number): Evidence {
  const all = new Set<number>();
  let best = 0;
  let further = 0;
  for (const { parts, isHint } of patterns) {
    const used: number[] = [];
    const isSaid = parts.every((phrases) => {
      const found = firstOf(phrases, words, (at) => at < end && !used.includes(at));
      used.push(...(found ?? []));
      return found !== undefined;
    });
    if (!isSaid) continue;
    for (const at of parts.flatMap((phrases) => everyOf(phrases, words, end))) all.add(at);
    const base = isHint ? hintStrength : (strengths[Math.min(parts.length, strengths.length - 1)] ?? 0);
    const strength = base * (1 - (lateness * Math.min(...used)) / Math.max(8, words.length));
    best = Math.max(best, strength);
    further += perFurther;
  }
  return { strength: best === 0 ? 0 : Math.min(1, best + Math.min(0.06, further - perFurther)), words: all };
}

const everyOf = (phrases: readonly (readonly string[])[], words: readonly Word[], end: number): number[] =>
  phrases.flatMap((stems) =>
    [...findPhrase(words, stems, (index) => index < end)].flatMap((at) => stems.map((_, step) => at + step)),
  );

/** The earliest of the phrases; no word is two parts. */
function firstOf(
  phrases: readonly (readonly string[])[],
  words: readonly Word[],
  isOpen: (at: number) => boolean,
): number[] | undefined {
  let first: number[] | undefined;
  for (const stems of phrases) {
    const at = findPhrase(words, stems, isOpen).next();
    if (at.done || (first?.[0] !== undefined && first[0] <= at.value)) continue;
    first = stems.map((_, step) => at.value + step);
  }
  return first;
}
