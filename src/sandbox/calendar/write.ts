import { findPerson } from "../google/people.ts";
import { remove } from "../google/state.ts";
import { checkQuery, eventFields, readBody } from "./check.ts";
import { invalid, notFound, refusal } from "./refusal.ts";
import type { Guest, Resource } from "./resource.ts";
import { type Calendar, copiesOf, fileOf, findEvent, keep, listKept, newEtag, readKept, toldTo } from "./store.ts";
import { checkTimes } from "./times.ts";

interface Writing {
  /** The sandbox's folder. */
  folder: string;
  calendar: Calendar;
  request: Request;
  query: URLSearchParams;
  now: Date;
}

const told = ["sendUpdates", "sendNotifications"];

function requireWriter({ accessRole }: Calendar): void {
  if (accessRole === "owner") return;
  throw refusal(403, "requiredAccessLevel", "You need to have writer access to this calendar.", { domain: "calendar" });
}

/** events.insert */
export async function insertEvent(writing: Writing): Promise<Response> {
  const { folder, calendar, request, query, now } = writing;
  checkQuery(query, [...told, "maxAttendees"]);
  const body = await readBody(request, eventFields);
  requireWriter(calendar);
  const { id, ...given } = body as Partial<Resource>;
  if (id !== undefined && !/^[a-v0-9]{5,1024}$/.test(id)) throw invalid("Invalid resource id value.");
  if (id !== undefined && readKept(calendar, id))
    throw refusal(409, "duplicate", "The requested identifier already exists.");
  const made = id ?? newId();
  const owner = {
    email: calendar.primary ? calendar.owner : calendar.id,
    displayName: calendar.primary ? nameOf(calendar.owner) : calendar.summary,
  };
  const event = finish(calendar, {
    kind: "calendar#event",
    etag: newEtag(),
    id: made,
    status: "confirmed",
    htmlLink: linkOf(made, calendar),
    created: seconds(now),
    updated: now.toISOString(),
    creator: { email: calendar.owner, displayName: nameOf(calendar.owner) },
    organizer: owner,
    iCalUID: `${made}@google.com`,
    sequence: 0,
    reminders: { useDefault: true },
    eventType: "default",
    ...withoutNulls(given),
  } as Resource);
  const kept = keep(calendar, event);
  for (const copy of copiesOf(folder, kept, calendar.owner)) keep(copy, { ...kept, htmlLink: linkOf(made, copy) });
  return Response.json(toldTo(calendar.owner, kept, calendar.timeZone));
}

/** events.patch: what is named changes, null takes away, lists are replaced. */
export async function patchEvent(writing: Writing, id: string): Promise<Response> {
  const { folder, calendar, request, query, now } = writing;
  checkQuery(query, [...told, "maxAttendees"]);
  const body = await readBody(request, eventFields);
  requireWriter(calendar);
  const before = findEvent(calendar, id);
  if (!before || before.status === "cancelled") throw notFound();
  checkEtag(request, before);
  const changed = merge(before, body as Partial<Resource>);
  const isMoved = ["start", "end", "recurrence"].some((field) => field in body);
  const event = finish(calendar, {
    ...changed,
    id: before.id,
    updated: now.toISOString(),
    sequence: (before.sequence ?? 0) + (isMoved ? 1 : 0),
  });
  const kept = keep(calendar, event);
  // A series that is moved forgets what was changed in single occurrences.
  if (isMoved && before.recurrence) forgetExceptions(calendar, id);
  for (const copy of copiesOf(
    folder,
    { ...kept, attendees: [...(kept.attendees ?? []), ...(before.attendees ?? [])] },
    calendar.owner,
  )) {
    const isInvited = kept.organizer?.email === copy.owner || kept.attendees?.some(({ email }) => email === copy.owner);
    if (kept.organizer?.email === calendar.owner) keep(copy, isInvited ? kept : { ...kept, status: "cancelled" });
    else tellAnswer(copy, kept, calendar.owner);
  }
  return Response.json(toldTo(calendar.owner, kept, calendar.timeZone));
}

/** events.delete: the answer is empty. */
export function deleteEvent({ folder, calendar, request, query, now }: Writing, id: string): Response {
  checkQuery(query, told);
  requireWriter(calendar);
  const event = findEvent(calendar, id);
  if (!event) throw notFound();
  if (event.status === "cancelled") throw refusal(410, "deleted", "Resource has been deleted");
  checkEtag(request, event);
  const { kind, etag, recurringEventId, originalStartTime } = event;
  const cancelled: Resource =
    recurringEventId === undefined
      ? { ...event, status: "cancelled", updated: now.toISOString() }
      : {
          kind,
          etag,
          id: event.id,
          status: "cancelled",
          recurringEventId,
          ...(originalStartTime ? { originalStartTime } : {}),
        };
  keep(calendar, cancelled);
  if (event.recurrence) forgetExceptions(calendar, id);
  if (event.organizer?.email === calendar.owner) {
    for (const copy of copiesOf(folder, event, calendar.owner)) keep(copy, cancelled);
  }
  return new Response(null, { status: 204 });
}

function checkEtag(request: Request, { etag }: Resource): void {
  const wanted = request.headers.get("if-match");
  if (wanted === null || wanted === "*" || wanted === etag) return;
  throw refusal(412, "conditionNotMet", "Precondition Failed", { locationType: "header", location: "If-Match" });
}

function forgetExceptions(calendar: Calendar, seriesId: string): void {
  for (const { id, recurringEventId } of listKept(calendar)) {
    if (recurringEventId === seriesId) remove(fileOf(calendar, id));
  }
}

/** A guest who changes an event tells the others only what was answered. */
function tellAnswer(copy: Calendar, changed: Resource, by: string): void {
  const theirs = readKept(copy, changed.id);
  const answer = changed.attendees?.find(({ email }) => email === by)?.responseStatus;
  if (!theirs?.attendees || !answer) return;
  const attendees = theirs.attendees.map((guest) =>
    guest.email === by ? { ...guest, responseStatus: answer } : guest,
  );
  keep(copy, { ...theirs, attendees });
}

/** Checks an event as it is to be kept, and fills in what Google fills in. @throws Refusal */
function finish(calendar: Calendar, event: Resource): Resource {
  if (!["confirmed", "tentative", "cancelled"].includes(event.status)) throw invalid("Invalid value for: status");
  if (event.recurringEventId && event.recurrence) throw invalid("Recurring event instances cannot repeat.");
  const times = checkTimes(event, calendar.timeZone);
  checkReminders(event.reminders);
  const { attendees = [] } = event;
  return {
    ...event,
    ...times,
    ...(attendees.length > 0 ? { attendees: attendees.map((guest) => finishGuest(guest, event)) } : {}),
  };
}

function finishGuest(guest: Guest, { organizer }: Resource): Guest {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(guest.email ?? "")) throw invalid("Invalid attendee email.");
  const isOrganizer = guest.email === organizer?.email;
  const name = guest.displayName ?? findPerson(guest.email)?.name;
  return {
    ...guest,
    ...(name ? { displayName: name } : {}),
    ...(isOrganizer ? { organizer: true } : {}),
    responseStatus: guest.responseStatus ?? (isOrganizer ? "accepted" : "needsAction"),
  };
}

function checkReminders(reminders: Resource["reminders"]): void {
  const { useDefault = true, overrides = [] } = reminders ?? {};
  if (useDefault && overrides.length > 0)
    throw refusal(
      400,
      "cannotUseDefaultRemindersAndSpecifyOverride",
      "Cannot specify both default reminders and overrides at the same time.",
      { domain: "calendar" },
    );
  if (overrides.length > 5) throw refusal(400, "invalid", "Too many reminder overrides.");
  for (const { method, minutes } of overrides) {
    if (!["email", "popup"].includes(method)) throw invalid("Invalid reminder method.");
    if (!Number.isInteger(minutes) || minutes < 0 || minutes > 40_320) throw invalid("Invalid reminder minutes.");
  }
}

function merge(before: Resource, changes: Partial<Resource>): Resource {
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(changes)) {
    const old = merged[name];
    const isNested = typeof value === "object" && value !== null && !Array.isArray(value);
    merged[name] = isNested ? withoutNulls({ ...(old as object), ...value }) : value;
  }
  return withoutNulls(merged) as unknown as Resource;
}

const withoutNulls = <Body extends object>(body: Body): Body =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) as Body;

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(26)), (byte) => "0123456789abcdefghijklmnopqrstuv"[byte % 32]).join(
    "",
  );

const nameOf = (email: string): string => findPerson(email)?.name ?? email;

const linkOf = (id: string, calendar: Calendar): string =>
  `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendar.owner}`).toString("base64url")}`;

const seconds = (at: Date): string => `${at.toISOString().slice(0, 19)}.000Z`;
