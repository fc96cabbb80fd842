import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { iso } from "./clock.ts";
import type { GoogleEvent } from "./event.ts";
import type { CreateEvent, UpdateEvent } from "./inputs.ts";
import { readRecurrence } from "./recurrence.ts";
import type { Span } from "./spans.ts";

type Guest = calendar_v3.Schema$EventAttendee;

/**
 * What was given, apart from times, in Google's form.
 * @param guests those that are there already; whoever stays keeps the answer that was given
 */
export function bodyOf(input: CreateEvent | UpdateEvent, guests: readonly Guest[] = []): GoogleEvent {
  const known = new Map(guests.map((guest) => [guest.email?.toLowerCase(), guest]));
  return {
    ...(input.event_title === undefined ? {} : { summary: input.event_title }),
    ...(input.location === undefined ? {} : { location: input.location }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.attendees === undefined
      ? {}
      : { attendees: [...new Set(input.attendees)].map((email) => known.get(email.toLowerCase()) ?? { email }) }),
    ...(input.reminders === undefined
      ? {}
      : {
          reminders: {
            useDefault: false,
            overrides: input.reminders.map((minutes) => ({ method: "popup", minutes })),
          },
        }),
    ...(input.recurrence === undefined ? {} : { recurrence: readRecurrence(input.recurrence) }),
  };
}

/** Google's `end` of whole days is the day after the last one. */
export function timesOf(span: Span, timeZone: string): Pick<GoogleEvent, "start" | "end"> {
  if (span.kind === "days")
    return { start: { date: String(span.first) }, end: { date: String(span.last.add({ days: 1 })) } };
  return {
    start: { dateTime: iso(span.start), timeZone },
    end: { dateTime: iso(span.end), timeZone },
  };
}
