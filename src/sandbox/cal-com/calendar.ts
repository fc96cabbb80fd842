import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../core/parameters.ts";
import { type EventType, eventTypes } from "./event-types.ts";

/** A booking as the stand-in keeps it. */
export interface Kept {
  id: number;
  uid: string;
  eventTypeId: number;
  status: "accepted" | "pending" | "cancelled";
  start: string;
  createdAt: string;
  updatedAt: string;
  cancellationReason?: string;
  attendee: { name: string; email: string; timeZone: string; language: string; phoneNumber?: string };
  responses: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Milliseconds after which a restaurant that looks at each request has said yes. */
const approvedAfterMs = 10 * 60_000;

const slotFile = (folder: string, type: EventType, start: Temporal.Instant): string =>
  join(folder, `slot-${type.id}-${start.epochMilliseconds}`);

/** The starts of one day by the restaurant's own clock. */
export function startsOf(
  { timeZone, firstStart, lastStart, closedOn }: EventType,
  day: Temporal.PlainDate,
): Temporal.Instant[] {
  if (closedOn.includes(day.dayOfWeek)) return [];
  const starts: Temporal.Instant[] = [];
  const last = day.toPlainDateTime(lastStart);
  for (
    let at = day.toPlainDateTime(firstStart);
    Temporal.PlainDateTime.compare(at, last) <= 0;
    at = at.add({ minutes: 30 })
  ) {
    starts.push(at.toZonedDateTime(timeZone).toInstant());
  }
  return starts;
}

export const isFree = (folder: string, type: EventType, start: Temporal.Instant, now: Date): boolean =>
  start.epochMilliseconds > now.getTime() && !existsSync(slotFile(folder, type, start));

/** True for one of many at once, also from several processes. */
export function takeSlot(folder: string, type: EventType, start: Temporal.Instant): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(slotFile(folder, type, start), "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (isRecord(error) && error.code === "EEXIST") return false;
    throw error;
  }
}

export const freeSlot = (folder: string, type: EventType, start: Temporal.Instant): void =>
  rmSync(slotFile(folder, type, start), { force: true });

export function keep(folder: string, kept: Kept): void {
  writeFileSync(join(folder, `${kept.uid}.json`), JSON.stringify(kept), { mode: 0o600 });
}

export function find(folder: string, uid: string, now: Date): Kept | undefined {
  const file = join(folder, `${uid}.json`);
  if (!/^[A-Za-z0-9]{22}$/.test(uid) || !existsSync(file)) return undefined;
  const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
  const isDue = kept.status === "pending" && now.getTime() - Date.parse(kept.createdAt) >= approvedAfterMs;
  return isDue ? { ...kept, status: "accepted" } : kept;
}

export const typeOf = (id: unknown): EventType | undefined => eventTypes.find((type) => type.id === Number(id));

/** The shape in which every answer about a booking comes. */
export function shown(kept: Kept, type: EventType): Record<string, unknown> {
  const { id, uid, status, start, attendee, createdAt, updatedAt, cancellationReason, responses, metadata } = kept;
  const { slug, title, host, timeZone, address, minutes } = type;
  const end = Temporal.Instant.from(start).add({ minutes });
  return {
    id,
    uid,
    title: `${title} between ${host.name} and ${attendee.name}`,
    description: typeof responses.notes === "string" ? responses.notes : "",
    hosts: [{ ...host, email: `${host.username}@example.com`, timeZone }],
    status,
    ...(cancellationReason === undefined ? {} : { cancellationReason, cancelledByEmail: attendee.email }),
    start,
    end: end.toString({ fractionalSecondDigits: 3 }),
    duration: minutes,
    eventTypeId: type.id,
    eventType: { id: type.id, slug },
    meetingUrl: address,
    location: address,
    absentHost: false,
    createdAt,
    updatedAt,
    metadata,
    rating: null,
    icsUid: `${uid}@Cal.com`,
    attendees: [{ ...attendee, absent: false }],
    guests: [],
    bookingFieldsResponses: { email: attendee.email, name: attendee.name, guests: [], ...responses },
  };
}
