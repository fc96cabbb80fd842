import { type HeardMoment, momentsIn } from "./moments.ts";
import { shareHalves } from "./when.ts";
import { stemOf, type Word, wordsOf } from "./words.ts";

/** Where a phrase stands. */
export interface Hit {
  from: number;
  to: number;
}

/** What was said, and when. */
export interface Said {
  text: string;
  words: readonly Word[];
  now: Temporal.ZonedDateTime;
  /** All that was said of when. */
  moments: readonly HeardMoment[];
  /**
   * Each place of a phrase, compared by stem. "#", "@" and "+" stand for any word that begins so, and ":" for the place
   * behind a colon; quoted words and those that `isOpen` refuses are passed over.
   */
  find(phrase: string, isOpen?: (at: number) => boolean): Hit[];
}

/** Gives a phrase's stems. */
export type Stems = (phrase: string) => readonly string[];

/** A function that works the stems of each phrase out once. */
export function createStems(): Stems {
  const known = new Map<string, readonly string[]>();
  return (phrase) => {
    const found = known.get(phrase) ?? phrase.split(/[ _]/).map(stemOf);
    known.set(phrase, found);
    return found;
  };
}

export function hear(text: string, now: Temporal.ZonedDateTime, stemsOf: Stems): Said {
  const words = wordsOf(text);
  const places = new Map<string, number[]>();
  for (const [at, { stem, quoted }] of words.entries()) {
    if (quoted) continue;
    const known = places.get(stem);
    if (known) known.push(at);
    else places.set(stem, [at]);
    const sign = /^[#@+](?=[\p{L}\p{N}])/u.exec(stem)?.[0];
    if (sign) places.set(sign, [...(places.get(sign) ?? []), at]);
  }
  return {
    text,
    words,
    now,
    moments: shareHalves(momentsIn(words, now.toPlainDate())),
    find(phrase, isOpen = () => true) {
      if (phrase === ":") return words.flatMap(({ colon }, at) => (colon ? [{ from: at + 1, to: at + 1 }] : []));
      const stems = stemsOf(phrase);
      return (places.get(stems[0] ?? "") ?? [])
        .filter((at) =>
          stems.every((stem, step) => {
            const word = words[at + step];
            return (
              (word?.stem === stem || (stem.length === 1 && word?.stem.startsWith(stem) && /[#@+]/.test(stem))) &&
              !word.quoted &&
              isOpen(at + step)
            );
          }),
        )
        .map((at) => ({ from: at, to: at + stems.length }));
    },
  };
}
