import { type HeardTime, timeAt } from "./clock.ts";
import { dayAt } from "./days.ts";
import { numberAt } from "./numbers.ts";
import type { Word } from "./words.ts";

/** Everything that was said in one place about when something is. `from` and `to` number the words. */
export interface HeardMoment {
  day?: Temporal.PlainDate;
  time?: HeardTime;
  part?: DayPart;
  /** Such as "next week". */
  period?: string;
  /** An exact number of minutes from now. */
  inMinutes?: number;
  /** It ends a stretch that the moment before it begins. */
  isEnd: boolean;
  from: number;
  to: number;
}
export type DayPart = "morning" | "afternoon" | "evening";

const links = new Set([
  "at",
  "on",
  "the",
  "in",
  "around",
  "about",
  "by",
  "of",
  "@",
  "from",
  "for",
  "say",
  "like",
  "um",
  "uh",
]);
const endings = new Set(["to", "until", "till", "through", "and", "til"]);
const parts: Record<string, DayPart> = Object.assign(Object.create(null), {
  morning: "morning",
  afternoon: "afternoon",
  evening: "evening",
  night: "evening",
  tonight: "evening",
});

/** All moments in a row of words, in their order. Quoted words tell no time. */
export function momentsIn(words: readonly Word[], today: Temporal.PlainDate, end = words.length): HeardMoment[] {
  const moments: HeardMoment[] = [];
  for (let at = 0; at < end; ) {
    const previous = moments.at(-1);
    const isEnd = previous?.time !== undefined && previous.to === at - 1 && endings.has(words[at - 1]?.text ?? "");
    const piece = words[at]?.quoted ? undefined : pieceAt(words, at, today, isEnd);
    if (!piece || piece.to > end) {
      at += 1;
      continue;
    }
    const before = moments.at(-1);
    if (before && joins(words, before, piece)) Object.assign(before, piece, { from: before.from, isEnd: before.isEnd });
    else moments.push({ ...piece, isEnd: ends(words, before, piece) });
    at = piece.to;
  }
  return moments.map((moment) => withLink(words, moment));
}

type Piece = Omit<HeardMoment, "isEnd">;

function pieceAt(words: readonly Word[], at: number, today: Temporal.PlainDate, isEnd: boolean): Piece | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const period = periodAt(words, at);
  if (period) return { period: period.value, from: at, to: at + period.length };
  const wait = text(0) === "in" ? minutesAt(words, at + 1) : undefined;
  if (wait) return { inMinutes: wait.value, from: at, to: at + 1 + wait.length };
  if (text(0) === "tonight") return { day: today, part: "evening", from: at, to: at + 1 };
  if (text(0) === "this" && parts[text(1)])
    return { day: today, part: parts[text(1)] as DayPart, from: at, to: at + 2 };
  const part = text(0) === "in" && text(1) === "the" ? parts[text(2)] : parts[text(0)];
  if (part && !/^(late|good)$/.test(text(-1))) return { part, from: at, to: at + (text(0) === "in" ? 3 : 1) };
  const day = dayAt(words, at, today);
  if (day) return { day: day.day, from: at, to: at + day.length };
  const time = timeAt(words, at, isEnd);
  return time && { time, from: at, to: at + time.length };
}

/** "next week", "this weekend", "the next few days", "later this month". */
function periodAt(words: readonly Word[], at: number): { value: string; length: number } | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  const which = /^(this|next|last)$/.exec(text(0))?.[0];
  const unit = /^(week|weekend|month)('s)?$/.exec(text(1))?.[1];
  if (which && unit) return { value: `${which} ${unit}`, length: 2 };
  if (/^(the|at)$/.test(text(0)) && text(1) === "weekend") return { value: "this weekend", length: 2 };
  if (text(0) === "weekend") return { value: "this weekend", length: 1 };
  if (/^(next|coming)$/.test(text(0)) && /^(few|couple)$/.test(text(1)))
    return { value: "", length: text(2) === "of" ? 4 : 3 };
  if (/^(right|just)$/.test(text(0)) && text(1) === "now") return { value: "", length: 2 };
  if (text(0) === "at" && text(1) === "the" && text(2) === "moment") return { value: "", length: 3 };
  return undefined;
}

/** "two hours", "half an hour", "an hour and a half", "45 minutes". */
export function minutesAt(words: readonly Word[], at: number): { value: number; length: number } | undefined {
  const text = (step: number): string => words[at + step]?.text ?? "";
  if (text(0) === "half" && /^an?$/.test(text(1)) && text(2) === "hour") return { value: 30, length: 3 };
  const number = /^an?$/.test(text(0)) && text(1) !== "couple" ? { value: 1, length: 1 } : numberAt(words, at);
  if (!number) return undefined;
  const unit = text(number.length);
  const isHour = /^(hours?|hrs?)('s?)?$/.test(unit);
  if (!isHour && !/^(minutes?|mins?)$/.test(unit)) return undefined;
  const isHalf =
    isHour &&
    text(number.length + 1) === "and" &&
    text(number.length + 2) === "a" &&
    text(number.length + 3) === "half";
  const value = number.value * (isHour ? 60 : 1) + (isHalf ? 30 : 0);
  return { value, length: number.length + 1 + (isHalf ? 3 : 0) };
}

/** Two pieces tell of one moment when little stands between them and neither says again what the other said. */
function joins(words: readonly Word[], before: Piece, piece: Piece): boolean {
  const between = words.slice(before.to, piece.from);
  if (between.length > 2 || between.some(({ text, quoted }) => quoted || !links.has(text))) return false;
  const isNew = (key: "day" | "time" | "part" | "period" | "inMinutes"): boolean =>
    piece[key] === undefined || before[key] === undefined;
  return (
    isNew("day") &&
    isNew("time") &&
    isNew("part") &&
    !(piece.period ?? before.period ?? piece.inMinutes ?? before.inMinutes)
  );
}

function ends(words: readonly Word[], before: Piece | undefined, piece: Piece): boolean {
  const link = words[piece.from - 1]?.text ?? "";
  if (/^(until|till|til|through)$/.test(link)) return true;
  return before !== undefined && endings.has(link) && piece.from - before.to === 1;
}

/** The word before a moment that only leads to it belongs to it. */
function withLink(words: readonly Word[], moment: HeardMoment): HeardMoment {
  let { from } = moment;
  while (
    from > 0 &&
    /^(at|on|around|about|by|from|until|till|between|@)$/.test(words[from - 1]?.text ?? "") &&
    !words[from - 1]?.quoted
  )
    from -= 1;
  if (moment.isEnd && words[from - 1]?.text === "to") from -= 1;
  return { ...moment, from };
}
