import type { Static } from "@sinclair/typebox";
import { type Booking, showBooking } from "../../core/booking.ts";
import { AppError } from "../../core/errors.ts";
import type { Fallthrough } from "../../core/provider.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { calCom, getBooking } from "./cal-com.ts";
import { calComMetadata, settled } from "./cal-com-table.ts";
import { ownBookings, resultOf, untrusted } from "./result.ts";
import type { ListInput, OneInput } from "./schemas.ts";

/** Lists the caller's bookings: what is to come first, the next one at the top, then the past, the latest at its top. */
export async function listBookings(
  { all = false, limit = 50 }: Static<typeof ListInput>,
  context: ToolContext,
): Promise<ToolResult> {
  const kept = await ownBookings(context).list();
  const isPast = ({ endsAt }: Booking): boolean => endsAt <= context.now();
  const isLive = ({ status }: Booking): boolean => status !== "failed" && status !== "cancelled";
  const coming = kept.filter((booking) => !isPast(booking) && (all || isLive(booking)));
  const past = all ? kept.filter(isPast).reverse() : [];
  const bookings = [...coming, ...past].slice(0, limit).map((booking) => showBooking(booking));
  return { data: { bookings, total: coming.length + past.length }, metadata: { provider: "mcqueen", untrusted } };
}

/**
 * Shows one booking with its calendar file. One at Cal.com is asked for anew; when that fails, what is kept is shown and the failure told.
 * @throws AppError not_found
 */
export async function showOne({ booking_id }: Static<typeof OneInput>, context: ToolContext): Promise<ToolResult> {
  const booking = await findOwn(booking_id, context);
  if (booking.provider !== calCom.name || !booking.providerRef || booking.status === "cancelled") {
    return resultOf(booking, { provider: "mcqueen" });
  }
  try {
    const now = settled(booking, await getBooking(booking.providerRef, context));
    await ownBookings(context).change(booking.id, now);
    return await resultOf(now, calComMetadata);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof AppError)) throw error;
    const failed: Fallthrough = { provider: calCom.name, code: error.code, reason: error.message };
    return resultOf(booking, { provider: "mcqueen", failed_providers: [failed] });
  }
}

/** @throws AppError not_found, also for what belongs to somebody else */
export async function findOwn(id: string, context: ToolContext): Promise<Booking> {
  const booking = await ownBookings(context).find(id);
  if (booking) return booking;
  throw new AppError("not_found", `There is no booking ${id}`, {
    hint: "Run: mcqueen run book_restaurant_public list --all",
  });
}
