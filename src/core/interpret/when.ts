import type { Slot } from "../hearing.ts";
import type { HeardTime } from "./clock.ts";
import type { DayPart, HeardMoment } from "./moments.ts";

/** What moments become in a parameter, and which of them it used. */
export interface Placed {
  value: string;
  used: readonly HeardMoment[];
}

const usualBegin = 8;

/** The value of one of the slots that say when; undefined when not enough was said. */
export function placeMoment(
  slot: Slot,
  moments: readonly HeardMoment[],
  now: Temporal.ZonedDateTime,
): Placed | undefined {
  const begin = slot.last ? lastOf(moments) : firstOf(moments);
  switch (slot.as) {
    case "day": {
      const day = moments.find((moment) => moment.day && !isPast(moment, now));
      return day?.day && { value: String(day.day), used: [day] };
    }
    case "time":
      return timeOf(moments, slot);
    case "moment":
      return begin && momentOf(begin, slot, now);
    case "end":
      return endOf(moments, slot, now);
    case "instant":
      return begin && instantOf(begin, slot, now);
    default:
      return undefined;
  }
}

function timeOf(moments: readonly HeardMoment[], slot: Slot): Placed | undefined {
  const at = moments.find(({ time }) => time);
  const part = moments.find((moment) => moment.part)?.part;
  return at?.time && { value: clockText(settled(at.time, part, slot)), used: [at] };
}

/** The first beginning, with the time or the day that was said apart from it. */
function firstOf(moments: readonly HeardMoment[]): HeardMoment[] {
  const begins = moments.filter(({ isEnd }) => !isEnd);
  const [first] = begins;
  if (!first) return [];
  const other = begins.find(
    ({ day, time, period, inMinutes }) =>
      period === undefined && inMinutes === undefined && (first.day ? !day && time && !first.time : day && !time),
  );
  return first.period === undefined && first.inMinutes === undefined && other ? [first, other] : [first];
}

const lastOf = (moments: readonly HeardMoment[]): HeardMoment[] => moments.slice(-1);

function momentOf(used: readonly HeardMoment[], slot: Slot, now: Temporal.ZonedDateTime): Placed | undefined {
  const [first] = used;
  if (!first) return undefined;
  if (first.period !== undefined) return first.period === "" || slot.exact ? undefined : { value: first.period, used };
  if (first.inMinutes !== undefined) return { value: localText(now.add({ minutes: first.inMinutes })), used };
  const { day, time, part } = merged(used);
  if (day && slot.exact && Temporal.PlainDate.compare(day, now.toPlainDate()) < 0) return undefined;
  if (!time) return day && !(slot.exact && part) ? { value: String(day), used } : undefined;
  const at = settled(time, part, slot);
  return { value: `${day ?? nextDay(at, now)} ${clockText(at)}`, used };
}

function endOf(moments: readonly HeardMoment[], slot: Slot, now: Temporal.ZonedDateTime): Placed | undefined {
  const start = firstOf(moments);
  const from = merged(start);
  const end = moments.find(({ isEnd }) => isEnd);
  if (!end) {
    // One day that was named is all of what is meant.
    return from.day && !slot.exact && start[0]?.period === undefined
      ? { value: String(from.day), used: [] }
      : undefined;
  }
  const used = [end];
  if (!end.time) return end.day && { value: String(notBefore(end.day, from.day)), used };
  const part = end.part ?? from.part;
  const begins = from.time && settled(from.time, from.part ?? end.part, slot);
  let at = settled(end.time, part, slot);
  if (begins && end.time.open && minutesOf(at) <= minutesOf(begins) && at.hour < 12) at = { ...at, hour: at.hour + 12 };
  const day = end.day ?? from.day ?? (begins ? nextDay(begins, now) : nextDay(at, now));
  return { value: `${day} ${clockText(at)}`, used };
}

function instantOf(used: readonly HeardMoment[], slot: Slot, now: Temporal.ZonedDateTime): Placed | undefined {
  const placed = momentOf(used, slot, now);
  if (!placed || !/ \d\d:\d\d$/.test(placed.value)) return undefined;
  const at = Temporal.PlainDateTime.from(placed.value.replace(" ", "T")).toZonedDateTime(now.timeZoneId);
  return { ...placed, value: at.toString({ timeZoneName: "never", smallestUnit: "minute" }) };
}

/** When the first of two has an open time and the second says "pm", both lie there. */
export function shareHalves(moments: readonly HeardMoment[]): HeardMoment[] {
  return moments.map((moment, at) => {
    const end = moments[at + 1];
    if (!end?.isEnd || !moment.time?.open || !end.time || end.time.open) return moment;
    const later = { ...moment.time, hour: moment.time.hour + 12, open: false };
    const isLater = end.time.hour >= 12 && minutesOf(later) < minutesOf(end.time);
    return { ...moment, time: isLater ? later : { ...moment.time, open: false } };
  });
}

function merged(moments: readonly HeardMoment[]): Pick<HeardMoment, "day" | "time" | "part"> {
  const all: Pick<HeardMoment, "day" | "time" | "part"> = {};
  for (const { day, time, part } of moments) {
    if (day) all.day ??= day;
    if (time) all.time ??= time;
    if (part) all.part ??= part;
  }
  return all;
}

/** "From Monday to Wednesday" ends on the Wednesday behind that Monday. */
const notBefore = (end: Temporal.PlainDate, start = end): Temporal.PlainDate =>
  Temporal.PlainDate.compare(end, start) < 0 && end.until(start).days < 7 ? end.add({ days: 7 }) : end;

interface Clock {
  hour: number;
  minute: number;
}

function settled(
  { hour, minute, open }: HeardTime,
  part: DayPart | undefined,
  { dayBegins = usualBegin }: Slot,
): Clock {
  if (!open || part === "morning") return { hour, minute };
  const isLate = part !== undefined || hour < dayBegins;
  return { hour: isLate ? hour + 12 : hour, minute };
}

const minutesOf = ({ hour, minute }: Clock): number => hour * 60 + minute;
const two = (value: number): string => String(value).padStart(2, "0");
const clockText = ({ hour, minute }: Clock): string => `${two(hour)}:${two(minute)}`;
const localText = (at: Temporal.ZonedDateTime): string => `${at.toPlainDate()} ${clockText(at)}`;

/** Today, or tomorrow when that time is over. */
const nextDay = (at: Clock, now: Temporal.ZonedDateTime): Temporal.PlainDate =>
  now.toPlainDate().add({ days: minutesOf(at) <= minutesOf(now) ? 1 : 0 });

const isPast = ({ day }: HeardMoment, now: Temporal.ZonedDateTime): boolean =>
  day !== undefined && Temporal.PlainDate.compare(day, now.toPlainDate()) < 0;
