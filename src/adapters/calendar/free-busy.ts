import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { AppError } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { clockOf, iso } from "./clock.ts";
import type { FreeBusy } from "./event-schema.ts";
import type { FreeBusyInput } from "./inputs.ts";
import { notUnderstood, openCalendar, provider } from "./service.ts";
import { type Range, understandRange } from "./spans.ts";
import { understoodOf } from "./understood.ts";

type Stretch = FreeBusy["calendars"][number]["busy"][number];

/** Asks when calendars are busy, and tells when all of them are free. */
export async function freeBusy(input: FreeBusyInput, context: ToolContext): Promise<ToolResult> {
  const clock = clockOf(input.time_zone, context.profile, context.askedAt ?? context.now());
  const range = await understandRange(input, clock);
  const named = [...new Set([...(input.calendars ?? []), ...(input.attendees ?? [])])];
  const ids = named.length > 0 ? named : ["primary"];
  const service = await openCalendar(context);
  const answer = await service.call(() =>
    service.freebusy.query({
      requestBody: {
        timeMin: iso(range.start),
        timeMax: iso(range.end),
        timeZone: clock.zone,
        items: ids.map((id) => ({ id })),
      },
    }),
  );
  const calendars = ids.map((id) => readCalendar(id, answer.calendars?.[id], clock.zone));
  if (calendars.every(({ error }) => error === "notFound"))
    throw new AppError("not_found", `None of these calendars can be seen: ${ids.join(", ")}`, {
      metadata: { provider },
    });
  const data: FreeBusy = {
    start: iso(range.start),
    end: iso(range.end),
    time_zone: clock.zone,
    calendars,
    ...(calendars.some(({ error }) => error)
      ? {}
      : {
          free: freeIn(
            range,
            calendars.flatMap(({ busy }) => busy),
          ),
        }),
  };
  return { data, metadata: { provider, understood: understoodOf({ kind: "range", ...range }, clock) } };
}

function readCalendar(id: string, given: calendar_v3.Schema$FreeBusyCalendar | undefined, zone: string) {
  if (!given) throw notUnderstood();
  const error = given.errors?.[0]?.reason;
  const busy = (given.busy ?? []).map(({ start, end }) => ({ start: timeIn(start, zone), end: timeIn(end, zone) }));
  return { id, busy, ...(error ? { error } : {}) };
}

function timeIn(text: string | null | undefined, zone: string): string {
  try {
    return iso(Temporal.Instant.from(String(text)).toZonedDateTimeISO(zone));
  } catch (error) {
    if (error instanceof RangeError) throw notUnderstood();
    throw error;
  }
}

/** What is left of a range when all that is busy is taken out. */
export function freeIn({ start, end }: Pick<Range, "start" | "end">, busy: readonly Stretch[]): Stretch[] {
  const taken = busy
    .map(({ start: from, end: to }) => [Temporal.Instant.from(from), Temporal.Instant.from(to)] as const)
    .sort(([a], [b]) => Temporal.Instant.compare(a, b));
  const free: Stretch[] = [];
  const last = end.toInstant();
  let at = start.toInstant();
  const add = (until: Temporal.Instant): void => {
    if (Temporal.Instant.compare(at, until) >= 0) return;
    const told = (instant: Temporal.Instant): string => iso(instant.toZonedDateTimeISO(start.timeZoneId));
    free.push({ start: told(at), end: told(until) });
  };
  for (const [from, to] of taken) {
    add(Temporal.Instant.compare(from, last) < 0 ? from : last);
    if (Temporal.Instant.compare(to, at) > 0) at = to;
  }
  add(last);
  return free;
}
