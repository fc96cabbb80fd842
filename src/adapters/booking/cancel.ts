import type { Static } from "@sinclair/typebox";
import type { Booking } from "../../core/booking.ts";
import { AppError } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { calCom, cancelBooking, getBooking } from "./cal-com.ts";
import { calComMetadata, settled } from "./cal-com-table.ts";
import { findOwn } from "./own-bookings.ts";
import { ownBookings } from "./result.ts";
import type { OneInput } from "./schemas.ts";

/**
 * Cancels a booking at its provider. What never was a booking is only forgotten, and the answer says so.
 * @throws AppError not_found, conflict for one that is cancelled already, and Cal.com's failures; then it stands as it was
 */
export async function cancel({ booking_id }: Static<typeof OneInput>, context: ToolContext): Promise<ToolResult> {
  const booking = await findOwn(booking_id, context);
  if (booking.status === "cancelled") throw new AppError("conflict", "This booking was cancelled already");
  const own = ownBookings(context);
  if (booking.status === "failed" || booking.status === "handoff" || !booking.providerRef) {
    await own.remove(booking.id);
    return answer(booking, "forgotten", forgotten(booking), { provider: "mcqueen" });
  }
  const now = await getBooking(booking.providerRef, context);
  // One whose end was not heard of, or that the restaurant ended, has no second end.
  const { status } = now.status === "cancelled" ? now : await cancelBooking(now.uid, context);
  if (status !== "cancelled") {
    throw new AppError("upstream_rejected", `Cal.com still has the booking as ${status}`, {
      hint: "Ask the restaurant.",
      metadata: { provider: calCom.name },
    });
  }
  const ended: Booking = { ...settled(booking, now), status: "cancelled" };
  await own.change(booking.id, ended);
  return answer(ended, "cancelled", "Cal.com cancelled the booking.", calComMetadata);
}

function forgotten({ status }: Booking): string {
  if (status === "handoff") {
    return "It was never booked here, so there was nothing to cancel and it is only forgotten. If you booked it yourself, cancel it there.";
  }
  if (status === "failed") return "It was never booked, and is forgotten.";
  return "Whether it was booked is not known, so it is only forgotten here. Cal.com's mail to the guest tells, and holds a link that cancels.";
}

const answer = (
  { id, restaurantName, date, time, partySize }: Booking,
  status: "cancelled" | "forgotten",
  message: string,
  metadata: ToolResult["metadata"],
): ToolResult => ({
  data: {
    booking_id: id,
    restaurant_name: restaurantName,
    date,
    time,
    party_size: partySize,
    status,
    message,
  },
  metadata,
});
