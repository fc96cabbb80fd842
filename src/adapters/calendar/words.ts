import type { Chrono, ParsedResult } from "chrono-node";
import type { Clock } from "./clock.ts";
import { nowIn } from "./clock.ts";

/** What words say: a moment, or a day with or without a time, or a time of some day. */
export type Reading =
  | { at: Temporal.Instant }
  | { date: Temporal.PlainDate; time?: Temporal.PlainTime }
  | { time: Temporal.PlainTime };

/** What is wrong with words, to be put after "Parameter start_date". */
export interface Fault {
  fault: string;
}

/**
 * Reads plain words such as "tomorrow 15:00" in the person's language, and in English.
 * Words that are understood only in part, or in two ways, are not understood.
 */
export async function readWords(given: string, clock: Clock): Promise<Reading | Fault> {
  const text = inKnownWords(given);
  const ambiguous = ambiguityOf(text, clock.locale);
  if (ambiguous) return { fault: ambiguous };
  const chrono = await import("chrono-node");
  const language = clock.locale ? new Intl.Locale(clock.locale).language : "en";
  const own = (
    {
      ar: chrono.ar,
      de: chrono.de,
      es: chrono.es,
      fi: chrono.fi,
      fr: chrono.fr,
      id: chrono.id,
      it: chrono.it,
      ja: chrono.ja,
      nl: chrono.nl,
      pt: chrono.pt,
      ru: chrono.ru,
      sv: chrono.sv,
      uk: chrono.uk,
      vi: chrono.vi,
      zh: chrono.zh,
    } as Record<string, { casual: Chrono }>
  )[language];
  const english = isMonthFirst(clock.locale) ? chrono.en.casual : chrono.en.GB;
  const readings = [...(own ? [own.casual] : []), english].map((parser) => readWith(parser, text, clock));
  const good = readings.filter((reading) => !("fault" in reading));
  const [first, second] = good;
  if (first && second && said(first) !== said(second)) return { fault: "can be understood in two ways" };
  return first ?? readings[0] ?? { fault: "is not understood" };
}

const said = (reading: Reading | Fault): string => JSON.stringify(reading);

/** Only people in a few places write the month first. */
const isMonthFirst = (locale: string | undefined): boolean =>
  locale === undefined || /^(en|en-US|en-PH|es-US)$/.test(locale);

/** Texts that mean one thing here and another there. "03/04/2026" follows the locale; with dots the day comes first nearly everywhere. */
function ambiguityOf(text: string, locale: string | undefined): string | undefined {
  if (/^\d{1,2}\s?h$/i.test(text)) return "can be a time of day or a while from now";
  if (/\S\s+midnight\b|\bmidnight\s+\S/i.test(text)) return "can be the beginning or the end of that day";
  const slashes = /(?<![\d/])(\d{1,2})\/(\d{1,2})(?!\d)/;
  const dots = /(?<![\d.-])(\d{1,2})[.-](\d{1,2})[.-]\d{2,4}\b/;
  const isOpen = locale === undefined || locale === "en";
  const [, one, two] = (isOpen && slashes.exec(text)) || (isMonthFirst(locale) && dots.exec(text)) || [];
  const isEither = one !== undefined && two !== undefined && one !== two && Number(one) <= 12 && Number(two) <= 12;
  return isEither ? "can be two different days" : undefined;
}

const filler = /^(\s|[,.]|\b(on|at|from|the|by|um|am|den|le|la|el|op|om|den|kl)\b)*$/iu;
const past =
  /\b(last|past|previous|letzt\p{L}*|vergangen\p{L}*|vorig\p{L}*|dernière?|passée?|pasad[ao]|últim[ao]|passad[ao]|scors[ao]|passat[ao]|afgelopen|vorige|förra|senaste|viime)\b|прошл|минул|先|前|上/iu;

function readWith(parser: Chrono, text: string, clock: Clock): Reading | Fault {
  const reference = { instant: clock.now, timezone: Math.round(nowIn(clock).offsetNanoseconds / 60e9) };
  // Looking forward turns "last monday" into the next one.
  const results = parser.parse(text, reference, { forwardDate: !past.test(text) });
  const [result] = results;
  if (!result) return { fault: "is not understood" };
  if (results.length > 1) return { fault: "names more than one time" };
  if (result.end) return { fault: "names a span; give its end apart" };
  const rest = text.slice(0, result.index) + text.slice(result.index + result.text.length);
  if (!filler.test(rest)) return { fault: `is understood only in part ("${result.text}")` };
  return readResult(result, text, clock);
}

function readResult(result: ParsedResult, text: string, clock: Clock): Reading | Fault {
  const { start } = result;
  const tags = [...result.tags()].join(" ");
  const isRelative = tags.includes("result/relativeDate");
  const is = (part: Parameters<typeof start.isCertain>[0]): boolean => start.isCertain(part);
  const value = (part: Parameters<typeof start.get>[0]): number => start.get(part) ?? 0;
  if (is("timezoneOffset")) {
    const ms = start.date().getTime();
    if (Number.isNaN(ms)) return { fault: "is no time of any calendar" };
    return { at: Temporal.Instant.fromEpochMilliseconds(Math.floor(ms / 60_000) * 60_000) };
  }
  // "In a month" leaves the day to be the same one.
  const isMonthsOn = is("month") && !is("day") && !is("weekday") && /^in\b/i.test(text) && isRelative;
  const hasDay = is("day") || is("weekday") || isMonthsOn;
  if (!is("hour") && isPartOfDay(value("hour"), nowIn(clock).hour, tags)) return { fault: "names no clear time" };
  if (!hasDay && (!is("hour") || is("month") || is("year"))) return { fault: "names no day" };
  if (isBareHour(text, value("hour")) && is("hour") && !is("meridiem"))
    return { fault: "leaves open whether it is before or after noon" };
  const read = readDate(value("year"), value("month"), value("day"));
  const date = read && isMonthsOn ? inShortMonth(read, nowIn(clock).day) : read;
  if (!date) return { fault: "is no day of the calendar" };
  const isToday = is("weekday") && !is("day") && !which.test(text) && date.dayOfWeek === nowIn(clock).dayOfWeek;
  if (!is("hour")) return isToday ? { fault: "can be today or a week from now" } : { date };
  const time = new Temporal.PlainTime(value("hour"), value("minute"));
  if (!hasDay) return { time };
  return { date: isToday ? comingDay(time, clock) : date, time };
}

/** A month from 31 January is the last of February; the library counts on into March. */
const inShortMonth = (date: Temporal.PlainDate, day: number): Temporal.PlainDate =>
  date.day === day ? date : date.with({ day: 1 }).subtract({ days: 1 });

/** The library guesses an hour for "evening"; noon, or the hour it is now, stand for none at all. */
const isPartOfDay = (hour: number, hourNow: number, tags: string): boolean =>
  /casualReference\/(morning|afternoon|evening|night|tonight)/.test(tags) || (hour !== 12 && hour !== hourNow);

/** "at 3" means the afternoon to most people and the night to a clock. */
const isBareHour = (text: string, hour: number): boolean =>
  hour >= 1 &&
  hour <= 7 &&
  !/\d\s*[:.h]\s*\d|\d\s*(h|uhr|heures?)\b/iu.test(text) &&
  !/[^\p{ASCII}\p{Script=Latin}]/u.test(text);

/** Words that tell one Friday from another. */
const which =
  /\b(next|this|coming|last|past|previous|nächst|kommend|diese|prochain|ce|próxim|est[ae]|volgend|komend|deze|nästa|denna|ensi|tämä|prossim|quest[ao])|следующ|наступн|来|下|这|今/iu;

/** "Friday 11:00", said on a Friday: today, unless that is over. */
function comingDay(time: Temporal.PlainTime, clock: Clock): Temporal.PlainDate {
  const now = nowIn(clock);
  const isOver = Temporal.PlainTime.compare(time, now.toPlainTime()) <= 0;
  return now.toPlainDate().add({ days: isOver ? 7 : 0 });
}

/** What the library does not know, in words that it does. */
const inKnownWords = (text: string): string =>
  text.replace(/\b(the )?day after tomorrow\b/i, "in 2 days").replace(/\b(the )?day before yesterday\b/i, "2 days ago");

function readDate(year: number, month: number, day: number): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
