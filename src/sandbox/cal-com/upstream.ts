import { join } from "node:path";
import { isRecord } from "../../core/parameters.ts";
import type { Upstream } from "../upstream.ts";
import { createBooking } from "./bookings.ts";
import { find, freeSlot, isFree, keep, shown, startsOf, typeOf } from "./calendar.ts";
import { refuse } from "./refusals.ts";

const versions = { slots: "2024-09-04", bookings: "2026-02-25" };
const slotParameters = new Set(["eventTypeId", "start", "end", "timeZone", "duration", "format"]);
const mostDays = 62;

/** Cal.com's API of version 2, as far as it needs no key: slots, and bookings of public event types. */
export const calCom: Upstream = {
  id: "cal-com",
  setting: "CALCOM_BASE_URL",
  failure: (status) => ({
    status: "error",
    error: { code: "HttpException", message: `The service answers ${status}`, details: { statusCode: status } },
  }),
  async answer(request, path, query, now, parent) {
    const folder = join(parent, "cal-com");
    const { method } = request;
    const version = request.headers.get("cal-api-version");
    const unknown = () => refuse(404, `Cannot ${method} /api${withQuery(path, query)}`, withQuery(path, query), now);
    if (path === "/v2/slots" && method === "GET") {
      return version === versions.slots ? slots(folder, path, query, now) : unknown();
    }
    const [, uid, action] = /^\/v2\/bookings(?:\/([^/]+)(?:\/(cancel))?)?$/.exec(path) ?? [undefined];
    if (version !== versions.bookings || !path.startsWith("/v2/bookings")) return unknown();
    if (method === "POST" && path === "/v2/bookings") return createBooking(folder, await bodyOf(request), now);
    if (method === "GET" && uid !== undefined && action === undefined) return show(folder, uid, path, now);
    if (method === "POST" && uid !== undefined && action === "cancel") {
      return cancel(folder, uid, await bodyOf(request), path, now);
    }
    return unknown();
  },
};

const withQuery = (path: string, query: URLSearchParams): string => (query.size > 0 ? `${path}?${query}` : path);

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  const body: unknown = text === "" ? {} : JSON.parse(text);
  return isRecord(body) ? body : {};
}

function slots(folder: string, path: string, query: URLSearchParams, now: Date): Response {
  const where = withQuery(path, query);
  const no = (message: string): Response => refuse(400, message, where, now);
  const strange = [...query.keys()].find((name) => !slotParameters.has(name));
  if (strange !== undefined) return no(`${strange} property is wrong,property ${strange} should not exist`);
  const type = typeOf(query.get("eventTypeId"));
  if (!type) return refuse(404, "Event Type not found", where, now);
  const zone = query.get("timeZone") ?? "UTC";
  const [start, end] = [query.get("start"), query.get("end")];
  if (!start || !/^\d{4}-\d\d-\d\d$/.test(start))
    return no("start property is wrong,start must be a valid ISO 8601 date string");
  if (!end || !/^\d{4}-\d\d-\d\d$/.test(end))
    return no("end property is wrong,end must be a valid ISO 8601 date string");
  const [from, to] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end)];
  const days = from.until(to).days;
  if (days < 0 || days > mostDays)
    return no("Invalid time range given - check the 'start' and 'end' query parameters.");
  const found: Record<string, { start: string }[]> = {};
  // A day of another zone overlaps two or three of the restaurant's own.
  for (let at = -1; at <= days + 1; at++) {
    for (const slot of startsOf(type, from.add({ days: at }))) {
      const local = slot.toZonedDateTimeISO(zone);
      const day = local.toPlainDate();
      const isWanted = Temporal.PlainDate.compare(day, from) >= 0 && Temporal.PlainDate.compare(day, to) <= 0;
      if (!isWanted || !isFree(folder, type, slot, now)) continue;
      const list = found[String(day)] ?? [];
      found[String(day)] = list;
      list.push({ start: local.toString({ timeZoneName: "never", fractionalSecondDigits: 3 }) });
    }
  }
  return Response.json({ status: "success", data: found });
}

function show(folder: string, uid: string, path: string, now: Date): Response {
  const kept = find(folder, uid, now);
  const type = typeOf(kept?.eventTypeId);
  if (!kept || !type) return refuse(404, `Booking with uid=${uid} was not found in the database`, path, now);
  return Response.json({ status: "success", data: shown(kept, type) });
}

function cancel(folder: string, uid: string, body: Record<string, unknown>, path: string, now: Date): Response {
  const strange = Object.keys(body).find((name) => !["cancellationReason", "cancelSubsequentBookings"].includes(name));
  if (strange !== undefined) {
    return refuse(400, `${strange} property is wrong,property ${strange} should not exist `, path, now);
  }
  const kept = find(folder, uid, now);
  const type = typeOf(kept?.eventTypeId);
  if (!kept || !type) return refuse(404, `Booking with uid=${uid} was not found in the database`, path, now);
  if (kept.status === "cancelled") {
    return refuse(400, `Can't cancel booking because booking with uid=${uid} has been cancelled already.`, path, now);
  }
  const { cancellationReason = "" } = body;
  const gone = {
    ...kept,
    status: "cancelled" as const,
    cancellationReason: String(cancellationReason),
    updatedAt: now.toISOString(),
  };
  keep(folder, gone);
  freeSlot(folder, type, Temporal.Instant.from(kept.start));
  return Response.json({ status: "success", data: shown(gone, type) });
}
