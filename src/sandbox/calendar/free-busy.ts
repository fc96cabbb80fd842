import { findPerson } from "../google/people.ts";
import { checkQuery, readBody, readInstant, readZone } from "./check.ts";
import { emptyRange, refusal } from "./refusal.ts";
import { instantOf } from "./resource.ts";
import { seed } from "./seed.ts";
import { type Calendar, findCalendar, isWithin, listKept, occurrencesOf } from "./store.ts";

const fields = {
  timeMin: "string",
  timeMax: "string",
  timeZone: "string",
  items: [{ id: "string" }],
  groupExpansionMax: "number",
  calendarExpansionMax: "number",
};

/** freeBusy.query. People of the sandbox see each other's free and busy times. */
export async function queryFreeBusy(
  folder: string,
  email: string,
  request: Request,
  query: URLSearchParams,
  now: Date,
): Promise<Response> {
  checkQuery(query, []);
  const body = await readBody(request, fields);
  const from = readInstant(body.timeMin, "timeMin");
  const to = readInstant(body.timeMax, "timeMax");
  if (!from) throw refusal(400, "required", "Missing timeMin parameter.");
  if (!to) throw refusal(400, "required", "Missing timeMax parameter.");
  if (Temporal.Instant.compare(from, to) >= 0) throw emptyRange("timeMax");
  const zone = readZone(body.timeZone, "UTC", "timeZone");
  const ids = ((body.items ?? []) as { id: string }[]).map(({ id }) => id);
  const calendars = ids.map((id) => {
    const calendar = findPerson(id) ? findCalendar(folder, id, "primary") : findCalendar(folder, email, id);
    if (!calendar) return [id, { errors: [{ domain: "global", reason: "notFound" }], busy: [] }];
    seed(folder, calendar.owner, now);
    return [id, { busy: busyIn(calendar, from, to, zone) }];
  });
  return Response.json({
    kind: "calendar#freeBusy",
    timeMin: told(from, "UTC"),
    timeMax: told(to, "UTC"),
    calendars: Object.fromEntries(calendars),
  });
}

function busyIn(calendar: Calendar, from: Temporal.Instant, to: Temporal.Instant, zone: string) {
  const kept = listKept(calendar);
  const stretches = kept
    .filter(({ recurringEventId }) => recurringEventId === undefined)
    .flatMap((event) =>
      event.recurrence && event.status !== "cancelled" ? occurrencesOf(calendar, event, to, kept) : [event],
    )
    .filter(
      (event) => event.status !== "cancelled" && event.transparency !== "transparent" && isWithin(event, from, to),
    )
    .filter(
      ({ attendees }) =>
        !attendees?.some((guest) => guest.email === calendar.owner && guest.responseStatus === "declined"),
    )
    .flatMap(({ start, end }) =>
      start && end ? [[instantOf(start, calendar.timeZone), instantOf(end, calendar.timeZone)] as const] : [],
    )
    .sort(([a], [b]) => Temporal.Instant.compare(a, b));
  const merged: [Temporal.Instant, Temporal.Instant][] = [];
  for (const [start, end] of stretches) {
    const last = merged.at(-1);
    if (last && Temporal.Instant.compare(start, last[1]) <= 0) {
      if (Temporal.Instant.compare(end, last[1]) > 0) last[1] = end;
    } else merged.push([later(start, from), end]);
  }
  return merged.map(([start, end]) => ({
    start: told(start, zone),
    end: told(Temporal.Instant.compare(end, to) > 0 ? to : end, zone),
  }));
}

const later = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) > 0 ? a : b;

const told = (at: Temporal.Instant, zone: string): string =>
  zone === "UTC"
    ? at.toString({ smallestUnit: "second" })
    : at.toZonedDateTimeISO(zone).toString({ timeZoneName: "never", smallestUnit: "second" });
