import { type AppError, invalidParameters } from "../../core/errors.ts";
import { type Clock, iso, nowIn, settle } from "./clock.ts";
import { isBareTime, type Moment, understandMoment } from "./moments.ts";
import { readPeriod } from "./periods.ts";

/** When an event is: whole days, the last one included, or from one time to another. */
export type Span =
  | { kind: "days"; first: Temporal.PlainDate; last: Temporal.PlainDate; notes: readonly string[] }
  | { kind: "hours"; start: Temporal.ZonedDateTime; end: Temporal.ZonedDateTime; notes: readonly string[] };

/** The parameters that say when. */
export interface When {
  start_date?: string;
  end_date?: string;
  duration_minutes?: number;
  all_day?: boolean;
}

const usualMinutes = 60;
const usualDays = 7;

const notesOf = (...moments: (Moment | undefined)[]): string[] =>
  moments.flatMap((moment) => (moment?.kind === "time" && moment.note ? [moment.note] : []));

/** What an event that is there already gives, where the parameters leave something out. */
export type Before =
  | { kind: "days"; first: Temporal.PlainDate; days: number }
  | { kind: "hours"; start: Temporal.ZonedDateTime; minutes: number };

/**
 * When a new event is. A day without a time makes an all-day event; a time without an end lasts an hour.
 * @throws AppError invalid_parameters
 */
export async function understandEvent(when: When & { start_date: string }, clock: Clock): Promise<Span> {
  const start = await understandMoment("start_date", when.start_date, clock);
  if (start.kind === "day" || (when.all_day === true && isMidnight(start))) return days(when, start, clock);
  if (when.all_day) throw invalidParameters(["Parameter start_date must be a day without a time when all_day is true"]);
  return hours(when, start, clock, usualMinutes);
}

/**
 * When a changed event is. What is not given stays: its length, its day, its time of day.
 * @throws AppError invalid_parameters
 */
export async function understandChange(when: When, clock: Clock, before: Before): Promise<Span> {
  const { all_day: allDay = before.kind === "days" } = when;
  const day = before.kind === "days" ? before.first : before.start.withTimeZone(clock.zone).toPlainDate();
  const given =
    when.start_date === undefined ? undefined : await understandMoment("start_date", when.start_date, clock, day);
  if (allDay) {
    if (given?.kind === "time" && !isMidnight(given)) {
      throw invalidParameters(
        ["Parameter start_date has a time, and this event lasts all day"],
        "Add all_day false to give it a time.",
      );
    }
    const start: Moment = given ?? { kind: "day", date: day };
    return days(when, start, clock, before.kind === "days" ? before.days : 1);
  }
  const minutes = before.kind === "hours" ? before.minutes : usualMinutes;
  if (given?.kind === "time") return hours(when, given, clock, minutes);
  if (before.kind === "days")
    throw invalidParameters(["Parameter start_date must have a time, because the event has none yet"]);
  const old = before.start.withTimeZone(clock.zone);
  // A new day alone keeps the time of day, also over a change of the clocks.
  const start = given ? settle(given.date.toPlainDateTime(old.toPlainTime()), clock.zone) : { at: old };
  return hours(when, { kind: "time", ...start }, clock, minutes);
}

const isMidnight = (moment: Moment): boolean =>
  moment.kind === "time" && moment.at.toPlainTime().equals(new Temporal.PlainTime());

async function days(when: When, start: Moment, clock: Clock, usual = 1): Promise<Span> {
  if (when.all_day === false) throw invalidParameters(["Parameter start_date must have a time when all_day is false"]);
  if (when.duration_minutes !== undefined)
    throw invalidParameters(["Parameter start_date must have a time when duration_minutes is given"]);
  const first = start.kind === "day" ? start.date : start.at.toPlainDate();
  if (when.end_date === undefined) return { kind: "days", first, last: first.add({ days: usual - 1 }), notes: [] };
  const end = await understandMoment("end_date", when.end_date, clock, first);
  if (end.kind === "time" && !isMidnight(end))
    throw invalidParameters(["Parameter end_date must be a day without a time, as start_date is"]);
  const last = end.kind === "day" ? end.date : end.at.toPlainDate();
  if (Temporal.PlainDate.compare(last, first) < 0) throw before(String(last), String(first));
  return { kind: "days", first, last, notes: [] };
}

async function hours(when: When, start: Extract<Moment, { kind: "time" }>, clock: Clock, usual: number): Promise<Span> {
  if (when.end_date !== undefined && when.duration_minutes !== undefined)
    throw invalidParameters(["Parameters end_date and duration_minutes exclude each other"]);
  if (when.end_date === undefined) {
    const end = start.at.add({ minutes: when.duration_minutes ?? usual });
    return { kind: "hours", start: start.at, end, notes: notesOf(start) };
  }
  const day = start.at.toPlainDate();
  let end = await understandMoment("end_date", when.end_date, clock, day);
  if (end.kind === "day")
    throw invalidParameters(["Parameter end_date must have a time, as start_date has"], "Or give duration_minutes.");
  // "Until midnight" is the one that comes.
  if (isMidnight(end) && end.at.toPlainDate().equals(day) && (await isBareTime(when.end_date, clock)))
    end = { kind: "time", at: end.at.add({ days: 1 }) };
  if (Temporal.ZonedDateTime.compare(end.at, start.at) <= 0) throw before(iso(end.at), iso(start.at));
  return { kind: "hours", start: start.at, end: end.at, notes: notesOf(start, end) };
}

const before = (end: string, start: string): AppError =>
  invalidParameters(
    [`Parameter end_date (${end}) must come after start_date (${start})`],
    "Give the day of the end too.",
  );

/** A stretch of time to look at; its end is no part of it. */
export interface Range {
  start: Temporal.ZonedDateTime;
  end: Temporal.ZonedDateTime;
  notes: readonly string[];
}

/**
 * A range to read: from now for a week unless told. Days count whole, the last one included. `start_date` may be a
 * period, such as "next week".
 * @throws AppError invalid_parameters
 */
export async function understandRange(when: Pick<When, "start_date" | "end_date">, clock: Clock): Promise<Range> {
  const now = nowIn(clock).round({ smallestUnit: "second", roundingMode: "floor" });
  const period = when.end_date === undefined ? readPeriod(when.start_date ?? "", clock) : undefined;
  if (period) return { ...period, notes: [] };
  const today = now.toPlainDate();
  const from =
    when.start_date === undefined ? undefined : await understandMoment("start_date", when.start_date, clock, today);
  const start = from === undefined ? now : from.kind === "time" ? from.at : from.date.toZonedDateTime(clock.zone);
  if (when.end_date === undefined) return { start, end: start.add({ days: usualDays }), notes: notesOf(from) };
  const to = await understandMoment("end_date", when.end_date, clock, start.toPlainDate());
  const end = to.kind === "time" ? to.at : to.date.add({ days: 1 }).toZonedDateTime(clock.zone);
  if (Temporal.ZonedDateTime.compare(end, start) <= 0) throw before(iso(end), iso(start));
  return { start, end, notes: notesOf(from, to) };
}
