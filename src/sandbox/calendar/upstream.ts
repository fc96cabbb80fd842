import { authorize } from "../google/bearer.ts";
import type { Upstream } from "../upstream.ts";
import { listCalendars } from "./calendar-list.ts";
import { queryFreeBusy } from "./free-busy.ts";
import { getEvent, listEvents, listInstances } from "./list.ts";
import { notFound, Refusal } from "./refusal.ts";
import { seed } from "./seed.ts";
import { type Calendar, findCalendar } from "./store.ts";
import { deleteEvent, insertEvent, patchEvent } from "./write.ts";

const base = "https://www.googleapis.com/auth/calendar";
const reading = [[base], [`${base}.readonly`], [`${base}.events`], [`${base}.events.readonly`]];
const writing = [[base], [`${base}.events`]];
const freeBusy = [[base], [`${base}.readonly`], [`${base}.freebusy`]];
const lists = [[base], [`${base}.readonly`]];

/** Google Calendar, version 3. */
export const googleCalendar: Upstream = {
  id: "google-calendar",
  setting: "GOOGLE_CALENDAR_BASE_URL",
  async answer(request, path, query, now, folder) {
    try {
      return await route(request, path, query, now, folder);
    } catch (error) {
      if (error instanceof Refusal) return Response.json(error.body, { status: error.status });
      throw error;
    }
  },
  failure: (code) => ({
    error: {
      errors: [{ domain: "global", reason: reasons[code] ?? "backendError", message: "Error" }],
      code,
      message: "Error",
    },
  }),
};

const reasons: Record<number, string> = {
  400: "badRequest",
  401: "authError",
  403: "forbidden",
  404: "notFound",
  429: "rateLimitExceeded",
};

async function route(
  request: Request,
  path: string,
  query: URLSearchParams,
  now: Date,
  folder: string,
): Promise<Response> {
  const { method } = request;
  const open = (name: string, scopes: readonly (readonly string[])[]): string => {
    const called = { service: "calendar-json.googleapis.com", method: `calendar.v3.${name}` };
    const caller = authorize(folder, request, now, scopes, called);
    if (caller instanceof Response) throw new Answered(caller);
    seed(folder, caller.email, now);
    return caller.email;
  };
  try {
    if (method === "POST" && path === "/calendar/v3/freeBusy")
      return await queryFreeBusy(folder, open("FreeBusy.Query", freeBusy), request, query, now);
    if (method === "GET" && path === "/calendar/v3/users/me/calendarList")
      return listCalendars(folder, open("CalendarList.List", lists), query);
    const [, calendarId, , eventId, isInstances] = eventPath.exec(path) ?? [];
    if (calendarId === undefined) throw notFound();
    const find = (email: string): Calendar => {
      const found = findCalendar(folder, email, decodeURIComponent(calendarId));
      if (!found) throw notFound();
      return found;
    };
    const given = { folder, request, query, now };
    const id = eventId === undefined ? undefined : decodeURIComponent(eventId);
    if (id === undefined) {
      if (method === "GET") return listEvents(find(open("Events.List", reading)), query, now);
      if (method === "POST") return await insertEvent({ ...given, calendar: find(open("Events.Insert", writing)) });
    } else if (isInstances) {
      if (method === "GET") return listInstances(find(open("Events.Instances", reading)), id, query, now);
    } else {
      if (method === "GET") return getEvent(find(open("Events.Get", reading)), id, query);
      if (method === "PATCH") return await patchEvent({ ...given, calendar: find(open("Events.Patch", writing)) }, id);
      if (method === "DELETE") return deleteEvent({ ...given, calendar: find(open("Events.Delete", writing)) }, id);
    }
    throw notFound();
  } catch (error) {
    if (error instanceof Answered) return error.response;
    throw error;
  }
}

const eventPath = /^\/calendar\/v3\/calendars\/([^/]+)\/events(\/([^/]+)(\/instances)?)?$/;

/** A refusal that the login made, which is an answer already. */
class Answered extends Error {
  constructor(readonly response: Response) {
    super("answered");
  }
}
