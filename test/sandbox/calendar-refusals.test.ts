import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ada, grace, startCalendar } from "../support/calendar.ts";

const now = () => new Date("2026-03-10T12:20:00Z");
const events = "/calendars/primary/events";
const holidays = encodeURIComponent("en.uk#holiday@group.v.calendar.google.com");
let calendar: Awaited<ReturnType<typeof startCalendar>>;
beforeEach(async () => {
  calendar = await startCalendar(now);
});
afterEach(() => calendar.stop());

type Sent = { method?: string; body?: unknown; token?: string; headers?: Record<string, string> };
const send = (path: string, { body, ...init }: Sent = {}) =>
  calendar.raw(path, {
    ...init,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
const timed = (start: string, end: string, more: object = {}) => ({
  summary: "X",
  start: { dateTime: start, timeZone: "Europe/London" },
  end: { dateTime: end, timeZone: "Europe/London" },
  ...more,
});
const insert = async (body: object) => (await send(events, { method: "POST", body })).json;
const ordinary = timed("2026-03-12T09:00:00Z", "2026-03-12T10:00:00Z");

describe("the stand-in of Google Calendar refuses", () => {
  const refusals: [name: string, path: string, sent: Sent, status: number, reason: string, message?: string][] = [
    ["an unknown parameter", `${events}?colour=red`, {}, 400, "badRequest", 'Unknown name "colour"'],
    [
      "an unknown field",
      events,
      { method: "POST", body: { ...ordinary, colour: "red" } },
      400,
      "badRequest",
      'Unknown name "colour"',
    ],
    [
      "an unknown nested field",
      events,
      { method: "POST", body: { ...ordinary, start: { time: "x" } } },
      400,
      "badRequest",
      "start.time",
    ],
    [
      "a field of another type",
      events,
      { method: "POST", body: { ...ordinary, summary: 3 } },
      400,
      "badRequest",
      "'summary'",
    ],
    ["what is no JSON", events, { method: "POST", body: "{" }, 400, "parseError"],
    [
      "an event without an end",
      events,
      { method: "POST", body: { start: ordinary.start } },
      400,
      "required",
      "Missing end time.",
    ],
    [
      "a day and a time",
      events,
      { method: "POST", body: { ...ordinary, end: { date: "2026-03-13" } } },
      400,
      "invalid",
    ],
    [
      "an end before the start",
      events,
      { method: "POST", body: timed("2026-03-12T09:00:00Z", "2026-03-12T08:00:00Z") },
      400,
      "timeRangeEmpty",
    ],
    [
      "a day that ends on itself",
      events,
      { method: "POST", body: { start: { date: "2026-03-12" }, end: { date: "2026-03-12" } } },
      400,
      "timeRangeEmpty",
    ],
    [
      "a day that is none",
      events,
      { method: "POST", body: { start: { date: "2026-02-30" }, end: { date: "2026-03-12" } } },
      400,
      "invalid",
    ],
    [
      "a time without a zone",
      events,
      { method: "POST", body: { ...ordinary, start: { dateTime: "2026-03-12T08:00:00" } } },
      400,
      "required",
    ],
    [
      "an offset for a zone",
      events,
      { method: "POST", body: { ...ordinary, start: { ...ordinary.start, timeZone: "+01:00" } } },
      400,
      "invalid",
    ],
    [
      "a repetition without a zone",
      events,
      {
        method: "POST",
        body: {
          start: { dateTime: "2026-03-12T08:00:00Z" },
          end: { dateTime: "2026-03-12T09:00:00Z" },
          recurrence: ["RRULE:FREQ=DAILY"],
        },
      },
      400,
      "required",
      "Missing time zone definition",
    ],
    [
      "a rule that is none",
      events,
      { method: "POST", body: { ...ordinary, recurrence: ["RRULE:FREQ=SOMETIMES"] } },
      400,
      "invalid",
    ],
    [
      "a guest without an address",
      events,
      { method: "POST", body: { ...ordinary, attendees: [{ email: "grace" }] } },
      400,
      "invalid",
      "Invalid attendee email.",
    ],
    [
      "too many reminders",
      events,
      {
        method: "POST",
        body: { ...ordinary, reminders: { useDefault: true, overrides: [{ method: "popup", minutes: 1 }] } },
      },
      400,
      "cannotUseDefaultRemindersAndSpecifyOverride",
    ],
    [
      "an id with letters beyond v",
      events,
      { method: "POST", body: { ...ordinary, id: "xyzzy" } },
      400,
      "invalid",
      "Invalid resource id value.",
    ],
    [
      "an order without single events",
      `${events}?orderBy=startTime`,
      {},
      400,
      "invalid",
      "The requested ordering is not available",
    ],
    ["a time without an offset", `${events}?timeMin=2026-03-12T08:00:00`, {}, 400, "badRequest"],
    [
      "an empty stretch",
      `${events}?timeMin=2026-03-12T08:00:00Z&timeMax=2026-03-12T08:00:00Z`,
      {},
      400,
      "timeRangeEmpty",
    ],
    ["a page that it never gave", `${events}?pageToken=abc`, {}, 400, "invalid"],
    ["a sync token", `${events}?syncToken=abc`, {}, 410, "fullSyncRequired"],
    ["an event that is not there", `${events}/abcde`, {}, 404, "notFound"],
    ["a path out of its folder", `${events}/..%2Fprimary`, {}, 404, "notFound"],
    ["somebody else's calendar", `/calendars/${grace}/events`, {}, 404, "notFound"],
    ["another method", `${events}/abcde`, { method: "PUT", body: ordinary }, 404, "notFound"],
    [
      "a write to a calendar that is only read",
      `/calendars/${holidays}/events`,
      { method: "POST", body: ordinary },
      403,
      "requiredAccessLevel",
    ],
    ["a token that it never gave", events, { token: "ya29.x" }, 401, "authError"],
    ["free and busy without a stretch", "/freeBusy", { method: "POST", body: { items: [] } }, 400, "required"],
  ];
  test.each(refusals)("%s", async (_name, path, sent, status, reason, message = "") => {
    const answer = await send(path, sent);
    expect(answer.status).toBe(status);
    expect(answer.json.error.errors[0].reason).toBe(reason);
    expect(answer.json.error.message).toContain(message);
  });

  const everywhere: [method: string, path: string, body: object | undefined, allowed: string[]][] = [
    ["GET", events, undefined, ["calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly"]],
    ["POST", events, ordinary, ["calendar", "calendar.events"]],
    ["GET", "/users/me/calendarList", undefined, ["calendar", "calendar.readonly"]],
    [
      "POST",
      "/freeBusy",
      { timeMin: "2026-03-10T00:00:00Z", timeMax: "2026-03-11T00:00:00Z", items: [] },
      ["calendar", "calendar.readonly", "calendar.freebusy"],
    ],
  ];
  const all = [
    "calendar",
    "calendar.readonly",
    "calendar.events",
    "calendar.events.readonly",
    "calendar.freebusy",
    "gmail.readonly",
  ];
  test.each(everywhere)("%s %s without one of its scopes", async (method, path, body, allowed) => {
    for (const scope of all) {
      const { status, json } = await send(path, { method, body, token: calendar.issue(ada, [scope]) });
      expect([scope, status]).toEqual([scope, allowed.includes(scope) ? 200 : 403]);
      if (status === 403) expect(json.error.details[0].reason).toBe("ACCESS_TOKEN_SCOPE_INSUFFICIENT");
    }
  });

  test("an etag of before, and an id that was used, also of what was deleted", async () => {
    const { id, etag } = await insert({ ...ordinary, id: "abcde" });
    const patched = await send(`${events}/${id}`, {
      method: "PATCH",
      body: { summary: "Y" },
      headers: { "if-match": etag },
    });
    expect(patched.json).toMatchObject({ summary: "Y", sequence: 0 });
    expect(patched.json.etag).not.toBe(etag);
    for (const method of ["PATCH", "DELETE"]) {
      const late = await send(`${events}/${id}`, { method, body: { summary: "Z" }, headers: { "if-match": etag } });
      expect([late.status, late.json.error.errors[0].reason]).toEqual([412, "conditionNotMet"]);
    }
    expect((await send(`${events}/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await send(`${events}/${id}`, { method: "DELETE" })).json.error.errors[0].reason).toBe("deleted");
    expect((await send(`${events}/${id}`)).json.status).toBe("cancelled");
    expect((await send(events, { method: "POST", body: { ...ordinary, id } })).json.error.errors[0].reason).toBe(
      "duplicate",
    );
  });
});
