import { notUnderstood, present, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";

export const calCom = {
  name: "Cal.com",
  sourceUrl: "https://cal.com",
  versions: { slots: "2024-09-04", bookings: "2026-02-25" },
} as const;

type Reach = Pick<ToolContext, "http" | "config" | "signal">;

/** A booking as Cal.com keeps it. */
export interface CalComBooking {
  uid: string;
  status: "accepted" | "pending" | "cancelled" | "rejected";
  start: Date;
  end?: Date;
  /** The booking that it became when somebody moved it; its own status stays what it was. */
  movedTo?: string;
}

/** What becomes of a request that Cal.com answered. A refusal is certain: nothing is booked. */
export type BookingAnswer =
  | { kind: "booked"; booking: CalComBooking }
  | { kind: "taken" }
  | { kind: "refused"; error: AppError };

/** What is asked for in a new booking. */
export interface WantedTable {
  eventTypeId: number;
  start: Temporal.Instant;
  zone: string;
  guest: { name: string; email: string; phone?: string };
  notes: string;
  /** Our own id, so that the restaurant and we can speak of the same one. */
  reference: string;
}

/**
 * Gives the free starts from one date to another, both included, in order.
 * @throws AppError not_found for an unknown event type, and the client's failures
 */
export async function freeSlots(
  { eventTypeId, from, to, zone }: { eventTypeId: number; from: string; to: string; zone: string },
  reach: Reach,
): Promise<Temporal.Instant[]> {
  const answer = await send(reach, "GET", "/v2/slots", calCom.versions.slots, {
    query: { eventTypeId, start: from, end: to, timeZone: zone },
  });
  if (answer.status >= 400) throw refusalOf(answer);
  return parseSlots(answer.json);
}

/** Reads free starts with and without a `status` around them. @throws AppError upstream_rejected */
export function parseSlots(json: unknown): Temporal.Instant[] {
  const days = recordIn(json, "data");
  if (!days) throw notUnderstood(calCom.name);
  const starts = Object.values(days).flatMap((slots) => (Array.isArray(slots) ? slots : []));
  return starts
    .flatMap((slot: unknown) => instantOf(textIn(slot, "start")) ?? [])
    .sort((a, b) => Temporal.Instant.compare(a, b));
}

/**
 * Asks for a table. It is sent once: Cal.com takes no idempotency key.
 * @throws AppError the client's failures; all but rate_limited leave open whether the table is booked
 */
export async function createBooking(wanted: WantedTable, reach: Reach): Promise<BookingAnswer> {
  const { eventTypeId, start, zone, guest, notes, reference } = wanted;
  const answer = await send(reach, "POST", "/v2/bookings", calCom.versions.bookings, {
    body: {
      eventTypeId,
      start: start.toString({ smallestUnit: "second" }),
      attendee: present({
        name: guest.name,
        email: guest.email,
        timeZone: zone,
        phoneNumber: internationalPhone(guest.phone),
      }),
      bookingFieldsResponses: { notes },
      metadata: { mcqueen_booking: reference },
    },
  });
  if (answer.status < 400) return { kind: "booked", booking: parseBooking(answer.json) };
  return isTaken(answer.json) ? { kind: "taken" } : { kind: "refused", error: refusalOf(answer) };
}

/** A booking moved more often than this is not followed. */
const mostMoves = 10;

/** Gives the booking as it stands now, where it was moved to. @throws AppError not_found, and the client's failures */
export async function getBooking(uid: string, reach: Reach): Promise<CalComBooking> {
  let booking = await readBooking(uid, reach);
  for (let moves = 0; booking.movedTo !== undefined; moves++) {
    if (moves === mostMoves) throw notUnderstood(calCom.name);
    booking = await readBooking(booking.movedTo, reach);
  }
  return booking;
}

async function readBooking(uid: string, reach: Reach): Promise<CalComBooking> {
  const answer = await send(reach, "GET", `/v2/bookings/${encodeURIComponent(uid)}`, calCom.versions.bookings, {});
  if (answer.status >= 400) throw refusalOf(answer);
  return parseBooking(answer.json);
}

/** @throws AppError upstream_rejected when Cal.com says no, not_found, and the client's failures */
export async function cancelBooking(uid: string, reach: Reach): Promise<CalComBooking> {
  const path = `/v2/bookings/${encodeURIComponent(uid)}/cancel`;
  const answer = await send(reach, "POST", path, calCom.versions.bookings, {
    body: { cancellationReason: "Cancelled by the guest" },
  });
  if (answer.status >= 400) throw refusalOf(answer);
  return parseBooking(answer.json);
}

/** Reads one booking. @throws AppError upstream_rejected, also for a series of them */
export function parseBooking(json: unknown): CalComBooking {
  const data = recordIn(json, "data");
  const [uid, status] = [textIn(data, "uid"), textIn(data, "status")];
  const [start, end] = [instantOf(textIn(data, "start")), instantOf(textIn(data, "end"))];
  const known = (["accepted", "pending", "cancelled", "rejected"] as const).find((each) => each === status);
  if (uid === undefined || known === undefined || start === undefined) throw notUnderstood(calCom.name);
  return present({
    uid,
    status: known,
    start: new Date(start.epochMilliseconds),
    end: end ? new Date(end.epochMilliseconds) : undefined,
    movedTo: textIn(data, "rescheduledToUid") || undefined,
  });
}

/** Cal.com's own sentence, from the envelope or from the bare error of a team. */
const messageOf = (json: unknown): string | undefined =>
  textIn(recordIn(json, "error"), "message") ?? textIn(json, "message");

export const isTaken = (json: unknown): boolean =>
  /already has booking at this time or is not available/i.test(messageOf(json) ?? "");

/** What a refusal means for us. */
export function refusalOf({ status, json }: { status: number; json: unknown }): AppError {
  const message = messageOf(json) ?? "";
  const field = /\{(\w+)\}\s*error_required_field/.exec(message)?.[1];
  if (field !== undefined) return wantsField(field);
  const said = message === "" ? "" : `: ${printable(message.replace(/\s+/g, " ").trim())}`;
  if (status === 404) {
    return new AppError("not_found", `Cal.com does not know this event type or booking${said}`, {
      hint: "Check the number: mcqueen config book_restaurant_public",
      metadata: { provider: calCom.name },
    });
  }
  return new AppError("upstream_rejected", `Cal.com refused (${status})${said}`, {
    hint: "Book it on the restaurant's own page.",
    metadata: { provider: calCom.name },
  });
}

function wantsField(field: string): AppError {
  const known = /email/i.test(field) ? "email" : /phone|sms/i.test(field) ? "phone" : undefined;
  if (known) return missingGuest(known);
  return new AppError("upstream_rejected", `The restaurant wants to know more at Cal.com: ${printable(field)}`, {
    hint: "Book it on the restaurant's own page.",
    metadata: { provider: calCom.name },
  });
}

const examples = { name: "Ada Lovelace", email: "ada@example.org", phone: "+44 20 7946 0000" };

/** The refusal of a call that lacks something about the guest. */
export const missingGuest = (...fields: (keyof typeof examples)[]): AppError =>
  invalidParameters(
    fields.map((field) => `Missing required parameter: guest.${field}`),
    `Run: mcqueen profile set ${fields.map((field) => `guest.${field}="${examples[field]}"`).join(" ")}`,
  );

/** "+33199001234", or nothing where the country is not told. */
function internationalPhone(phone: string | undefined): string | undefined {
  return phone?.startsWith("+") ? `+${phone.replace(/\D/g, "")}` : undefined;
}

function instantOf(text: string | undefined): Temporal.Instant | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : Temporal.Instant.fromEpochMilliseconds(ms);
}

const send = (
  { http, config, signal }: Reach,
  method: "GET" | "POST",
  path: string,
  version: string,
  parts: { query?: Record<string, string | number>; body?: unknown },
) =>
  http.json({
    provider: calCom.name,
    url: under(config.CALCOM_BASE_URL ?? "https://api.cal.com", path),
    method,
    headers: { "cal-api-version": version },
    signal,
    accept: (status) => [400, 403, 404, 409, 422].includes(status),
    ...parts,
  });
