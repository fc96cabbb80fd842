import { AppError } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type Clock, clockOf, nowIn } from "./clock.ts";
import { type GoogleEvent, readEvent } from "./event.ts";
import { bodyOf, timesOf } from "./event-body.ts";
import { findOverlapping } from "./get-events.ts";
import type { CreateEvent } from "./inputs.ts";
import { type CalendarService, openCalendar, provider, untrusted } from "./service.ts";
import { type Span, understandEvent } from "./spans.ts";
import { understoodOf } from "./understood.ts";

/** Puts an event into a calendar, and tells what else is at that time. A call that is tried again makes no second one. */
export async function createEvent(input: CreateEvent, context: ToolContext): Promise<ToolResult> {
  const clock = clockOf(input.time_zone, context.profile, context.askedAt ?? context.now());
  const span = await understandEvent(input, clock);
  const body = { ...bodyOf(input), ...timesOf(span, clock.zone), ...idOf(input, context) };
  const calendarId = input.calendar_id ?? "primary";
  const service = await openCalendar(context);
  const [start, end] = edgesOf(span, clock);
  const conflicts = (await findOverlapping(service, calendarId, start, end)).filter(({ id }) => id !== body.id);
  if (conflicts.length > 0 && input.on_conflict === "refuse") {
    throw new AppError("conflict", `That time is taken by ${conflicts.length} other event(s), so nothing was created`, {
      hint: "Choose another time, or leave on_conflict out.",
      metadata: { conflicts, untrusted },
    });
  }
  const { event, isRepeat } = await insert(service, calendarId, body, input.send_updates);
  return {
    data: { event: readEvent(event, clock.zone) },
    metadata: {
      provider,
      untrusted,
      understood: understoodOf(withNotes(span, start, clock), clock),
      ...(conflicts.length > 0 ? { conflicts } : {}),
      ...(isRepeat ? { existed: true } : {}),
    },
  };
}

const withNotes = (span: Span, start: Temporal.ZonedDateTime, clock: Clock): Span =>
  start.epochMilliseconds + (span.kind === "days" ? 86_400_000 : 0) <= nowIn(clock).epochMilliseconds
    ? { ...span, notes: [...span.notes, "The start has passed already"] }
    : span;

const edgesOf = (span: Span, { zone }: Clock): [Temporal.ZonedDateTime, Temporal.ZonedDateTime] =>
  span.kind === "hours"
    ? [span.start, span.end]
    : [span.first.toZonedDateTime(zone), span.last.add({ days: 1 }).toZonedDateTime(zone)];

/** Google takes an id of our own and refuses it a second time, so that one key makes one event. */
function idOf(input: CreateEvent, { idempotencyKey, connection }: ToolContext): { id?: string } {
  if (idempotencyKey === undefined) return {};
  const told = JSON.stringify([connection?.account, input.calendar_id, idempotencyKey]);
  return { id: `mcq${new Bun.CryptoHasher("sha256").update(told).digest("hex").slice(0, 40)}` };
}

async function insert(
  service: CalendarService,
  calendarId: string,
  body: GoogleEvent,
  told?: "all" | "none",
): Promise<{ event: GoogleEvent; isRepeat?: true }> {
  const sendUpdates = told ?? (body.attendees?.length ? "all" : "none");
  try {
    return { event: await service.call(() => service.events.insert({ calendarId, sendUpdates, requestBody: body })) };
  } catch (error) {
    if (!body.id || !(error instanceof AppError) || error.code !== "conflict") throw error;
    const eventId = body.id;
    const event = await service.call(() => service.events.get({ calendarId, eventId }));
    if (event.status === "cancelled" || event.summary !== body.summary) throw error;
    return { event, isRepeat: true };
  }
}
