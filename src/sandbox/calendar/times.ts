import { readInstant, readZone } from "./check.ts";
import { parseRule } from "./recurrence.ts";
import { emptyRange, invalid, refusal } from "./refusal.ts";
import type { EventTime, Resource } from "./resource.ts";

/**
 * Checks the times and the repetition of an event as it would be kept, and gives them in the form in which they are.
 * @throws Refusal in Google's words
 */
export function checkTimes(event: Resource, zone: string): Pick<Resource, "start" | "end"> {
  const repeats = (event.recurrence ?? []).length > 0;
  if (repeats) parseRule(event.recurrence ?? []);
  const start = checkTime(event.start, "start", zone, repeats);
  const end = checkTime(event.end, "end", zone, repeats);
  if ((start.date === undefined) !== (end.date === undefined))
    throw invalid("Start and end times must either both be date or both be dateTime.");
  const isEmpty =
    start.date !== undefined
      ? Temporal.PlainDate.compare(start.date, String(end.date)) >= 0
      : Temporal.Instant.compare(String(start.dateTime), String(end.dateTime)) > 0;
  if (isEmpty) throw emptyRange("end");
  return { start, end };
}

function checkTime(given: EventTime | undefined, which: "start" | "end", zone: string, repeats: boolean): EventTime {
  const { date, dateTime, timeZone } = withoutNulls(given);
  if ((date === undefined) === (dateTime === undefined)) {
    if (date === undefined) throw refusal(400, "required", `Missing ${which} time.`);
    throw invalid(`Invalid ${which} time.`);
  }
  if (date !== undefined) {
    if (!isDay(date)) throw invalid(`Invalid ${which} time.`);
    return { date };
  }
  if (repeats && timeZone === undefined)
    throw refusal(400, "required", `Missing time zone definition for ${which} time.`);
  const own = readZone(timeZone, zone, `${which} time`);
  const at = hasOffset(String(dateTime))
    ? readInstant(dateTime, which)?.toZonedDateTimeISO(own)
    : readLocal(String(dateTime), which, timeZone === undefined ? undefined : own);
  return { dateTime: String(at?.toString({ timeZoneName: "never", smallestUnit: "second" })), timeZone: own };
}

const withoutNulls = (given: EventTime | undefined): EventTime =>
  Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== null));

const hasOffset = (text: string): boolean => /(Z|[+-]\d\d:\d\d)$/.test(text);

function readLocal(text: string, which: string, zone: string | undefined): Temporal.ZonedDateTime {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) || Number.isNaN(Date.parse(`${text}Z`)))
    throw invalid(`Invalid ${which} time.`);
  if (zone === undefined) throw refusal(400, "required", `Missing time zone definition for ${which} time.`);
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
}
