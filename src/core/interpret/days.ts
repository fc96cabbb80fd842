import { numberAt, ordinalAt } from "./numbers.ts";
import type { Word } from "./words.ts";

/** A day that was heard, and how many words said it. */
export interface HeardDay {
  day: Temporal.PlainDate;
  length: number;
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const months = "january february march april may june july august september october november december".split(" ");

const short: readonly RegExp[] = [/^mon$/, /^tues?$/, /^$/, /^thu(rs?)?$/, /^fri$/, /^$/, /^$/];

/** The short forms that are words of their own ("sun", "sat", "wed") are no days. */
const weekdayOf = (text = ""): number => {
  const plain = text.replace(/'?s$/, "");
  return weekdays.findIndex((name, at) => text !== "" && (name === plain || short[at]?.test(text) === true));
};
const monthOf = (text = ""): number =>
  months.findIndex(
    (name) =>
      name === text || (text !== "" && (name.slice(0, 3) === text || (text === "sept" && name === "september"))),
  ) + 1;

/** The day that begins at a word. Weekdays and dates without a year lie ahead; "yesterday" is the only one behind. */
export function dayAt(words: readonly Word[], at: number, today: Temporal.PlainDate): HeardDay | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const heard = (day: Temporal.PlainDate | undefined, length: number): HeardDay | undefined => day && { day, length };
  const word = text(0);
  if (word === "the") {
    const found = text(1) === "day" ? dayAt(words, at + 1, today) : dateAt(words, at + 1, today);
    if (found) return heard(found.day, found.length + 1);
    return text(-1) === "on" ? theNth(words, at, today) : undefined;
  }
  if (/^\d{4}-\d\d-\d\d$/.test(word)) return heard(notPast(dateOf(word), today), 1);
  if (word === "today" || word === "tonight") return heard(today, 1);
  if (word === "yesterday") return heard(today.subtract({ days: 1 }), 1);
  if (/^tomm?orr?ow('s)?$/.test(word)) return heard(today.add({ days: 1 }), 1);
  if (word === "day" && text(1) === "after" && /^tomm?orr?ow$/.test(text(2))) return heard(today.add({ days: 2 }), 3);
  if (word === "in") return fromNow(words, at + 1, 1, today);
  const later = fromNow(words, at, 0, today);
  if (later && text(later.length) === "from" && /^(now|today)$/.test(text(later.length + 1)))
    return heard(later.day, later.length + 2);
  if (word === "a" && text(1) === "week" && text(2) === "from") return weekLater(words, at, 3, today);
  if (/^(next|this|coming)$/.test(word)) {
    const weekday = weekdayOf(text(1));
    return weekday < 0 ? undefined : heard(comingDay(weekday, today), 2);
  }
  const weekday = weekdayOf(word);
  if (weekday >= 0) return weekdayAndDate(words, at, today, weekday);
  return dateAt(words, at, today);
}

/** "Friday", "Friday the 4th of December": the date rules. */
function weekdayAndDate(words: readonly Word[], at: number, today: Temporal.PlainDate, weekday: number): HeardDay {
  const isThe = words[at + 1]?.text === "the";
  const dated = dateAt(words, at + (isThe ? 2 : 1), today);
  if (dated) return { day: dated.day, length: dated.length + (isThe ? 2 : 1) };
  const nth = isThe ? theNth(words, at + 1, today) : undefined;
  if (nth) return { day: nth.day, length: nth.length + 1 };
  const isWeekOn = words[at + 1]?.text === "week";
  const day = comingDay(weekday, today);
  return isWeekOn ? { day: day.add({ days: 7 }), length: 2 } : { day, length: 1 };
}

/** "December 5th", "the 5th of December", "5 Dec 2026". */
function dateAt(words: readonly Word[], at: number, today: Temporal.PlainDate): HeardDay | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const first = monthOf(text(0));
  if (first > 0) {
    const skip = text(1) === "the" ? 2 : 1;
    const ordinal = ordinalAt(words, at + skip);
    return ordinal && dated(words, at, skip + ordinal.length, first, ordinal.value, today);
  }
  const ordinal = ordinalAt(words, at);
  if (!ordinal) return undefined;
  const skip = text(ordinal.length) === "of" ? 1 : 0;
  const month = monthOf(text(ordinal.length + skip));
  return month > 0 ? dated(words, at, ordinal.length + skip + 1, month, ordinal.value, today) : undefined;
}

function dated(
  words: readonly Word[],
  at: number,
  length: number,
  month: number,
  day: number,
  today: Temporal.PlainDate,
): HeardDay | undefined {
  const year = /^20\d\d$/.exec(words[at + length]?.text ?? "")?.[0];
  const date = year === undefined ? ahead(month, day, today) : notPast(dateOf(iso(Number(year), month, day)), today);
  return date && { day: date, length: length + (year === undefined ? 0 : 1) };
}

/** "The 5th", with no month: the coming one. */
function theNth(words: readonly Word[], at: number, today: Temporal.PlainDate): HeardDay | undefined {
  const ordinal = ordinalAt(words, at + 1);
  if (!ordinal || /^\d+$/.test(words[at + 1]?.text ?? "")) return undefined;
  const next = words[at + 1 + ordinal.length]?.text;
  // "The 31st of February" is no day at all.
  if (monthOf(next === "of" ? words[at + 2 + ordinal.length]?.text : next) > 0) return undefined;
  for (let month = 0; month < 12; month++) {
    const { year, month: number } = today.add({ months: month });
    const date = notPast(dateOf(iso(year, number, ordinal.value)), today);
    if (date) return { day: date, length: 1 + ordinal.length };
  }
  return undefined;
}

/** "Three days", "a week": so long from today. */
function fromNow(words: readonly Word[], at: number, skip: number, today: Temporal.PlainDate): HeardDay | undefined {
  const number =
    words[at]?.text === "a" && words[at + 1]?.text !== "couple" ? { value: 1, length: 1 } : numberAt(words, at);
  const unit = /^(day|week|month)s?('s?)?$/.exec(words[at + (number?.length ?? 0)]?.text ?? "")?.[1];
  if (!number || !unit || number.value > 400) return undefined;
  return { day: today.add({ [`${unit}s`]: number.value }), length: skip + number.length + 1 };
}

function weekLater(words: readonly Word[], at: number, skip: number, today: Temporal.PlainDate): HeardDay | undefined {
  const found = dayAt(words, at + skip, today);
  return found && { day: found.day.add({ days: 7 }), length: skip + found.length };
}

const comingDay = (weekday: number, today: Temporal.PlainDate): Temporal.PlainDate =>
  today.add({ days: (weekday + 8 - today.dayOfWeek) % 7 || 7 });

const iso = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

function dateOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const notPast = (date: Temporal.PlainDate | undefined, today: Temporal.PlainDate): Temporal.PlainDate | undefined =>
  date && Temporal.PlainDate.compare(date, today) >= 0 ? date : undefined;

/** The next time the calendar shows that day; a 29 February may be years away. */
function ahead(month: number, day: number, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  for (let step = 0; step <= 8; step++) {
    const date = notPast(dateOf(iso(today.year + step, month, day)), today);
    if (date) return date;
  }
  return undefined;
}
