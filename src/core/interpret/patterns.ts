import type { Said } from "./said.ts";

/** One way to ask, taken apart: per part the phrases of which one must be said. */
export interface Pattern {
  parts: readonly (readonly string[])[];
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
const mostFurther = 0.06;
const lateness = 0.2;

export const readPattern = (pattern: string): Pattern => ({
  isHint: pattern.startsWith("?"),
  parts: pattern
    .replace(/^\?/, "")
    .trim()
    .split(/\s+/)
    .map((part) => part.split("|")),
});

/**
 * Weighs the patterns of an action: the strongest counts, each further one a little, and what is said first is meant most.
 * @param end words from here on ask for nothing
 */
export function weigh(patterns: readonly Pattern[], said: Said, end: number, takesHints: boolean): Evidence {
  const all = new Set<number>();
  let best = 0;
  let count = 0;
  for (const { parts, isHint } of patterns) {
    if (isHint && !takesHints) continue;
    const used = onePerPart(parts, said, end);
    if (!used) continue;
    for (const hit of parts.flatMap((phrases) => hitsOf(phrases, said, end)))
      for (let at = hit.from; at < hit.to; at++) all.add(at);
    const base = isHint ? hintStrength : (strengths[Math.min(parts.length, strengths.length - 1)] ?? 0);
    best = Math.max(best, base * (1 - (lateness * Math.min(...used)) / Math.max(8, said.words.length)));
    count += 1;
  }
  const further = Math.min(mostFurther, perFurther * Math.max(0, count - 1));
  return { strength: best === 0 ? 0 : Math.min(1, best + further), words: all };
}

/** The words of the earliest phrase of each part; no word is two parts. Undefined when a part was not said. */
function onePerPart(parts: Pattern["parts"], said: Said, end: number): number[] | undefined {
  const used: number[] = [];
  for (const phrases of parts) {
    const hits = hitsOf(phrases, said, end).filter(({ from, to }) => !used.some((at) => at >= from && at < to));
    const [first] = hits.sort((a, b) => a.from - b.from || b.to - a.to);
    if (!first) return undefined;
    for (let at = first.from; at < first.to; at++) used.push(at);
  }
  return used;
}

const hitsOf = (phrases: readonly string[], said: Said, end: number) =>
  phrases.flatMap((phrase) => said.find(phrase, (at) => at < end));
