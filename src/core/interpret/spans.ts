import type { Slot } from "../hearing.ts";
import { findPhrase, stemsOf, trimRest, trimSpan, type Word } from "./words.ts";

/** A stretch of words that is a value; `cue` is where the phrase before it begins. */
export interface Span {
  cue: number;
  from: number;
  to: number;
}

/** What bounds the values of an action. */
export interface Bounds {
  words: readonly Word[];
  /** Words that something else has taken. */
  taken: ReadonlySet<number>;
  /** Where the phrases of all slots begin. */
  cues: ReadonlySet<number>;
  /** Everything from here on belongs to the slot that takes the rest. */
  end: number;
}

/** The words after one of a slot's phrases, the most telling phrase first. */
export function* spansAfter({ after = [], until = [], rest }: Slot, bounds: Bounds): Generator<Span> {
  const { words, taken, end } = bounds;
  const stops = new Set(until.flatMap((phrase) => [...findPhrase(words, stemsOf(phrase))]));
  for (const phrase of after) {
    const stems = stemsOf(phrase);
    for (const cue of findPhrase(words, stems, (at) => at < end && !taken.has(at))) {
      const from = cue + stems.length;
      const to = rest ? words.length : spanEnd(from, bounds, stops);
      const span = rest ? trimRest(words, from, to) : trimSpan(words, from, to);
      if (span) yield { cue, ...span };
    }
  }
}

function spanEnd(from: number, { words, taken, cues, end }: Bounds, stops: ReadonlySet<number>): number {
  const first = words[from];
  if (first?.quoted) {
    let to = from;
    while (to < end && words[to]?.quoted) to += 1;
    return to;
  }
  for (let to = from; to < end; to++) {
    if (taken.has(to) || stops.has(to) || (to > from && cues.has(to)) || words[to]?.quoted) return to;
    if (words[to]?.last) return to + 1;
  }
  return end;
}

/** The words of a span as they were written, without the marks around them. */
export function textOf(text: string, words: readonly Word[], { from, to }: { from: number; to: number }): string {
  const [first, last] = [words[from], words[to - 1]];
  return first && last ? text.slice(first.from, last.to).replace(/\s+/g, " ") : "";
}
