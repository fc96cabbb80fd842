import { type HeardMoment, momentsIn } from "./moments.ts";
import { shareHalves } from "./when.ts";
import { isIdle, stemOf, type Word, wordsOf } from "./words.ts";

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
  /** Asks what is or was, and for nothing to be done. */
  isQuestion: boolean;
  /** Begins by ordering that something be told, or be ended. */
  order: "tell" | "end" | undefined;
  /** From this word on somebody is quoted, or a text is dictated. */
  toldFrom: number;
  /** The services that were named: "WhatsApp". */
  services: readonly { at: number; service: string }[];
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

export function hear(
  text: string,
  now: Temporal.ZonedDateTime,
  stemsOf: Stems,
  services: ReadonlySet<string> = new Set(),
): Said {
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
    isQuestion: isQuestion(text),
    order: orderOf(words),
    toldFrom: toldFrom(words),
    services: words.flatMap(({ text: service, quoted }, at) =>
      !quoted && services.has(service) ? [{ at, service }] : [],
    ),
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

/** "What about a table" and "how about" propose something. */
const isQuestion = (text: string): boolean =>
  /^\W*((hey|hi|ok|okay|so|and|please|mcqueen)\W+)*(what|who|whose|which|where|when|why|how|did|has|was|were|any)\b(?!\W+about)/iu.test(
    text,
  );

/** The verb that a sentence begins with; "send me the news" tells nobody anything. */
function orderOf(words: readonly Word[]): Said["order"] {
  const at = words.findIndex((word) => word.quoted || !isIdle(word));
  const verb = words[at]?.quoted ? "" : (words[at]?.text ?? "");
  if (/^(delete|remove|cancel|erase|scrap|drop|close|deactivate|unfollow|block|unsubscribe)$/.test(verb)) return "end";
  const isForMe = /^(me|us)$/.test(words[at + 1]?.text ?? "");
  return !isForMe && /^(send|write|post|say|message|text|reply|share|publish)$/.test(verb) ? "tell" : undefined;
}

/** Behind a colon or "saying", where something was said before that. */
function toldFrom(words: readonly Word[]): number {
  const at = words.findIndex(({ colon, text, quoted }) => !quoted && (colon || text === "saying"));
  return at >= 0 && words.slice(0, at + 1).filter((word) => !isIdle(word)).length > 1 ? at + 1 : words.length;
}
