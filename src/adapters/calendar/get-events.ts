import { invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { clockOf, iso } from "./clock.ts";
import { type GoogleEvent, readEvent } from "./event.ts";
import type { Event } from "./event-schema.ts";
import type { GetEvents } from "./inputs.ts";
import { type CalendarService, notUnderstood, openCalendar, provider, untrusted } from "./service.ts";
import { type Range, understandRange } from "./spans.ts";
import { understoodOf } from "./understood.ts";

/** Reads a stretch of a calendar, repeated events as their occurrences, or one event. */
export async function getEvents(input: GetEvents, context: ToolContext): Promise<ToolResult> {
  const clock = clockOf(input.time_zone, context.profile, context.askedAt ?? context.now());
  const calendarId = input.calendar_id ?? "primary";
  if (input.event_id !== undefined) {
    const service = await openCalendar(context);
    const { event_id: eventId } = input;
    const found = await service.call(() => service.events.get({ calendarId, eventId, timeZone: clock.zone }));
    return { data: { event: readEvent(found, clock.zone) }, metadata: { provider, untrusted } };
  }
  const turned = input.page_token === undefined ? undefined : readPageToken(input.page_token, clock.zone);
  const range = turned ?? (await understandRange(input, clock));
  const service = await openCalendar(context);
  const page = await service.call(() =>
    service.events.list({
      calendarId,
      timeMin: iso(range.start),
      timeMax: iso(range.end),
      timeZone: clock.zone,
      singleEvents: true,
      orderBy: "startTime",
      maxResults: input.max_results ?? 50,
      ...(input.query === undefined ? {} : { q: input.query }),
      ...(turned ? { pageToken: turned.token } : {}),
    }),
  );
  return {
    data: {
      events: readEvents(page, clock.zone),
      ...(page.nextPageToken ? { next_page: pageTokenOf(range, page.nextPageToken) } : {}),
    },
    metadata: { provider, understood: understoodOf({ kind: "range", ...range }, clock), untrusted },
  };
}

/** Google turns pages of the same stretch only, and "now" is another one a moment later, so the token holds it. */
const pageTokenOf = ({ start, end }: Range, token: string): string =>
  `${start.epochMilliseconds / 1000}.${end.epochMilliseconds / 1000}.${token}`;

function readPageToken(text: string, zone: string): Range & { token: string } {
  const [, start, end, token] = /^(-?\d{1,11})\.(-?\d{1,11})\.(.+)$/.exec(text) ?? [];
  if (!start || !end || !token)
    throw invalidParameters(["Parameter page_token is not the next_page of an answer"], "Leave it out to begin anew.");
  const at = (seconds: string): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(Number(seconds) * 1000).toZonedDateTimeISO(zone);
  return { start: at(start), end: at(end), notes: [], token };
}

/** The events of a page that have a time. @throws AppError upstream_rejected for what is no page */
export function readEvents(page: { kind?: string | null; items?: GoogleEvent[] }, zone: string): Event[] {
  if (page.kind !== "calendar#events" || !Array.isArray(page.items)) throw notUnderstood();
  return page.items.map((item) => readEvent(item, zone)).filter(({ start }) => start !== undefined);
}

/** Events that take the time between two moments: neither shown as free nor declined. At most ten. */
export async function findOverlapping(
  service: CalendarService,
  calendarId: string,
  start: Temporal.ZonedDateTime,
  end: Temporal.ZonedDateTime,
): Promise<Pick<Event, "id" | "title" | "start" | "end" | "all_day">[]> {
  const zone = start.timeZoneId;
  const page = await service.call(() =>
    service.events.list({
      calendarId,
      timeMin: iso(start),
      timeMax: iso(end),
      timeZone: zone,
      singleEvents: true,
      orderBy: "startTime",
      maxResults: 50,
    }),
  );
  return readEvents(page, zone)
    .filter(
      (event) => !event.shows_as_free && !event.attendees?.some((guest) => guest.self && guest.response === "declined"),
    )
    .slice(0, 10)
    .map(({ id, title, start: from, end: to, all_day }) => ({
      id,
      all_day,
      ...(title === undefined ? {} : { title }),
      ...(from === undefined ? {} : { start: from }),
      ...(to === undefined ? {} : { end: to }),
    }));
}
