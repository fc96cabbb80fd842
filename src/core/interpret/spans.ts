import type { Slot } from "../hearing.ts";
import type { Said } from "./said.ts";
import { isIdle, trimRest, trimSpan, type Word } from "./words.ts";

/** A stretch of words that is a value; `cue` is where the phrase before it begins. */
export interface Span {
  cue: number;
  from: number;
  to: number;
}

/** What bounds the values of an action. */
export interface Bounds {
  said: Said;
  /** Words that something else has taken. */
  taken: ReadonlySet<number>;
  /** Where the phrases of all slots begin. */
  cues: ReadonlySet<number>;
  /** Everything from here on belongs to the slot that takes the rest. */
  end: number;
}

/** The words after one of a slot's phrases, the most telling phrase first. */
export function* spansAfter({ after = [], until = [], unknown = [], rest }: Slot, bounds: Bounds): Generator<Span> {
  const { said, taken, cues, end } = bounds;
  const { words } = said;
  const stops = new Set(until.flatMap((phrase) => said.find(phrase).map((hit) => hit.from)));
  for (const phrase of after) {
    for (const { from: cue, to: from } of said.find(phrase, (at) => at < end && !taken.has(at))) {
      const to = rest ? words.length : spanEnd(from, bounds, stops);
      const opens = words[from];
      // "In at Joe's": the phrase of another slot follows at once.
      if (!rest && cues.has(from) && opens && !opens.quoted && isIdle(opens)) continue;
      const raw = words.slice(from, to).map((word) => word.text);
      if (!rest && unknown.includes(raw.join(" "))) {
        yield { cue, from, to };
        continue;
      }
      const span = rest ? trimRest(words, from, to) : trimSpan(words, from, to);
      if (span) yield { cue, ...span };
    }
  }
}

function spanEnd(from: number, { said: { words }, taken, cues, end }: Bounds, stops: ReadonlySet<number>): number {
  const first = words[from];
  if (first?.quoted) {
    let to = from;
    while (to < end && words[to]?.quoted) to += 1;
    return to;
  }
  for (let to = from; to < end; to++) {
    if (taken.has(to) || stops.has(to) || (to > from && cues.has(to)) || words[to]?.quoted) return to;
    if (words[to]?.last) return to + 1;
    const next = words[to + 1];
    if (words[to]?.pause && next && isIdle(next) && !next.capital) return to + 1;
  }
  return end;
}

/** The words of a span as they were written, without the marks around them. */
export function textOf(text: string, words: readonly Word[], { from, to }: { from: number; to: number }): string {
  const [first, last] = [words[from], words[to - 1]];
  return first && last ? text.slice(first.from, last.to).replace(/\s+/g, " ") : "";
}
