import { createHash } from "node:crypto";
import { join } from "node:path";
import { findPerson, people } from "../google/people.ts";
import { exists, makeFolder, mark } from "../google/state.ts";
import type { Guest, Resource } from "./resource.ts";
import { type Calendar, calendarsOf, keepFirst, zone } from "./store.ts";

type Who = "ada.lovelace" | "grace.hopper" | "alan.turing";

/** One row of a made-up fortnight. Days are counted from today. */
interface Row {
  name: string;
  by: Who;
  day: number;
  /** Without one it lasts all day. */
  at?: string;
  minutes?: number;
  days?: number;
  place?: string;
  notes?: string;
  with?: Partial<Record<Who, Guest["responseStatus"]>>;
  rule?: string;
  /** The weekday that a series begins on, 1 to 7. */
  weekday?: number;
  free?: true;
  in?: "family" | "holidays";
}

const rows: readonly Row[] = [
  {
    name: "Stand-up",
    by: "grace.hopper",
    day: -21,
    weekday: 1,
    at: "09:30",
    minutes: 15,
    with: { "ada.lovelace": "accepted", "alan.turing": "accepted" },
    rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  },
  { name: "Call with the bank", by: "ada.lovelace", day: -2, at: "11:00", minutes: 30 },
  {
    name: "Lunch with Grace",
    by: "ada.lovelace",
    day: 1,
    at: "12:30",
    minutes: 60,
    place: "Café Babbage, 12 Dorset Street, London",
    with: { "grace.hopper": "accepted" },
  },
  {
    name: "Review of the Analytical Engine",
    by: "ada.lovelace",
    day: 2,
    at: "14:00",
    minutes: 90,
    place: "Room 3",
    notes: "Bring the diagrams of note G.",
    with: { "grace.hopper": "accepted", "alan.turing": "tentative" },
  },
  { name: "Dentist", by: "ada.lovelace", day: 3, at: "16:00", minutes: 45, place: "8 Wimpole Street, London" },
  {
    name: "Choir practice",
    by: "ada.lovelace",
    day: -14,
    weekday: 4,
    at: "19:00",
    minutes: 120,
    place: "St James's Church",
    rule: "FREQ=WEEKLY;BYDAY=TH",
  },
  { name: "Mum's birthday", by: "ada.lovelace", day: 5, free: true },
  {
    name: "Computing Machinery 27",
    by: "alan.turing",
    day: 7,
    days: 3,
    place: "Manchester",
    with: { "ada.lovelace": "needsAction" },
  },
  { name: "School play", by: "ada.lovelace", day: 4, at: "18:00", minutes: 90, in: "family" },
  { name: "Compiler workshop", by: "grace.hopper", day: 1, at: "15:00", minutes: 120 },
  {
    name: "Chess club",
    by: "alan.turing",
    day: -14,
    weekday: 3,
    at: "18:30",
    minutes: 150,
    rule: "FREQ=WEEKLY;BYDAY=WE",
  },
  {
    name: "Long run",
    by: "alan.turing",
    day: -14,
    weekday: 6,
    at: "08:00",
    minutes: 120,
    rule: "FREQ=WEEKLY;BYDAY=SA",
  },
  { name: "Bank holiday", by: "ada.lovelace", day: 6, free: true, in: "holidays" },
];

const mailOf = (who: string): string => `${who}@example.com`;

/** Fills the calendars of a person when they are first opened, with a fortnight around that moment. */
export function seed(folder: string, email: string, now: Date): void {
  const calendars = calendarsOf(folder, email);
  const done = join(calendars[0]?.folder ?? folder, "..", "seeded");
  if (exists(done)) return;
  for (const row of rows) {
    const isMine = mailOf(row.by) === email || (row.with !== undefined && email in withMails(row.with));
    const calendar = calendars.find((each) => each.folder.endsWith(`/${row.in ?? "primary"}`));
    const isTheirs = row.in === "holidays" || (row.in === undefined && isMine) || mailOf(row.by) === email;
    if (calendar && isTheirs) keepFirst(calendar, eventOf(row, calendar, now));
  }
  makeFolder(join(done, ".."));
  mark(done);
}

const withMails = (guests: NonNullable<Row["with"]>): Record<string, Guest["responseStatus"]> =>
  Object.fromEntries(Object.entries(guests).map(([who, response]) => [mailOf(who), response]));

function eventOf(row: Row, calendar: Calendar, now: Date): Resource {
  const id = createHash("sha256").update(`${row.by} ${row.name}`).digest("hex").slice(0, 26);
  const made = new Date(now.getTime() - 30 * 86_400_000).toISOString();
  const organizer = calendar.primary ? mailOf(row.by) : calendar.id;
  return {
    kind: "calendar#event",
    etag: `"3${id.replace(/\D/g, "").padEnd(15, "0").slice(0, 15)}"`,
    id,
    status: "confirmed",
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendar.owner}`).toString("base64url")}`,
    created: made,
    updated: made,
    summary: row.name,
    ...(row.notes ? { description: row.notes } : {}),
    ...(row.place ? { location: row.place } : {}),
    creator: { email: mailOf(row.by) },
    organizer: { email: organizer },
    ...timesOf(row, now),
    ...(row.rule ? { recurrence: [`RRULE:${row.rule}`] } : {}),
    ...(row.free ? { transparency: "transparent" as const } : {}),
    iCalUID: `${id}@google.com`,
    sequence: 0,
    ...(row.with ? { attendees: guestsOf(row) } : {}),
    reminders: { useDefault: true },
    eventType: "default",
  };
}

function timesOf(
  { day, weekday, at, minutes = 60, days = 1 }: Row,
  now: Date,
): Required<Pick<Resource, "start" | "end">> {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const near = today.add({ days: day });
  const date = weekday === undefined ? near : near.subtract({ days: near.dayOfWeek - 1 }).add({ days: weekday - 1 });
  if (at === undefined) return { start: { date: String(date) }, end: { date: String(date.add({ days })) } };
  const start = date.toPlainDateTime(Temporal.PlainTime.from(at)).toZonedDateTime(zone);
  const told = (time: Temporal.ZonedDateTime) => ({
    dateTime: time.toString({ timeZoneName: "never", smallestUnit: "second" }),
    timeZone: zone,
  });
  return { start: told(start), end: told(start.add({ minutes })) };
}

function guestsOf({ by, with: guests = {} }: Row): Guest[] {
  const organizer = people.filter(({ email }) => email === mailOf(by));
  return [
    ...organizer.map(({ email, name }) => ({
      email,
      displayName: name,
      organizer: true,
      responseStatus: "accepted" as const,
    })),
    ...Object.entries(withMails(guests)).map(([email, responseStatus]) => ({
      email,
      displayName: findPerson(email)?.name ?? email,
      responseStatus,
    })),
  ];
}
