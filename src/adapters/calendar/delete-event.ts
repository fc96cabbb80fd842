import { AppError } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { clockOf } from "./clock.ts";
import { readEvent } from "./event.ts";
import type { DeleteEvent } from "./inputs.ts";
import { openCalendar, provider, untrusted } from "./service.ts";
import { findTarget } from "./target.ts";

/** Deletes an event, or one occurrence of a repeated one, and tells what it was. */
export async function deleteEvent(input: DeleteEvent, context: ToolContext): Promise<ToolResult> {
  const { zone } = clockOf(undefined, context.profile, context.now());
  const calendarId = input.calendar_id ?? "primary";
  const service = await openCalendar(context);
  const { event } = await findTarget(service, calendarId, input.event_id, input.scope);
  if (event.status === "cancelled") throw new AppError("not_found", "This event was deleted already");
  const eventId = String(event.id);
  await service.call(() =>
    service.events.delete(
      { calendarId, eventId, sendUpdates: input.send_updates ?? (event.attendees?.length ? "all" : "none") },
      event.etag ? { headers: { "If-Match": event.etag } } : {},
    ),
  );
  return {
    data: { event_id: eventId, status: "deleted", event: { ...readEvent(event, zone), status: "cancelled" } },
    metadata: { provider, untrusted },
  };
}
