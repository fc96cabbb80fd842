import { invalidParameters } from "../../core/errors.ts";
import type { GoogleEvent } from "./event.ts";
import type { CalendarService } from "./service.ts";

/**
 * Finds what a change is about: the occurrence that was named, or its series.
 * @returns the event to change, and the one that was named
 * @throws AppError not_found; invalid_parameters when a series is named and nobody said that all of it is meant
 */
export async function findTarget(
  service: CalendarService,
  calendarId: string,
  eventId: string,
  scope: "one" | "all" = "one",
): Promise<{ event: GoogleEvent; occurrence: GoogleEvent }> {
  const get = (id: string): Promise<GoogleEvent> => service.call(() => service.events.get({ calendarId, eventId: id }));
  const occurrence = await get(eventId);
  if (scope === "one" && occurrence.recurrence?.length) {
    throw invalidParameters(
      ["Parameter event_id names a whole series"],
      "Give the id of one occurrence, as get_events shows it, or scope all.",
    );
  }
  const { recurringEventId } = occurrence;
  return { event: scope === "all" && recurringEventId ? await get(recurringEventId) : occurrence, occurrence };
}
