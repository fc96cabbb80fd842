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
  return {
    ...(input.event_title === undefined ? {} : { summary: input.event_title }),
    ...(input.location === undefined ? {} : { location: input.location }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.attendees === undefined ? {} : { attendees: guestsOf(input.attendees, guests) }),
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

/** The people of the list, with what they answered; oneself, the organizer and rooms stay unless the list is empty. */
function guestsOf(emails: readonly string[], before: readonly Guest[]): Guest[] {
  const key = (email: string | null | undefined): string => String(email).toLowerCase();
  const known = new Map(before.map((guest) => [key(guest.email), guest]));
  const staying = emails.length > 0 ? before.filter((guest) => guest.self || guest.organizer || guest.resource) : [];
  const wanted = new Map(staying.map((guest) => [key(guest.email), guest]));
  for (const email of emails) wanted.set(key(email), known.get(key(email)) ?? { email });
  return [...wanted.values()];
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
