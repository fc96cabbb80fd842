import { stemOf, type Word } from "./words.ts";

/** Something that was heard, and the words that said it. */
export interface Heard<T> {
  value: T;
  from: number;
  to: number;
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const months = "january february march april may june july august september october november december".split(" ");
const small =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );

/** A number in digits or, up to twenty, in words. */
export function numberOf(word: Word | undefined): number | undefined {
  if (!word) return undefined;
  if (/^\d{1,4}$/.test(word.text)) return Number(word.text);
  const at = small.indexOf(word.text);
  if (at >= 0) return at;
  return word.text === "couple" ? 2 : undefined;
}

const monthOf = (word: Word | undefined): number | undefined => {
  const at = word ? months.findIndex((name) => name === word.text || name.slice(0, 3) === word.text) : -1;
  return at < 0 ? undefined : at + 1;
};
const dayNumber = (word: Word | undefined): number | undefined => {
  const day = Number(/^(\d{1,2})(st|nd|rd|th)?$/.exec(word?.text ?? "")?.[1]);
  return day >= 1 && day <= 31 ? day : undefined;
};

/** The first day that is named, as an ISO date. Weekdays and dates without a year lie ahead. */
export function findDay(words: readonly Word[], today: Temporal.PlainDate): Heard<string> | undefined {
  for (let at = 0; at < words.length; at++) {
    const found = dayAt(words, at, today);
    if (found) return found;
  }
  return undefined;
}

function dayAt(words: readonly Word[], at: number, today: Temporal.PlainDate): Heard<string> | undefined {
  const [word, next, third] = [words[at], words[at + 1], words[at + 2]];
  if (!word) return undefined;
  const heard = (date: Temporal.PlainDate | undefined, length: number): Heard<string> | undefined =>
    date && { value: date.toString(), from: at, to: at + length };
  if (/^\d{4}-\d\d-\d\d$/.test(word.text)) return heard(dateOf(word.text), 1);
  if (word.text === "today" || word.text === "tonight") return heard(today, 1);
  if (word.text === "tomorrow") return heard(today.add({ days: 1 }), 1);
  if (word.text === "day" && next?.text === "after" && third?.text === "tomorrow")
    return heard(today.add({ days: 2 }), 3);
  if (word.text === "in" && third?.stem === stemOf("days")) {
    const days = numberOf(next);
    if (days !== undefined) return heard(today.add({ days }), 3);
  }
  const weekday = weekdays.findIndex((name) => name === word.text.replace(/'s$/, ""));
  if (weekday >= 0) {
    const ahead = (weekday + 8 - today.dayOfWeek) % 7;
    const isNext = words[at - 1]?.text === "next";
    const date = today.add({ days: ahead === 0 ? 7 : ahead });
    return isNext ? { value: date.toString(), from: at - 1, to: at + 1 } : heard(date, 1);
  }
  const first = monthOf(word);
  if (first !== undefined && dayNumber(next) !== undefined) return heard(ahead(first, dayNumber(next) ?? 1, today), 2);
  const month = monthOf(next?.text === "of" ? third : next);
  if (dayNumber(word) !== undefined && month !== undefined) {
    return heard(ahead(month, dayNumber(word) ?? 1, today), next?.text === "of" ? 3 : 2);
  }
  return undefined;
}

function dateOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function ahead(month: number, day: number, today: Temporal.PlainDate): Temporal.PlainDate | undefined {
  const pad = (value: number): string => String(value).padStart(2, "0");
  for (const year of [today.year, today.year + 1, today.year + 2, today.year + 3, today.year + 4]) {
    const date = dateOf(`${year}-${pad(month)}-${pad(day)}`);
    if (date && Temporal.PlainDate.compare(date, today) >= 0) return date;
  }
  return undefined;
}

/** The first time of day that is named, as "19:30". */
export function findTime(words: readonly Word[]): Heard<string> | undefined {
  for (let at = 0; at < words.length; at++) {
    const found = timeAt(words, at);
    if (found) return found;
  }
  return undefined;
}

function timeAt(words: readonly Word[], at: number): Heard<string> | undefined {
  const [word, next, third] = [words[at], words[at + 1], words[at + 2]];
  if (!word) return undefined;
  const before = words[at - 1]?.text;
  const from = before === "at" ? at - 1 : at;
  const heard = (hour: number, minute: number, length: number): Heard<string> | undefined =>
    hour < 24 && minute < 60
      ? { value: `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`, from, to: at + length }
      : undefined;
  if (word.text === "noon" || word.text === "midday") return heard(12, 0, 1);
  if (word.text === "midnight") return heard(0, 0, 1);
  if (word.text === "half" && next?.text === "past" && numberOf(third) !== undefined)
    return heard(afternoon(numberOf(third) ?? 0, words[at + 3]), 30, isHalf(words[at + 3]) ? 4 : 3);
  if (word.text === "quarter" && (next?.text === "past" || next?.text === "to") && numberOf(third) !== undefined) {
    const hour = afternoon(numberOf(third) ?? 0, words[at + 3]);
    return next.text === "past" ? heard(hour, 15, 3) : heard((hour + 23) % 24, 45, 3);
  }
  const clock = /^(\d{1,2})[:.h](\d\d)(am|pm)?$/.exec(word.text) ?? /^(\d{1,2})()(am|pm)$/.exec(word.text);
  if (clock) {
    const half = clock[3] ?? (isHalf(next) ? next?.text : undefined);
    const hour = onTwelve(Number(clock[1]), half);
    return heard(hour, Number(clock[2] ?? 0), half !== undefined && clock[3] === undefined ? 2 : 1);
  }
  const number = numberOf(word);
  if (number === undefined || number > 23) return undefined;
  if (isHalf(next)) return heard(onTwelve(number, next?.text), 0, 2);
  if (next?.text === "o'clock") return heard(afternoon(number, third), 0, 2);
  return before === "at" && word.text.length <= 2 ? heard(afternoon(number, next), 0, 1) : undefined;
}

const isHalf = (word: Word | undefined): boolean => /^(am|pm|a\.m|p\.m)$/.test(word?.text ?? "");
const onTwelve = (hour: number, half: string | undefined): number =>
  half === undefined ? hour : half.startsWith("p") ? (hour % 12) + 12 : hour % 12;

/** Nobody who says "at seven" or "half past eight" of a table means the morning; from nine on, it is taken as it is said. */
const afternoon = (hour: number, next: Word | undefined): number =>
  isHalf(next) ? onTwelve(hour, next?.text) : hour >= 1 && hour <= 8 ? hour + 12 : hour;
