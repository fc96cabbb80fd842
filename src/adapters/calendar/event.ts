import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { iso } from "./clock.ts";
import type { Event } from "./event-schema.ts";
import { notUnderstood } from "./service.ts";

export type GoogleEvent = calendar_v3.Schema$Event;

const longestDescription = 8_000;

/**
 * Reads Google's form of an event. Cancelled ones may hold little more than their id.
 * @param zone the zone to tell times in
 * @throws AppError upstream_rejected for what has no id
 */
export function readEvent(given: GoogleEvent, zone: string): Event {
  if (typeof given?.id !== "string") throw notUnderstood();
  try {
    return { id: given.id, ...detailsOf(given, zone) };
  } catch (error) {
    if (error instanceof RangeError) throw notUnderstood();
    throw error;
  }
}

function detailsOf(given: GoogleEvent, zone: string): Omit<Event, "id"> {
  const { start, end } = given;
  const isAllDay = Boolean(start?.date);
  const lastDay = end?.date ? Temporal.PlainDate.from(end.date).subtract({ days: 1 }) : undefined;
  const own = start?.timeZone;
  return present({
    title: given.summary ?? undefined,
    start: start?.date ?? timeIn(start?.dateTime, zone),
    end: lastDay ? String(laterOf(lastDay, start?.date)) : timeIn(end?.dateTime, zone),
    end_exclusive: end?.date ?? undefined,
    time_zone: zone,
    own_time_zone: own && own !== zone ? own : undefined,
    all_day: isAllDay,
    status: given.status ?? undefined,
    location: given.location ?? undefined,
    description: given.description?.slice(0, longestDescription),
    attendees: given.attendees?.flatMap(readAttendee),
    organizer: given.organizer?.email ?? undefined,
    link: given.htmlLink ?? undefined,
    meeting_link: given.hangoutLink ?? undefined,
    recurring_event_id: given.recurringEventId ?? undefined,
    recurrence: given.recurrence ?? undefined,
    reminders: readReminders(given.reminders),
    shows_as_free: given.transparency === "transparent" ? true : undefined,
  });
}

/** Some all-day events end on the day they start, which Google's own form does not allow for. */
const laterOf = (last: Temporal.PlainDate, first: string | null | undefined): Temporal.PlainDate =>
  first && Temporal.PlainDate.compare(last, first) < 0 ? Temporal.PlainDate.from(first) : last;

const timeIn = (text: string | null | undefined, zone: string): string | undefined =>
  text ? iso(Temporal.Instant.from(text).toZonedDateTimeISO(zone)) : undefined;

function readAttendee(given: calendar_v3.Schema$EventAttendee): NonNullable<Event["attendees"]> {
  if (!given.email) return [];
  return [
    present({
      email: given.email,
      name: given.displayName ?? undefined,
      response: given.responseStatus ?? undefined,
      optional: given.optional ? true : undefined,
      self: given.self ? true : undefined,
    }),
  ];
}

function readReminders(given: GoogleEvent["reminders"]): number[] | undefined {
  if (given?.useDefault !== false) return undefined;
  return (given.overrides ?? []).flatMap(({ minutes }) => (typeof minutes === "number" ? [minutes] : []));
}

/** The object without its undefined members. */
function present<T extends object>(of: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
