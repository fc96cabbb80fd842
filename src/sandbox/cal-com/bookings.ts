import { isRecord } from "../../core/parameters.ts";
import { randomText } from "../../core/secret.ts";
import { isFree, type Kept, keep, shown, startsOf, takeSlot, typeOf } from "./calendar.ts";
import type { EventType } from "./event-types.ts";
import { refuse, refuseField, takenMessage } from "./refusals.ts";

const known = new Set([
  "eventTypeId",
  "eventTypeSlug",
  "username",
  "teamSlug",
  "organizationSlug",
  "start",
  "attendee",
  "bookingFieldsResponses",
  "guests",
  "location",
  "meetingUrl",
  "metadata",
  "lengthInMinutes",
]);
const knownOfAttendee = new Set(["name", "email", "timeZone", "phoneNumber", "language"]);
const path = "/v2/bookings";

/** Makes a booking where the time is free and the form is answered. */
export function createBooking(folder: string, body: Record<string, unknown>, now: Date): Response {
  const problems = problemsOf(body);
  if (problems.length > 0) return refuse(400, problems.join(" , "), path, now);
  const type = typeOf(body.eventTypeId);
  if (!type) return refuse(404, `Event type with id ${body.eventTypeId} not found.`, path, now);
  const attendee = body.attendee as Kept["attendee"];
  const responses = isRecord(body.bookingFieldsResponses) ? body.bookingFieldsResponses : {};
  const missing = missingField(type, attendee, responses);
  if (missing !== undefined) return refuseField(missing);
  const start = Temporal.Instant.from(String(body.start));
  if (start.epochMilliseconds <= now.getTime())
    return refuse(400, "Attempting to book a meeting in the past.", path, now);
  const day = start.toZonedDateTimeISO(type.timeZone).toPlainDate();
  const isOffered = startsOf(type, day).some((each) => each.equals(start)) && isFree(folder, type, start, now);
  if (!isOffered || !takeSlot(folder, type, start)) return refuse(400, takenMessage, path, now);
  const kept: Kept = {
    id: 12_000_000 + (start.epochMilliseconds % 999_983),
    uid: uidOf(),
    eventTypeId: type.id,
    status: type.needsApproval ? "pending" : "accepted",
    start: start.toString({ fractionalSecondDigits: 3 }),
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    attendee: { ...attendee, language: attendee.language ?? "en" },
    responses,
    metadata: isRecord(body.metadata) ? body.metadata : {},
  };
  keep(folder, kept);
  return Response.json({ status: "success", data: shown(kept, type) }, { status: 201 });
}

function problemsOf(body: Record<string, unknown>): string[] {
  const { start, attendee, eventTypeId } = body;
  const strange = Object.keys(body).filter((name) => !known.has(name));
  const ofAttendee = isRecord(attendee) ? Object.keys(attendee).filter((name) => !knownOfAttendee.has(name)) : [];
  const isDate = typeof start === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(start);
  return [
    ...strange.map((name) => `${name} property is wrong,property ${name} should not exist`),
    ...(isDate ? [] : ["start property is wrong,start must be a valid ISO 8601 date string"]),
    ...(isRecord(attendee) ? [] : ["attendee property is wrong,attendee should not be null or undefined"]),
    ...ofAttendee.map((name) => `attendee.${name} property is wrong,property ${name} should not exist`),
    ...(Number.isInteger(eventTypeId) ? [] : ["eventTypeId or eventTypeSlug + username property is wrong"]),
  ];
}

function missingField(
  { requires }: EventType,
  attendee: Partial<Kept["attendee"]>,
  responses: Record<string, unknown>,
): string | undefined {
  if (!attendee.name) return "name";
  if (!attendee.email) return "email";
  if (!attendee.timeZone) return "timeZone";
  if (requires === undefined || responses[requires]) return undefined;
  return requires === "attendeePhoneNumber" && attendee.phoneNumber ? undefined : requires;
}

function uidOf(): string {
  for (;;) {
    const text = randomText(24, "base64url").replace(/[-_]/g, "");
    if (text.length >= 22) return text.slice(0, 22);
  }
}
