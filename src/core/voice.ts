import type { Profile } from "./user.ts";

/** Says values as a person would, in the user's locale and zone. Made for speaking: no ids, no ISO times. */
export interface Voice {
  /** What the person said of themselves, for reading words that depend on it. */
  readonly profile: Profile;
  /** When the question is asked. */
  readonly now: Date;
  /** "Ada", "Ada and Bob", "Ada, Bob and Eve" */
  list(items: unknown): string;
  /** "Thursday, 3 December" from an ISO date; what is no date is said as it is. */
  date(value: unknown): string;
  /** "Thursday, 3 December at 19:30" from an ISO date and time; one with an offset is told in the user's zone. */
  time(value: unknown): string;
  number(value: unknown): string;
  /** The beginning of a longer text, in quotes. */
  quote(value: unknown): string;
}

const longestQuote = 120;

export function createVoice(profile: Profile, now = new Date()): Voice {
  const { locale = "en-GB", zone = "UTC" } = profile;
  const day = { weekday: "long", day: "numeric", month: "long" } as const;
  const clock = { hour: "numeric", minute: "2-digit" } as const;
  const spoken = (value: unknown): string => plainText(String(value));
  return {
    profile,
    now,
    list(items) {
      const texts = (Array.isArray(items) ? items : [items]).map(spoken);
      return new Intl.ListFormat(locale, { type: "conjunction" }).format(texts);
    },
    date: (value) =>
      parsed(value, (text) => Temporal.PlainDate.from(text).toLocaleString(locale, day)) ?? spoken(value),
    time: (value) =>
      parsed(value, (text) =>
        Temporal.Instant.from(text)
          .toZonedDateTimeISO(zone)
          .toLocaleString(locale, { ...day, ...clock }),
      ) ??
      parsed(value, (text) =>
        text.includes("T") ? Temporal.PlainDateTime.from(text).toLocaleString(locale, { ...day, ...clock }) : undefined,
      ) ??
      parsed(value, (text) => Temporal.PlainDate.from(text).toLocaleString(locale, day)) ??
      spoken(value),
    number: (value) => (typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : spoken(value)),
    quote(value) {
      const text = spoken(value);
      return `“${text.length > longestQuote ? `${text.slice(0, longestQuote).trimEnd()}…` : text}”`;
    },
  };
}

/** Control characters and line breaks cannot be spoken, and must not pretend to be the end of the question. */
const plainText = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]+/gu, " ").trim();

function parsed(value: unknown, say: (text: string) => string | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return say(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
