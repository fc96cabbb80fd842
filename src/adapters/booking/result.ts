import {
  type Booking,
  type BookingDetails,
  type BookingStatus,
  type OwnBookings,
  showBooking,
} from "../../core/booking.ts";
import { AppError } from "../../core/errors.ts";
import { makeId } from "../../core/secret.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import type { Moment } from "./moment.ts";
import type { BookInput } from "./schemas.ts";

/** Fields of a booking that strangers wrote: whoever edits the map, the restaurant, its provider. */
export const untrusted = ["venue", "handoff", "warnings", "reason", "ics", "candidates"] as const;

/** Where no end is known, a table is taken to be held so long. */
const usualHours = 2;

/** @throws AppError unauthenticated when nobody is known to ask */
export function ownBookings({ bookings }: ToolContext): OwnBookings {
  if (bookings) return bookings;
  throw new AppError("unauthenticated", "Bookings belong to a person, and nobody is known to ask");
}

/** A wish that is about to be acted on. */
export function newBooking(
  { restaurant_name, date, time, party_size, notes }: BookInput,
  { zone, start }: Moment,
  now: Date,
  made: { status: BookingStatus; provider: string; details: BookingDetails },
): Booking {
  return {
    id: makeId("bkg"),
    restaurantName: restaurant_name,
    date,
    time,
    timeZone: zone,
    startsAt: new Date(start.epochMilliseconds),
    endsAt: new Date(start.add({ hours: usualHours }).epochMilliseconds),
    partySize: party_size,
    ...made,
    details: { ...made.details, ...(notes === undefined ? {} : { notes }) },
    createdAt: now,
  };
}

/** The result of an action about one booking, with its calendar file. */
export async function resultOf(booking: Booking, metadata: ToolResult["metadata"]): Promise<ToolResult> {
  const { calendarFile } = await import("./calendar-file.ts");
  return { data: showBooking(booking, await calendarFile(booking)), metadata: { ...metadata, untrusted } };
}

/**
 * The refusal of a wish, which is kept as failed.
 * @param reason a sentence without its full stop
 */
export async function refused(
  booking: Booking,
  context: ToolContext,
  reason: string,
  hint: string,
  more: Record<string, unknown> = {},
): Promise<AppError> {
  const failed: Booking = { ...booking, status: "failed", details: { ...booking.details, reason } };
  await ownBookings(context).add(failed);
  return failure(failed, reason, hint, more);
}

/** What a caller is told of a failed booking; the whole of it is in the metadata. */
export const failure = (booking: Booking, reason: string, hint: string, more: Record<string, unknown> = {}): AppError =>
  new AppError("conflict", reason, {
    hint,
    metadata: { provider: booking.provider, ...more, booking: showBooking(booking), untrusted },
  });
