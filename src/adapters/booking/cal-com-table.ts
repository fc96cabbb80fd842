import type { Booking, BookingDetails, BookingStatus } from "../../core/booking.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type CalComBooking, calCom, createBooking, freeSlots, missingGuest } from "./cal-com.ts";
import { type Moment, momentOf, spokenMoment } from "./moment.ts";
import { failure, newBooking, ownBookings, refused, resultOf } from "./result.ts";
import type { BookInput, CalComVenue, Guest } from "./schemas.ts";

export const calComMetadata = { provider: calCom.name, source_url: calCom.sourceUrl };

const statusOf: Record<CalComBooking["status"], BookingStatus> = {
  accepted: "confirmed",
  pending: "pending",
  cancelled: "cancelled",
  rejected: "failed",
};

const offered = 5;
const unanswered =
  "Cal.com has not answered, so it is not known whether the table is booked. It mails the guest when it is";

/**
 * Books a table at a restaurant that takes bookings through Cal.com. The wish is kept before it is sent, so that one whose answer
 * never came is not lost.
 * @throws AppError invalid_parameters for a guest or time that will not do; conflict, with the nearest free times, when the time is taken
 */
export async function bookAtCalCom(
  input: BookInput,
  { name, venue }: { name: string; venue: CalComVenue },
  context: ToolContext,
): Promise<ToolResult> {
  const guest = wholeGuest(input.guest, context);
  const { zone, warnings } = zoneOf(name, venue, context);
  const moment = momentOf(input.date, input.time, zone, context.now());
  const details: BookingDetails = {
    venue: {
      name,
      ...(venue.address ? { address: venue.address } : {}),
      ...(venue.phone ? { phone: venue.phone } : {}),
    },
    ...(moment.isTwice ? { warnings: [...warnings, "That hour comes twice that night; the first one is meant"] } : {}),
    ...(!moment.isTwice && warnings.length > 0 ? { warnings } : {}),
  };
  const wish = newBooking(input, moment, context.now(), { status: "pending", provider: calCom.name, details });
  context.progress("Asking for free tables");
  const free = await slotsAround(venue, moment, context);
  if (!free.some((slot) => slot.equals(moment.start.toInstant()))) throw await taken(wish, moment, free, context);

  const own = ownBookings(context);
  await own.add({ ...wish, details: { ...details, ...wish.details, reason: unanswered } });
  context.progress("Booking the table");
  const answer = await createBooking(
    {
      eventTypeId: venue.event_type_id,
      start: moment.start.toInstant(),
      zone,
      guest,
      notes: [`Table for ${input.party_size}`, input.notes].filter(Boolean).join(". "),
      reference: wish.id,
    },
    context,
  ).catch(async (error: unknown) => {
    throw await afterSilence(error, wish, context);
  });
  if (answer.kind !== "booked") {
    await own.remove(wish.id);
    if (answer.kind === "refused") throw await keptRefusal(wish, answer.error, context);
    throw await taken(wish, moment, await slotsAround(venue, moment, context), context);
  }
  const booked = settled(wish, answer.booking);
  await own.change(wish.id, booked);
  if (booked.status === "failed") throw failure(booked, `${name} refused the booking`, "Try another time.");
  return resultOf(booked, calComMetadata);
}

/** The booking as Cal.com's answer leaves it. A new one at another time than asked for is not called confirmed. */
export function settled(booking: Booking, { uid, status, start, end }: CalComBooking): Booking {
  const { reason: _open, ...details } = booking.details;
  const now: Booking = {
    ...booking,
    status: statusOf[status],
    providerRef: uid,
    details,
    ...(end ? { endsAt: end } : {}),
  };
  if (start.getTime() === booking.startsAt.getTime()) return now;
  const wall = Temporal.Instant.fromEpochMilliseconds(start.getTime())
    .toZonedDateTimeISO(booking.timeZone)
    .toPlainDateTime();
  if (booking.providerRef === undefined) {
    const reason = `Cal.com has it on ${spokenMoment({ wall })}, which is not what was asked for: ask the restaurant`;
    return { ...now, status: "pending", endsAt: booking.endsAt, details: { ...details, reason } };
  }
  const moved = `It was moved at Cal.com; before, it was on ${booking.date} at ${booking.time}`;
  return {
    ...now,
    date: String(wall.toPlainDate()),
    time: wall.toString({ smallestUnit: "minute" }).slice(11),
    startsAt: start,
    endsAt: end ?? new Date(start.getTime() + booking.endsAt.getTime() - booking.startsAt.getTime()),
    details: { ...details, warnings: [...(details.warnings ?? []), moved] },
  };
}

async function keptRefusal(wish: Booking, error: AppError, context: ToolContext): Promise<AppError> {
  const details = { ...wish.details, reason: error.message };
  await ownBookings(context).add({ ...wish, status: "failed", details });
  return error;
}

/** Silence, a broken answer or a fault of the server's does not tell whether it booked. */
async function afterSilence(error: unknown, wish: Booking, context: ToolContext): Promise<unknown> {
  if (!(error instanceof AppError)) return error;
  if (error.code === "rate_limited") {
    await ownBookings(context).remove(wish.id);
    return keptRefusal(wish, error, context);
  }
  return new AppError(error.code, `${error.message}. ${unanswered}`, {
    hint: `Look into the mail before you try again; it is kept as ${wish.id}.`,
    metadata: { ...error.metadata, booking_id: wish.id },
    cause: error,
  });
}

/** @throws AppError invalid_parameters naming what is missing and the command that sets it */
function wholeGuest(given: Guest | undefined, { profile }: ToolContext) {
  const { name, email, phone } = { ...profile.guest, ...given };
  if (name === undefined || email === undefined) {
    throw missingGuest(
      ...(name === undefined ? ["name" as const] : []),
      ...(email === undefined ? ["email" as const] : []),
    );
  }
  return { name, email, ...(phone === undefined ? {} : { phone }) };
}

function zoneOf(name: string, venue: CalComVenue, { profile }: ToolContext): { zone: string; warnings: string[] } {
  if (venue.time_zone !== undefined) return { zone: venue.time_zone, warnings: [] };
  if (profile.zone !== undefined) {
    return { zone: profile.zone, warnings: [`The restaurant is taken to be in your own zone, ${profile.zone}`] };
  }
  throw invalidParameters(
    [`Setting venues["${name}"].time_zone must be set: the time is meant by the restaurant's clock`],
    "Add time_zone to it with: mcqueen config book_restaurant_public set venues='…', or run: mcqueen profile set zone=Europe/Paris",
  );
}

/** From the day before to three days after, so that a refusal can offer something. */
function slotsAround(venue: CalComVenue, { wall, zone }: Moment, context: ToolContext): Promise<Temporal.Instant[]> {
  const day = wall.toPlainDate();
  const [from, to] = [day.subtract({ days: 1 }), day.add({ days: 3 })].map(String) as [string, string];
  return freeSlots({ eventTypeId: venue.event_type_id, from, to, zone }, context);
}

async function taken(
  wish: Booking,
  moment: Moment,
  free: readonly Temporal.Instant[],
  context: ToolContext,
): Promise<AppError> {
  const wanted = moment.start.epochMilliseconds;
  const distance = (slot: Temporal.Instant): number => Math.abs(slot.epochMilliseconds - wanted);
  const nearest = free
    .filter((slot) => slot.epochMilliseconds > context.now().getTime())
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, offered)
    .sort((a, b) => Temporal.Instant.compare(a, b))
    .map((slot) => slot.toZonedDateTimeISO(moment.zone).toPlainDateTime().toString({ smallestUnit: "minute" }));
  const hint =
    nearest.length > 0
      ? `Nearest free: ${nearest.map((slot) => slot.replace("T", " ")).join(", ")}`
      : "Nothing is free from the day before to three days after.";
  return refused(wish, context, `${wish.restaurantName} has no table on ${spokenMoment(moment)}`, hint, {
    free_slots: nearest.map((slot) => ({ date: slot.slice(0, 10), time: slot.slice(11) })),
  });
}
