import { createHash, randomInt } from "node:crypto";
import { join } from "node:path";
import { findPerson } from "../google/people.ts";
import { exists, list, makeFolder, read, write } from "../google/state.ts";
import { occurrences } from "./recurrence.ts";
import { instantOf, type Resource, stampOf } from "./resource.ts";

/** One calendar as one person sees it. */
export interface Calendar {
  id: string;
  owner: string;
  summary: string;
  timeZone: string;
  accessRole: "owner" | "reader";
  primary?: true;
  folder: string;
}

export const zone = "Europe/London";

const parentOf = (folder: string, email: string): string => join(folder, "google-calendar", encodeURIComponent(email));

/** The calendars of a person: their own, the family's, and the holidays, which nobody can change. */
export function calendarsOf(folder: string, email: string): Calendar[] {
  const parent = parentOf(folder, email);
  const shared = { owner: email, timeZone: zone };
  return [
    { ...shared, id: email, summary: email, accessRole: "owner", primary: true, folder: join(parent, "primary") },
    { ...shared, id: familyId, summary: "Family", accessRole: "owner", folder: join(parent, "family") },
    {
      ...shared,
      id: holidaysId,
      summary: "Holidays in United Kingdom",
      accessRole: "reader",
      folder: join(parent, "holidays"),
    },
  ];
}

const familyId = "family0f3c1d5e7a9b2c4d6e8f0a1b2c@group.calendar.google.com";
const holidaysId = "en.uk#holiday@group.v.calendar.google.com";

/** The calendar of an id; `primary` is the person's own. Those of others are not to be seen. */
export const findCalendar = (folder: string, email: string, id: string): Calendar | undefined =>
  calendarsOf(folder, email).find((calendar) => calendar.id === id || (id === "primary" && calendar.primary));

const nameOf = (id: string): string => `${id.length > 100 ? createHash("sha256").update(id).digest("hex") : id}.json`;

export const fileOf = ({ folder }: Calendar, id: string): string => join(folder, nameOf(id));

const isId = (id: string): boolean => /^[a-zA-Z0-9_]{1,1060}$/.test(id);

export const readKept = ({ folder }: Calendar, id: string): Resource | undefined =>
  isId(id) ? read<Resource>(join(folder, nameOf(id))) : undefined;

/** Keeps an event under a new etag. */
export function keep({ folder }: Calendar, event: Resource): Resource {
  makeFolder(folder);
  const kept = { ...event, etag: newEtag() };
  write(join(folder, nameOf(event.id)), withoutSelf(kept));
  return kept;
}

/** Keeps an event that is not there yet. */
export function keepFirst({ folder }: Calendar, event: Resource): void {
  makeFolder(folder);
  const path = join(folder, nameOf(event.id));
  if (!exists(path)) write(path, withoutSelf(event));
}

export const newEtag = (): string => `"3${String(randomInt(10 ** 14)).padStart(15, "0")}"`;

/** Who is oneself depends on who reads. */
function withoutSelf(event: Resource): Resource {
  const strip = <Somebody extends { self?: boolean }>({ self: _self, ...rest }: Somebody) => rest;
  return {
    ...event,
    ...(event.creator ? { creator: strip(event.creator) } : {}),
    ...(event.organizer ? { organizer: strip(event.organizer) } : {}),
    ...(event.attendees ? { attendees: event.attendees.map(strip) } : {}),
  };
}

export const listKept = ({ folder }: Calendar): Resource[] =>
  list(folder).flatMap((name) => (name.endsWith(".json") ? (read<Resource>(join(folder, name)) ?? []) : []));

/** An event, kept or an occurrence of a series that was never touched. */
export function findEvent(calendar: Calendar, id: string): Resource | undefined {
  const kept = readKept(calendar, id);
  if (kept) return kept;
  const [, seriesId, stamp] = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id) ?? [];
  const series = seriesId === undefined ? undefined : readKept(calendar, seriesId);
  if (!series || !stamp || series.status === "cancelled") return undefined;
  const until = Temporal.PlainDate.from(stamp.slice(0, 8)).add({ days: 2 }).toZonedDateTime("UTC").toInstant();
  for (const occurrence of occurrences(series, until, calendar.timeZone)) {
    if (occurrence.start && stampOf(occurrence.start) === stamp) return { ...occurrence, etag: series.etag };
  }
  return undefined;
}

/** All occurrences of a series that begin before a moment, changed and cancelled ones in their changed form. */
export function occurrencesOf(
  calendar: Calendar,
  series: Resource,
  before: Temporal.Instant,
  kept: readonly Resource[],
): Resource[] {
  const exceptions = new Map(
    kept.filter(({ recurringEventId }) => recurringEventId === series.id).map((event) => [event.id, event]),
  );
  const regular = [...occurrences(series, before, calendar.timeZone)].filter(({ id }) => !exceptions.has(id));
  return [...regular, ...exceptions.values()];
}

/** Whether an event lies in a stretch, of which it may touch the edges only from outside. */
export function isWithin(
  { start, end }: Resource,
  from: Temporal.Instant | undefined,
  to: Temporal.Instant | undefined,
): boolean {
  if (!start || !end) return from === undefined && to === undefined;
  const [begin, finish] = [instantOf(start, zone), instantOf(end, zone)];
  return (
    (to === undefined || Temporal.Instant.compare(begin, to) < 0) &&
    (from === undefined || Temporal.Instant.compare(finish, from) > 0)
  );
}

/** The event as a person reads it: who is oneself is told, and times are in the zone asked for. */
export function toldTo(email: string, event: Resource, timeZone: string): Resource {
  const mark = <Somebody extends { email: string }>(of: Somebody) => (of.email === email ? { ...of, self: true } : of);
  const time = (at: Resource["start"]) =>
    at?.dateTime === undefined
      ? at
      : {
          dateTime: Temporal.Instant.from(at.dateTime)
            .toZonedDateTimeISO(timeZone)
            .toString({ timeZoneName: "never", smallestUnit: "second" })
            .replace(/\+00:00$/, "Z"),
          ...(at.timeZone ? { timeZone: at.timeZone } : {}),
        };
  const { start, end, originalStartTime, creator, organizer, attendees } = event;
  return {
    ...event,
    ...(creator ? { creator: mark(creator) } : {}),
    ...(organizer ? { organizer: mark(organizer) } : {}),
    ...(attendees ? { attendees: attendees.map(mark) } : {}),
    ...(start ? { start: time(start) ?? start } : {}),
    ...(end ? { end: time(end) ?? end } : {}),
    ...(originalStartTime ? { originalStartTime: time(originalStartTime) ?? originalStartTime } : {}),
  };
}

/** Calendars of the others who are invited and have an account here. */
export const copiesOf = (folder: string, event: Resource, owner: string): Calendar[] => {
  const emails = new Set([event.organizer?.email, ...(event.attendees ?? []).map(({ email }) => email)]);
  return [...emails].flatMap((email) =>
    email !== undefined && email !== owner && findPerson(email) ? (findCalendar(folder, email, "primary") ?? []) : [],
  );
};
