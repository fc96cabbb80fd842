import { readEvent } from "../../src/adapters/calendar/event.ts";
import { readEvents } from "../../src/adapters/calendar/get-events.ts";
import { refusedByGoogle } from "../../src/google/errors.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { logIn } from "../support/google.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const zone = "America/Chicago";

const page =
  (count: number, expected: object) =>
  (json: unknown): string => {
    const events = readEvents(json as Parameters<typeof readEvents>[0], zone);
    must(events.length === count, `understood ${events.length} events`);
    must(count === 0 || events.some((event) => Bun.deepMatch(expected, event)), `understood ${JSON.stringify(events)}`);
    return events.map(({ title, start }) => `${title} at ${start}`).join("; ") || "nothing is on";
  };

const refusal =
  (status: number, code: string, sentence: RegExp) =>
  (json: unknown): string => {
    const error = refusedByGoogle({ name: "Google Calendar", service: "google_calendar" }, status, json);
    must(error.code === code && sentence.test(error.message), `${error.code}: ${error.message}`);
    return `${error.code}: ${error.message}`;
  };

/** Asks the stand-in with a login of its own. */
function asking(sandbox: Sandbox) {
  const token = logIn(sandbox, { scope: "https://www.googleapis.com/auth/calendar" });
  return async (path: string, method = "GET", body?: object): Promise<unknown> => {
    const { access_token: bearer } = await token;
    const answer = await fetch(`${sandbox.baseUrls.GOOGLE_CALENDAR_BASE_URL}/calendar/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return text === "" ? undefined : JSON.parse(text);
  };
}

const events = "/calendars/primary/events";
const day = (date: string, next: string) => ({ summary: "Day", start: { date }, end: { date: next } });
const series = {
  summary: "Dishes",
  start: { dateTime: "2026-03-24T07:30:00-05:00", timeZone: zone },
  end: { dateTime: "2026-03-24T08:15:00-05:00", timeZone: zone },
};
/** Fields that are in the documentation, and not in any page that was recorded. */
const documented = [
  ".items[].organizer.displayName",
  ".items[].creator.displayName",
  ".items[].reminders.overrides",
  ".items[].transparency",
  ".items[].location",
  ".items[].description",
  ".items[].recurrence",
  ".description",
  ".nextSyncToken",
];

export const googleCalendar: RecordedAdapter = {
  name: "google-calendar",
  folders: ["google-calendar"],
  files: {
    "google-calendar/calendarlist_list.json": (json) => {
      const { kind, items } = json as { kind: string; items: { id: string; accessRole: string }[] };
      must(kind === "calendar#calendarList" && items.length === 10, "not ten calendars");
      return items.map(({ accessRole }) => accessRole).join(", ");
    },
    "google-calendar/error_403_rate_limit_quota.json": refusal(403, "rate_limited", /asked too often/),
    "google-calendar/error_404_not_found.json": refusal(404, "not_found", /no such entry/),
    "google-calendar/error_409_duplicate.json": refusal(409, "conflict", /identifier already exists/),
    "google-calendar/error_410_deleted.json": refusal(410, "not_found", /has been deleted/),
    "google-calendar/error_410_full_sync_required.json": refusal(410, "not_found", /full sync is required/),
    "google-calendar/events_insert.json": (json) => {
      const event = readEvent(json as Parameters<typeof readEvent>[0], zone);
      const expected = { title: "New Event", start: "2014-11-16T22:17:31-06:00", all_day: false, status: "confirmed" };
      must(Bun.deepMatch(expected, event), `understood ${JSON.stringify(event)}`);
      return `${event.title} at ${event.start}`;
    },
    "google-calendar/events_list_page_allday_timed_recurring_cancelled.json": (json) => {
      page(15, { title: "Meeting with Stan", start: "2012-10-26T14:00:00-05:00", location: "PH" })(json);
      page(15, { title: "Feb 22", all_day: true, start: "2022-02-22", end: "2022-02-22", shows_as_free: true })(json);
      return page(15, {
        title: "recurring event",
        recurring_event_id: "15chil19v5nskedvmo93ei4nl8",
        start: "2025-09-06T20:30:00-05:00",
        own_time_zone: "Africa/Lagos",
      })(json);
    },
    "google-calendar/events_list_sync_cancelled_instance.json": page(1, {
      title: "🍜 Breakfast",
      recurrence: ["RRULE:FREQ=DAILY;UNTIL=20250401T045959Z"],
    }),
    "google-calendar/events_list_sync_master_and_edited_instance.json": page(2, {
      title: "🌙 Dishes-Edited One",
      start: "2025-03-26T20:45:00-05:00",
      recurring_event_id: "0e6062d5un60i5sn2m9et69c27",
    }),
    "google-calendar/events_list_sync_series_deleted.json": page(0, {}),
    "google-calendar/events_list_sync_this_and_following_split.json": (json) => {
      const found = readEvents(json as Parameters<typeof readEvents>[0], zone);
      must(found.length > 1 && found.every(({ start, end }) => start && end), JSON.stringify(found));
      return `${found.length} events`;
    },
  },
  standIns: [
    {
      files: [
        "google-calendar/events_list_page_allday_timed_recurring_cancelled.json",
        "google-calendar/events_list_sync_master_and_edited_instance.json",
      ],
      documented,
      ask: async (sandbox) => {
        const ask = asking(sandbox);
        await ask(events, "POST", day("2026-03-20", "2026-03-21"));
        return ask(`${events}?q=day`);
      },
    },
    {
      files: ["google-calendar/events_list_sync_cancelled_instance.json"],
      documented,
      ask: async (sandbox) => {
        const ask = asking(sandbox);
        const made = (await ask(events, "POST", { ...series, recurrence: ["RRULE:FREQ=DAILY;COUNT=3"] })) as {
          id: string;
        };
        await ask(`${events}/${made.id}_20260325T123000Z`, "DELETE");
        const all = (await ask(`${events}?showDeleted=true&q=dishes`)) as { items: { id: string }[] };
        const kept = (await ask(`${events}/${made.id}/instances?showDeleted=true`)) as { items: { status: string }[] };
        return {
          ...all,
          items: [
            ...all.items.filter(({ id }) => id === made.id),
            ...kept.items.filter(({ status }) => status === "cancelled"),
          ],
        };
      },
    },
    {
      files: ["google-calendar/events_insert.json"],
      documented: [
        ".start.timeZone",
        ".end.timeZone",
        ".eventType",
        ".creator.self",
        ".organizer.displayName",
        ".creator.displayName",
      ],
      ask: (sandbox) =>
        asking(sandbox)(events, "POST", {
          ...series,
          description: "New",
          extendedProperties: { shared: { key: "value" } },
        }),
    },
    {
      files: ["google-calendar/calendarlist_list.json"],
      ask: (sandbox) => asking(sandbox)("/users/me/calendarList"),
    },
    {
      files: ["google-calendar/error_404_not_found.json"],
      exact: true,
      ask: (sandbox) => asking(sandbox)(`${events}/nothere`),
    },
    {
      files: ["google-calendar/error_409_duplicate.json"],
      exact: true,
      ask: async (sandbox) => {
        const ask = asking(sandbox);
        await ask(events, "POST", { ...series, id: "duplicate" });
        return ask(events, "POST", { ...series, id: "duplicate" });
      },
    },
    {
      files: ["google-calendar/error_410_deleted.json"],
      exact: true,
      ask: async (sandbox) => {
        const ask = asking(sandbox);
        const { id } = (await ask(events, "POST", series)) as { id: string };
        await ask(`${events}/${id}`, "DELETE");
        return ask(`${events}/${id}`, "DELETE");
      },
    },
    {
      files: ["google-calendar/error_410_full_sync_required.json"],
      exact: true,
      ask: (sandbox) => asking(sandbox)(`${events}?syncToken=x`),
    },
  ],
};
