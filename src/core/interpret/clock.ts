import { numberAt } from "./numbers.ts";
import type { Word } from "./words.ts";

/** A time of day that was heard; `open` while nobody said whether it lies before or after noon. */
export interface HeardTime {
  hour: number;
  minute: number;
  open: boolean;
  length: number;
}

/** Behind these a bare number is a time. */
const pointers = new Set(["at", "around", "about", "from", "until", "till", "between", "by", "before", "after", "@"]);
const nouns =
  /^(people|persons?|guests?|of|days?|weeks?|months?|hours?|minutes?|adults?|results?|us|min|mins|nights?|km|kilomet\w+|miles?|degrees?|others)$/;

/**
 * The time of day that begins at a word.
 * @param isEnd it ends a stretch that begins with a time, so that a bare number is one
 */
export function timeAt(words: readonly Word[], at: number, isEnd = false): HeardTime | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const word = text(0);
  if (word === "noon" || word === "midday" || word === "lunchtime")
    return { hour: 12, minute: 0, open: false, length: 1 };
  if (word === "midnight") return { hour: 0, minute: 0, open: false, length: 1 };
  return (
    written(words, at) ?? relative(words, at) ?? spoken(words, at, isEnd || pointers.has(words[at - 1]?.text ?? ""))
  );
}

/** "19:30", "7.30 pm", "7pm". */
function written(words: readonly Word[], at: number): HeardTime | undefined {
  const word = words[at]?.text ?? "";
  const [, hour, minute = "0", glued] =
    /^(\d{1,2})[:.h](\d\d)(am|pm|a\.m|p\.m)?$/.exec(word) ?? /^(\d{1,2})()(am|pm|a\.m|p\.m)$/.exec(word) ?? [];
  if (hour === undefined) return undefined;
  const half = glued ?? halfAt(words, at + 1);
  const isDotted = word.includes(".") && half === undefined && !pointers.has(words[at - 1]?.text ?? "");
  return isDotted
    ? undefined
    : made(Number(hour), Number(minute), half, hour.startsWith("0"), half !== undefined && !glued ? 2 : 1);
}

/** "half past seven", "half seven", "quarter to nine", "ten past six". */
function relative(words: readonly Word[], at: number): HeardTime | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const skip = text(0) === "a" && text(1) === "quarter" ? 1 : 0;
  const named = text(skip) === "half" ? 30 : text(skip) === "quarter" ? 15 : undefined;
  const number = named === undefined ? numberAt(words, at + skip) : { value: named, length: 1 };
  if (!number || number.value > 30) return undefined;
  const unit = /^minutes?$/.test(text(skip + number.length)) ? 1 : 0;
  const link = text(skip + number.length + unit);
  const isBare = named === 30 && hourAt(words, at + 1) !== undefined;
  if (!isBare && !/^(past|after|to|before)$/.test(link)) return undefined;
  // "From five to six" is a stretch, "five to six" is a time.
  if (
    named === undefined &&
    words[at - 1]?.text !== "at" &&
    unit === 0 &&
    (link !== "past" || words[at - 1]?.text === "from")
  )
    return undefined;
  const start = skip + number.length + (isBare ? 0 : unit + 1);
  const hour = hourAt(words, at + start);
  if (!hour) return undefined;
  const half = halfAt(words, at + start + hour.length);
  const isTo = !isBare && /^(to|before)$/.test(link);
  const clock = isTo ? hour.value - 1 || 12 : hour.value;
  return made(
    clock,
    isTo ? 60 - number.value : number.value,
    half,
    false,
    start + hour.length + (half === undefined ? 0 : 1),
  );
}

/** "seven pm", "seven o'clock", "seven thirty pm", "at seven". */
function spoken(words: readonly Word[], at: number, isPointed: boolean): HeardTime | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const ish = /^(\d{1,2})ish$/.exec(text(0))?.[1];
  if (ish !== undefined) return made(Number(ish), 0, undefined, false, 1);
  const military = /^([01]\d|2[0-3])([0-5]\d)$/.exec(text(0));
  if (military && (isPointed || /^hours?$/.test(text(1))) && !/^20[2-9]\d$/.test(text(0)))
    return made(Number(military[1]), Number(military[2]), undefined, true, 1);
  const hour = hourAt(words, at, 24);
  if (!hour) return undefined;
  if (/^o'?clock$/.test(text(hour.length))) {
    const half = halfAt(words, at + hour.length + 1);
    return made(hour.value, 0, half, false, hour.length + 1 + (half === undefined ? 0 : 1));
  }
  const minutes = numberAt(words, at + hour.length);
  const isClock = minutes !== undefined && minutes.value >= 10 && minutes.value < 60;
  const length = hour.length + (isClock ? minutes.length : 0);
  const half = halfAt(words, at + length);
  if (half === undefined && !isPointed) return undefined;
  if (half === undefined && nouns.test(text(length))) return undefined;
  return made(hour.value, isClock ? minutes.value : 0, half, false, length + (half === undefined ? 0 : 1));
}

function hourAt(words: readonly Word[], at: number, most = 12): { value: number; length: number } | undefined {
  const number = numberAt(words, at);
  const isHour = number && number.value >= 1 && number.value < most + (most === 12 ? 1 : 0);
  if (!number || !isHour || /^(a|couple|dozen)$/.test(words[at]?.text ?? "")) return undefined;
  // "seven thirty" is an hour and its minutes.
  return number.value > 12 && number.length === 2 ? { value: number.value, length: 2 } : number;
}

const halfAt = (words: readonly Word[], at: number): string | undefined =>
  /^(am|pm|a\.m|p\.m)$/.exec(words[at]?.text ?? "")?.[0];

function made(
  hour: number,
  minute: number,
  half: string | undefined,
  is24: boolean,
  length: number,
): HeardTime | undefined {
  if (hour > 23 || minute > 59 || (half !== undefined && (hour > 12 || hour === 0))) return undefined;
  const full = half === undefined ? hour : (hour % 12) + (half.startsWith("p") ? 12 : 0);
  return { hour: full, minute, open: half === undefined && !is24 && hour >= 1 && hour <= 11, length };
}
