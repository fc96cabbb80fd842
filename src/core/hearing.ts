/** What kind of thing a parameter is when somebody says it. */
export type SlotKind =
  | "text"
  /** A day: "2026-12-04". */
  | "day"
  /** A time of day: "19:30". */
  | "time"
  /** A day, with the time if one was said: "2026-12-04 19:30"; or a stretch such as "next week". */
  | "moment"
  /** Where a stretch ends that `moment` begins; of a single day, that day. */
  | "end"
  /** A day and a time as an instant with its offset. */
  | "instant"
  /** A length of time, in minutes. */
  | "minutes"
  | "count"
  | "choice"
  /** Mail addresses. */
  | "people"
  /** A search in a language of its own: `words` and `named` become its terms. */
  | "terms"
  /** "#general", "@ada", "+49 170 1234567" or a mail address, where the schema takes it. */
  | "handle"
  /** An id, known by the pattern in the schema. */
  | "id"
  /** The address of a page. */
  | "link";

/** Where a parameter stands in what a person says. Phrases are compared by stem and without case. */
export interface Slot {
  as: SlotKind;
  /** Phrases that stand before it, the most telling first. */
  after?: readonly string[];
  /** Phrases that end it, beside those that begin another slot. */
  until?: readonly string[];
  /** Phrases that stand behind it; then it is one word: "the hello_world template". */
  before?: readonly string[];
  /** Where no phrase leads to it: what follows the value of this other slot at once ("text +49 170 1234567 I am late"). */
  behind?: string;
  /** Takes everything up to the end, whatever else it holds. */
  rest?: true;
  /** What it takes also asks for the action: "find news" is a search for news. */
  asks?: true;
  /** Without a phrase before it: the words that nothing else explains, or the whole sentence. */
  otherwise?: "leftover" | "whole";
  /** For choices and terms: what says a value, beside the value itself. */
  words?: Readonly<Record<string, readonly string[]>>;
  /** For terms: the phrases before a name, by the term that takes it. */
  named?: Readonly<Record<string, readonly string[]>>;
  /** For mail addresses: those that stand behind no phrase too. */
  all?: boolean;
  /** For terms: the phrases behind a name, by the term that takes it. */
  namedBefore?: Readonly<Record<string, readonly string[]>>;
  /** For counts: what is counted. */
  units?: readonly string[];
  /** Values that nobody but the speaker knows, such as "here": then the parameter is missing. */
  unknown?: readonly string[];
  /** Phrases that mean this parameter without giving it. */
  implied?: readonly string[];
  /** Needed, although the schema takes a call without it. */
  wanted?: true;
  /** Hours said without am or pm are not before this one; 8 unless told. */
  dayBegins?: number;
  /** "Friday afternoon" is not enough. */
  exact?: true;
  /** The last of several is meant. */
  last?: true;
}

/** How a person's words become a call of an action. */
export interface Hearing {
  /**
   * Ways to ask. Each names words that are all said, in any order: `book|reserve table`; `look_up` stands together. One
   * that begins with `?` only hints.
   */
  says: readonly string[];
  /** Phrases with which a hint is none. */
  unless?: readonly string[];
  slots?: Readonly<Record<string, Slot>>;
  /** Days and times are heard and left aside, because the action takes none. */
  timeless?: true;
  /** A slot without which this action is not meant. */
  needs?: string;
}
