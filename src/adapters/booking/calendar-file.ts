import type { Booking } from "../../core/booking.ts";

/**
 * A calendar file (RFC 5545) of one booking, in the restaurant's zone (in UTC when the clock alone does not tell): confirmed only when the booking is,
 * else tentative, and cancelled when it was.
 */
export async function calendarFile(booking: Booking): Promise<string> {
  const { default: ical, ICalEventStatus } = await import("ical-generator");
  const { id, restaurantName, timeZone, status, details, createdAt } = booking;
  const { venue } = details;
  const [start, end] = [booking.startsAt, booking.endsAt].map((at) =>
    Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone),
  ) as [Temporal.ZonedDateTime, Temporal.ZonedDateTime];
  const calendar = ical({
    prodId: { company: "mcqueen", product: "bookings", language: "EN" },
    timezone: { name: null as unknown as string, generator: () => zoneRules(start) },
  });
  calendar.createEvent({
    id: `${id}@mcqueen`,
    stamp: createdAt,
    ...(isTold(start) && isTold(end)
      ? { start: start.toPlainDateTime(), end: end.toPlainDateTime(), timezone: timeZone }
      : { start: booking.startsAt, end: booking.endsAt }),
    summary: `Table at ${restaurantName}${status === "confirmed" ? "" : ` (${remarks[status]})`}`,
    description: describe(booking),
    ...(venue?.address ? { location: { title: venue.name, address: venue.address } } : {}),
    status:
      status === "confirmed"
        ? ICalEventStatus.CONFIRMED
        : status === "cancelled" || status === "failed"
          ? ICalEventStatus.CANCELLED
          : ICalEventStatus.TENTATIVE,
  });
  return `${calendar.toString()}\r\n`;
}

/** Programs do not agree on which of two equal hours a file means. */
const isTold = (at: Temporal.ZonedDateTime): boolean =>
  (["earlier", "later"] as const).every((disambiguation) =>
    at.toPlainDateTime().toZonedDateTime(at.timeZoneId, { disambiguation }).equals(at),
  );

const remarks = {
  pending: "not confirmed yet",
  handoff: "not booked yet",
  failed: "not booked",
  cancelled: "cancelled",
};

function describe({ partySize, status, providerRef, details }: Booking): string {
  const { handoff, venue, notes } = details;
  return [
    `Table for ${partySize}`,
    ...(status === "confirmed" && providerRef ? [`Confirmation number: ${providerRef}`] : []),
    ...(notes ? [`Notes: ${notes}`] : []),
    ...((handoff?.phone ?? venue?.phone) ? [`Phone: ${handoff?.phone ?? venue?.phone}`] : []),
    ...(handoff?.links.map(({ name, url }) => `${name}: ${url}`) ?? []),
  ].join("\n");
}

/** A VTIMEZONE that holds around the start: the change of clocks before it, and the one after it. */
function zoneRules(start: Temporal.ZonedDateTime): string {
  const changes = [
    start.add({ nanoseconds: 1 }).getTimeZoneTransition("previous"),
    start.getTimeZoneTransition("next"),
  ];
  const rules = changes.flatMap((change) => (change ? observance(change) : []));
  const constant = [
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    `TZOFFSETFROM:${offsetOf(start)}`,
    `TZOFFSETTO:${offsetOf(start)}`,
    "END:STANDARD",
  ];
  return [
    "BEGIN:VTIMEZONE",
    `TZID:${start.timeZoneId}`,
    ...(changes[0] ? [] : constant),
    ...rules,
    "END:VTIMEZONE",
  ].join("\n");
}

function observance(change: Temporal.ZonedDateTime): string[] {
  const before = change.subtract({ nanoseconds: 1 });
  const kind = change.offsetNanoseconds > before.offsetNanoseconds ? "DAYLIGHT" : "STANDARD";
  // The onset is told by the clock as it went before.
  const onset = before.toPlainDateTime().add({ nanoseconds: 1 });
  return [
    `BEGIN:${kind}`,
    `DTSTART:${onset.toString({ smallestUnit: "second" }).replace(/[-:]/g, "")}`,
    `TZOFFSETFROM:${offsetOf(before)}`,
    `TZOFFSETTO:${offsetOf(change)}`,
    `END:${kind}`,
  ];
}

const offsetOf = ({ offset }: Temporal.ZonedDateTime): string => offset.replaceAll(":", "");
