import { checkQuery, readInstant, readZone } from "./check.ts";
import { emptyRange, invalid, notFound, refusal } from "./refusal.ts";
import { instantOf, type Resource } from "./resource.ts";
import { type Calendar, findEvent, isWithin, listKept, occurrencesOf, toldTo } from "./store.ts";

const listParameters = [
  "timeMin",
  "timeMax",
  "timeZone",
  "q",
  "singleEvents",
  "orderBy",
  "maxResults",
  "pageToken",
  "showDeleted",
  "syncToken",
] as const;

const farYears = 1;

/** events.list: a page of the events of a stretch, repeated ones as one series or as their occurrences. */
export function listEvents(calendar: Calendar, query: URLSearchParams, now: Date): Response {
  checkQuery(query, listParameters);
  if (query.has("syncToken")) {
    throw refusal(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", {
      domain: "calendar",
      locationType: "parameter",
      location: "syncToken",
    });
  }
  const single = readFlag(query, "singleEvents");
  const order = query.get("orderBy");
  if (order !== null && order !== "startTime" && order !== "updated") throw invalid("Invalid value for: orderBy");
  if (order === "startTime" && !single)
    throw invalid("The requested ordering is not available for the particular query.");
  const kept = listKept(calendar);
  const { from, to } = readStretch(query);
  const far =
    to ??
    Temporal.Instant.fromEpochMilliseconds(now.getTime())
      .toZonedDateTimeISO("UTC")
      .add({ years: farYears })
      .toInstant();
  const all = single
    ? kept
        .filter(({ recurringEventId }) => recurringEventId === undefined)
        .flatMap((event) =>
          event.recurrence && event.status !== "cancelled" ? occurrencesOf(calendar, event, far, kept) : [event],
        )
    : kept;
  const wanted = all
    .filter((event) => event.status !== "cancelled" || readFlag(query, "showDeleted"))
    .filter((event) => (single || !event.recurrence ? isWithin(event, from, to) : occurs(calendar, event, far, from)))
    .filter((event) => fits(event, query.get("q")))
    .sort(order === "updated" ? byUpdate : byStart(calendar.timeZone));
  return Response.json(page(calendar, wanted, query, now));
}

const occurs = (
  calendar: Calendar,
  series: Resource,
  to: Temporal.Instant,
  from: Temporal.Instant | undefined,
): boolean => occurrencesOf(calendar, series, to, []).some((each) => isWithin(each, from, to));

const byUpdate = (a: Resource, b: Resource): number =>
  String(a.updated).localeCompare(String(b.updated)) || a.id.localeCompare(b.id);

const byStart =
  (zone: string) =>
  (a: Resource, b: Resource): number => {
    const at = ({ start }: Resource): number => (start ? instantOf(start, zone).epochMilliseconds : 0);
    return at(a) - at(b) || a.id.localeCompare(b.id);
  };

/** The text of an event that a search looks through. */
function fits({ summary, description, location, attendees, organizer }: Resource, words: string | null): boolean {
  const people = [...(attendees ?? []), ...(organizer ? [organizer] : [])].flatMap(({ email, displayName }) => [
    email,
    displayName,
  ]);
  const text = [summary, description, location, ...people].join("\n").toLowerCase();
  return (words ?? "")
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  if (text !== null && text !== "true" && text !== "false") throw invalid(`Invalid value for: ${name}`);
  return text === "true";
}

function readStretch(query: URLSearchParams): { from: Temporal.Instant | undefined; to: Temporal.Instant | undefined } {
  const from = readInstant(query.get("timeMin"), "timeMin");
  const to = readInstant(query.get("timeMax"), "timeMax");
  if (from && to && Temporal.Instant.compare(from, to) >= 0) throw emptyRange("timeMax");
  return { from, to };
}

function page(calendar: Calendar, events: readonly Resource[], query: URLSearchParams, now: Date) {
  const most = query.get("maxResults") ?? "250";
  if (!/^[1-9]\d{0,3}$/.test(most)) throw invalid("Invalid value for: maxResults");
  const token = query.get("pageToken");
  const [, begun] = /^page(\d{1,6})$/.exec(token === null ? "page0" : Buffer.from(token, "base64url").toString()) ?? [];
  if (begun === undefined) throw invalid("Invalid page token value.");
  const start = Number(begun);
  const end = start + Math.min(Number(most), 2_500);
  const zone = readZone(query.get("timeZone"), calendar.timeZone, "timeZone");
  const next =
    end < events.length
      ? { nextPageToken: Buffer.from(`page${end}`).toString("base64url") }
      : { nextSyncToken: Buffer.from(`sync${now.getTime()}`).toString("base64url") };
  return {
    kind: "calendar#events",
    etag: `"p${now.getTime()}o"`,
    summary: calendar.summary,
    description: "",
    updated: now.toISOString(),
    timeZone: zone,
    accessRole: calendar.accessRole,
    defaultReminders: [{ method: "popup", minutes: 30 }],
    ...next,
    items: events.slice(start, end).map((event) => toldTo(calendar.owner, event, zone)),
  };
}

/** events.get: one event, a deleted one too. */
export function getEvent(calendar: Calendar, id: string, query: URLSearchParams): Response {
  checkQuery(query, ["timeZone"]);
  const event = findEvent(calendar, id);
  if (!event) throw notFound();
  return Response.json(toldTo(calendar.owner, event, readZone(query.get("timeZone"), calendar.timeZone, "timeZone")));
}

/** events.instances: the occurrences of one series. */
export function listInstances(calendar: Calendar, id: string, query: URLSearchParams, now: Date): Response {
  checkQuery(query, ["timeMin", "timeMax", "timeZone", "maxResults", "pageToken", "showDeleted"]);
  const series = findEvent(calendar, id);
  if (!series?.recurrence) throw notFound();
  const { from, to } = readStretch(query);
  const far =
    to ??
    Temporal.Instant.fromEpochMilliseconds(now.getTime())
      .toZonedDateTimeISO("UTC")
      .add({ years: farYears })
      .toInstant();
  const found = occurrencesOf(calendar, series, far, listKept(calendar))
    .filter((event) => event.status !== "cancelled" || readFlag(query, "showDeleted"))
    .filter((event) => isWithin(event, from, to))
    .sort(byStart(calendar.timeZone));
  return Response.json(page(calendar, found, query, now));
}
