import { AppError, invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type Clock, clockOf } from "./clock.ts";
import { type GoogleEvent, readEvent } from "./event.ts";
import { bodyOf, timesOf } from "./event-body.ts";
import { changeable, type UpdateEvent } from "./inputs.ts";
import { notUnderstood, openCalendar, provider, untrusted } from "./service.ts";
import { type Before, type Span, understandChange } from "./spans.ts";
import { findTarget } from "./target.ts";
import { understoodOf } from "./understood.ts";

/** @throws AppError invalid_parameters when nothing is to be changed */
export function requireChange(input: UpdateEvent): void {
  if (changeable.some((field) => field !== "time_zone" && input[field] !== undefined)) return;
  throw invalidParameters(["Nothing is to be changed"], `Give one of: ${changeable.join(", ")}`);
}

/** Changes what was given and leaves the rest; an event that somebody else changed meanwhile is left as it is. */
export async function updateEvent(input: UpdateEvent, context: ToolContext): Promise<ToolResult> {
  requireChange(input);
  const clock = clockOf(input.time_zone, context.profile, context.askedAt ?? context.now());
  const calendarId = input.calendar_id ?? "primary";
  const service = await openCalendar(context);
  const { event, occurrence } = await findTarget(service, calendarId, input.event_id, input.scope);
  if (input.recurrence !== undefined && event.recurringEventId)
    throw invalidParameters(["Parameter recurrence belongs to the whole series"], "Add scope all.");
  const span = await spanOf(input, event, occurrence, clock);
  const body = {
    ...bodyOf(input, event.attendees ?? []),
    ...(span ? replacing(timesOf(span, zoneOf(input, event, clock))) : {}),
  };
  const hasGuests = (body.attendees ?? event.attendees ?? []).length > 0 || (event.attendees ?? []).length > 0;
  const changed = await service.call(() =>
    service.events.patch(
      {
        calendarId,
        eventId: String(event.id),
        sendUpdates: input.send_updates ?? (hasGuests ? "all" : "none"),
        requestBody: body,
      },
      event.etag ? { headers: { "If-Match": event.etag } } : {},
    ),
  );
  return {
    data: { event: readEvent(changed, clock.zone) },
    metadata: { provider, untrusted, ...(span ? { understood: understoodOf(span, clock) } : {}) },
  };
}

/** A patch keeps what it does not name, so a date that becomes a time has to be taken away by name. */
function replacing({ start, end }: Pick<GoogleEvent, "start" | "end">): Pick<GoogleEvent, "start" | "end"> {
  const empty = { date: null, dateTime: null, timeZone: null };
  return { start: { ...empty, ...start }, end: { ...empty, ...end } };
}

/** A series repeats by the clocks of its own zone, which only a named zone replaces. */
const zoneOf = (input: UpdateEvent, event: GoogleEvent, clock: Clock): string =>
  input.time_zone ?? event.start?.timeZone ?? clock.zone;

async function spanOf(
  input: UpdateEvent,
  event: GoogleEvent,
  occurrence: GoogleEvent,
  clock: Clock,
): Promise<Span | undefined> {
  const names = [input.start_date, input.end_date, input.duration_minutes, input.all_day];
  if (names.every((given) => given === undefined)) return undefined;
  const before = beforeOf(occurrence, clock);
  const span = await understandChange(input, clock, before);
  if (occurrence === event || occurrence.id === event.id) return span;
  return shift(span, before, beforeOf(event, clock), input, event);
}

function beforeOf({ start, end }: GoogleEvent, clock: Clock): Before {
  try {
    if (start?.date && end?.date) {
      const first = Temporal.PlainDate.from(start.date);
      return { kind: "days", first, days: Math.max(1, first.until(end.date).days) };
    }
    if (start?.dateTime && end?.dateTime) {
      const zone = start.timeZone ?? clock.zone;
      const from = Temporal.Instant.from(start.dateTime).toZonedDateTimeISO(zone);
      const ms = Temporal.Instant.from(end.dateTime).epochMilliseconds - from.epochMilliseconds;
      return { kind: "hours", start: from, minutes: Math.round(ms / 60_000) };
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw notUnderstood();
}

/** What moves one occurrence moves the whole series as far; to other days only where the rule names none. */
function shift(span: Span, occurrence: Before, series: Before, input: UpdateEvent, event: GoogleEvent): Span {
  if (span.kind !== occurrence.kind || span.kind !== series.kind) {
    throw invalidParameters(
      ["Parameter all_day cannot change for a whole series"],
      "Change one occurrence, or make a new series.",
    );
  }
  const moved = (from: Temporal.PlainDate, to: Temporal.PlainDate): number => {
    const { days } = from.until(to);
    if (
      days !== 0 &&
      input.recurrence === undefined &&
      (event.recurrence ?? []).some((rule) => /BY(MONTH)?DAY/.test(rule))
    ) {
      throw new AppError(
        "invalid_parameters",
        "The series repeats on days that its rule names, so its day cannot just move",
        {
          hint: "Give recurrence too.",
        },
      );
    }
    return days;
  };
  if (span.kind === "days" && occurrence.kind === "days" && series.kind === "days") {
    const first = series.first.add({ days: moved(occurrence.first, span.first) });
    return { ...span, first, last: first.add(span.first.until(span.last)) };
  }
  if (span.kind === "hours" && occurrence.kind === "hours" && series.kind === "hours") {
    const zone = series.start.timeZoneId;
    const target = span.start.withTimeZone(zone);
    const days = moved(occurrence.start.withTimeZone(zone).toPlainDate(), target.toPlainDate());
    const local = series.start.toPlainDate().add({ days }).toPlainDateTime(target.toPlainTime());
    const start = local.toZonedDateTime(zone).withTimeZone(span.start.timeZoneId);
    return { ...span, start, end: start.add(span.start.until(span.end)) };
  }
  throw notUnderstood();
}
