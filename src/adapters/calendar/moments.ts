import { type AppError, invalidParameters } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import { type Clock, nowIn, type Settled, settle } from "./clock.ts";
import { readPeriod } from "./periods.ts";
import { type Fault, type Reading, readWords } from "./words.ts";

/** What somebody meant by a text: a whole day, or a time of it. */
export type Moment = { kind: "day"; date: Temporal.PlainDate } | ({ kind: "time" } & Settled);

const isoDay = /^\d{4}-\d\d-\d\d$/;
const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?\s?(Z|[+-]\d\d:\d\d)?$/i;
const clockTime = /^(?:at\s+)?(\d{1,2}):(\d\d)$/;
const years = [1970, 2199] as const;

const examples =
  'Examples: 2026-12-03, 2026-12-03T15:00, "tomorrow 15:00", "next monday at 9", "in 2 hours". A date with slashes is read as your profile\'s locale writes it.';

/** The refusal of one field, with examples. */
const unclear = (field: string, fault: string): AppError =>
  invalidParameters([`Parameter ${field} ${fault}`], examples);

/**
 * Understands a date, a date and time, or plain words.
 * @param day the day that a time without a day falls on; without one it is the next time that the clock says so
 * @throws AppError invalid_parameters
 */
export async function understandMoment(
  field: string,
  text: string,
  clock: Clock,
  day?: Temporal.PlainDate,
): Promise<Moment> {
  const reading = await read(text.trim(), clock);
  if ("fault" in reading) throw unclear(field, `${reading.fault}: "${printable(text)}"`);
  const { year } =
    "at" in reading ? reading.at.toZonedDateTimeISO("UTC") : "date" in reading ? reading.date : nowIn(clock);
  if (year < years[0] || year > years[1]) throw unclear(field, `must lie between ${years[0]} and ${years[1]}`);
  return place(reading, clock, day);
}

/** Whether a text says a time of some day and not which day. */
export const isBareTime = async (text: string, clock: Clock): Promise<boolean> => {
  const reading = await read(text.trim(), clock);
  return "time" in reading && !("date" in reading);
};

async function read(text: string, clock: Clock): Promise<Reading | Fault> {
  const [, date, time, offset] = isoTime.exec(text) ?? [];
  const [, hour, minute] = clockTime.exec(text) ?? [];
  try {
    if (isoDay.test(text)) return { date: Temporal.PlainDate.from(text) };
    if (date && time && offset) return { at: Temporal.Instant.from(`${date}T${time}${offset.toUpperCase()}`) };
    if (date && time) return { date: Temporal.PlainDate.from(date), time: Temporal.PlainTime.from(time) };
    if (hour && minute) return { time: Temporal.PlainTime.from(`${hour.padStart(2, "0")}:${minute}`) };
  } catch (error) {
    if (error instanceof RangeError) return { fault: "is no day or time of the calendar" };
    throw error;
  }
  // What begins like an ISO date and is none would be understood in part.
  if (/^[+-]?\d{4,}-/.test(text)) return { fault: "is neither an ISO date nor an ISO date and time" };
  return readPeriod(text, clock) ? { fault: "names a span of days" } : readWords(text, clock);
}

function place(reading: Reading, clock: Clock, day: Temporal.PlainDate | undefined): Moment {
  if ("at" in reading) return { kind: "time", at: reading.at.toZonedDateTimeISO(clock.zone) };
  if (!("date" in reading)) {
    const now = nowIn(clock);
    const today = now.toPlainDate();
    const isOver = Temporal.PlainTime.compare(reading.time, now.toPlainTime()) <= 0;
    const date = day ?? (isOver ? today.add({ days: 1 }) : today);
    return { kind: "time", ...settle(date.toPlainDateTime(reading.time), clock.zone) };
  }
  if (!reading.time) return { kind: "day", date: reading.date };
  return { kind: "time", ...settle(reading.date.toPlainDateTime(reading.time), clock.zone) };
}
