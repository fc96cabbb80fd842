import { refusal } from "./refusal.ts";
import { type EventTime, type Resource, stampOf } from "./resource.ts";

interface Rule {
  freq: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  interval: number;
  count: number;
  /** The last day or moment, both included. */
  until: string | undefined;
  /** Weekdays 1 to 7, with the number of the week in the month, or 0. */
  days: { day: number; nth: number }[];
  monthDay: number | undefined;
}

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const mostOccurrences = 5_000;

const badRule = () => refusal(400, "invalid", "Invalid recurrence rule.");

/** @throws Refusal for what is no rule, and for parts that are not stood in for */
export function parseRule(recurrence: readonly string[]): Rule {
  const [line, ...others] = recurrence;
  const parts = new Map(
    (line ?? "")
      .replace(/^RRULE:/, "")
      .split(";")
      .map((part) => part.split("=") as [string, string]),
  );
  const known = /^(FREQ|INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|WKST)$/;
  if (!line?.startsWith("RRULE:") || others.length > 0 || [...parts.keys()].some((name) => !known.test(name)))
    throw badRule();
  const freq = parts.get("FREQ") as Rule["freq"];
  const whole = (name: string, otherwise: number): number => {
    const text = parts.get(name);
    if (text !== undefined && !/^[1-9]\d{0,3}$/.test(text)) throw badRule();
    return text === undefined ? otherwise : Number(text);
  };
  const until = parts.get("UNTIL");
  const days = (parts.get("BYDAY")?.split(",") ?? []).map((text) => {
    const [, nth, name = ""] = /^([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text) ?? [];
    if (!weekdays.includes(name)) throw badRule();
    return { day: weekdays.indexOf(name) + 1, nth: Number(nth ?? 0) };
  });
  const isKnown = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].includes(freq);
  if (!isKnown || (until !== undefined && (parts.has("COUNT") || !/^\d{8}(T\d{6}Z)?$/.test(until)))) throw badRule();
  const monthDay = parts.has("BYMONTHDAY") ? whole("BYMONTHDAY", 1) : undefined;
  return { freq, interval: whole("INTERVAL", 1), count: whole("COUNT", mostOccurrences), until, days, monthDay };
}

/** The occurrences of a series that begin before a moment, in order, without its exceptions. */
export function* occurrences(series: Resource, before: Temporal.Instant, zone: string): Generator<Resource> {
  const { start, end, recurrence, ...rest } = series;
  if (!start || !end || !recurrence) return;
  const own = start.timeZone ?? zone;
  const rule = parseRule(recurrence);
  const first = localOf(start, own);
  const length = lengthOf(start, end);
  let made = 0;
  for (const date of datesOf(rule, first.toPlainDate())) {
    const begin = timeAt(date, start, first.toPlainTime(), own);
    const moment = begin.date
      ? Temporal.PlainDate.from(begin.date).toZonedDateTime(zone).toInstant()
      : Temporal.Instant.from(String(begin.dateTime));
    if (Temporal.Instant.compare(moment, before) >= 0 || made >= rule.count || isOver(rule.until, begin, date)) return;
    made += 1;
    yield {
      ...rest,
      id: `${series.id}_${stampOf(begin)}`,
      start: begin,
      end: endOf(begin, length, own),
      recurringEventId: series.id,
      originalStartTime: begin,
    };
  }
}

const localOf = ({ date, dateTime }: EventTime, zone: string): Temporal.PlainDateTime =>
  date !== undefined
    ? Temporal.PlainDate.from(date).toPlainDateTime()
    : Temporal.Instant.from(String(dateTime)).toZonedDateTimeISO(zone).toPlainDateTime();

const lengthOf = (start: EventTime, end: EventTime): Temporal.Duration =>
  start.date !== undefined
    ? Temporal.PlainDate.from(start.date).until(String(end.date))
    : Temporal.Instant.from(String(start.dateTime)).until(String(end.dateTime));

function timeAt(date: Temporal.PlainDate, { date: day }: EventTime, time: Temporal.PlainTime, zone: string): EventTime {
  if (day !== undefined) return { date: String(date) };
  const at = date.toPlainDateTime(time).toZonedDateTime(zone);
  return { dateTime: at.toString({ timeZoneName: "never", smallestUnit: "second" }), timeZone: zone };
}

function endOf(start: EventTime, length: Temporal.Duration, zone: string): EventTime {
  if (start.date !== undefined) return { date: String(Temporal.PlainDate.from(start.date).add(length)) };
  const at = Temporal.Instant.from(String(start.dateTime)).add(length).toZonedDateTimeISO(zone);
  return { dateTime: at.toString({ timeZoneName: "never", smallestUnit: "second" }), timeZone: zone };
}

function isOver(until: string | undefined, begin: EventTime, date: Temporal.PlainDate): boolean {
  if (until === undefined) return false;
  const stamp = until.length === 8 || begin.date !== undefined ? String(date).replaceAll("-", "") : stampOf(begin);
  return stamp > (stamp.length === 8 ? until.slice(0, 8) : until);
}

/** The days of a rule from its first on; far beyond what anybody reads. */
function* datesOf(rule: Rule, first: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  for (let step = 0; step < mostOccurrences; step++) {
    for (const date of datesOfStep(rule, first, step * rule.interval)) {
      if (Temporal.PlainDate.compare(date, first) >= 0) yield date;
    }
  }
}

function datesOfStep({ freq, days, monthDay }: Rule, first: Temporal.PlainDate, by: number): Temporal.PlainDate[] {
  if (freq === "DAILY") {
    const date = first.add({ days: by });
    return days.length === 0 || days.some(({ day }) => day === date.dayOfWeek) ? [date] : [];
  }
  if (freq === "WEEKLY") {
    const monday = first.subtract({ days: first.dayOfWeek - 1 }).add({ weeks: by });
    const wanted = days.length > 0 ? days.map(({ day }) => day) : [first.dayOfWeek];
    return [...wanted].sort((a, b) => a - b).map((day) => monday.add({ days: day - 1 }));
  }
  if (freq === "YEARLY") {
    const date = first.add({ years: by });
    return date.day === first.day ? [date] : [];
  }
  const month = first.with({ day: 1 }).add({ months: by });
  if (days.length > 0)
    return days.flatMap(({ day, nth }) => weekdaysOf(month, day, nth)).sort(Temporal.PlainDate.compare);
  const wanted = monthDay ?? first.day;
  return wanted <= month.daysInMonth ? [month.with({ day: wanted })] : [];
}

function weekdaysOf(month: Temporal.PlainDate, day: number, nth: number): Temporal.PlainDate[] {
  const all: Temporal.PlainDate[] = [];
  for (let at = 1 + ((day - month.dayOfWeek + 7) % 7); at <= month.daysInMonth; at += 7)
    all.push(month.with({ day: at }));
  if (nth === 0) return all;
  const one = all.at(nth > 0 ? nth - 1 : nth);
  return one ? [one] : [];
}
