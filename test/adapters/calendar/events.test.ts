import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { calendarPersonal } from "../../../src/adapters/calendar/calendar-personal.ts";
import type { Event } from "../../../src/adapters/calendar/event-schema.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { ada, alan, grace, startCalendar } from "../../support/calendar.ts";
import { createContext } from "../../support/context.ts";
import { failureOf } from "../../support/upstream.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const holidays = "en.uk#holiday@group.v.calendar.google.com";
let calendar: Awaited<ReturnType<typeof startCalendar>>;

beforeEach(async () => {
  calendar = await startCalendar(now);
});
afterEach(() => calendar.stop());

type Given = Record<string, unknown>;
const events = async (given: Given = {}, more: Partial<ToolContext> = {}): Promise<Event[]> =>
  ((await calendar.run("get_events", given, more)).data as { events: Event[] }).events;
const one = async (action: string, given: Given, more: Partial<ToolContext> = {}) => {
  const { data, metadata } = await calendar.run(action, given, more);
  return { event: (data as { event: Event }).event, metadata };
};
const refused = async (action: string, given: Given, more: Partial<ToolContext> = {}): Promise<AppError> => {
  const error = await failureOf(calendar.run(action, given, more));
  if (!(error instanceof AppError)) throw error;
  return error;
};
const titles = (found: readonly Event[]): unknown[] => found.map(({ title }) => title);
const as = (email: string): Partial<ToolContext> => ({ connection: calendar.connect(email) });
const asked = (): string[] =>
  calendar.sandbox.requests.map(({ method, path }) => `${method} ${path.split("/events")[1] ?? path}`);

describe("get_events", () => {
  test("gives a week from now, repeated events as their occurrences, in the user's zone", async () => {
    const { data, metadata } = await calendar.run("get_events", {});
    const schema = calendarPersonal.actions.find(({ id }) => id === "get_events")?.output;
    expect(schema && Value.Check(schema, data)).toBe(true);
    const found = (data as { events: Event[] }).events;
    expect(found.filter(({ title }) => title === "Stand-up")).toHaveLength(5);
    expect(found.find(({ title }) => title === "Lunch with Grace")).toMatchObject({
      start: "2026-03-11T13:30:00+01:00",
      end: "2026-03-11T14:30:00+01:00",
      time_zone: "Europe/Oslo",
      own_time_zone: "Europe/London",
      all_day: false,
      status: "confirmed",
      location: "Café Babbage, 12 Dorset Street, London",
      attendees: [
        { email: ada, name: "Ada Lovelace", response: "accepted", self: true },
        { email: grace, name: "Grace Hopper", response: "accepted" },
      ],
    });
    expect(metadata).toMatchObject({
      provider: "Google Calendar",
      understood: { start: "2026-03-10T13:20:00+01:00", end: "2026-03-17T13:20:00+01:00", time_zone: "Europe/Oslo" },
      untrusted: ["title", "description", "location", "attendees"],
    });
  });

  test.each([
    [{ start_date: "tomorrow", end_date: "tomorrow" }, ["Stand-up", "Lunch with Grace"]],
    [{ start_date: "2026-03-11", end_date: "2026-03-11", query: "babbage" }, ["Lunch with Grace"]],
    [{ start_date: "this weekend" }, ["Mum's birthday"]],
    [{ start_date: "next week", query: "machinery" }, ["Computing Machinery 27"]],
    [{ start_date: "yesterday", end_date: "now", query: "stand" }, ["Stand-up", "Stand-up"]],
    [{ calendar_id: holidays }, ["Bank holiday"]],
    [{ start_date: "2031-01-05", end_date: "2031-01-05" }, []],
  ])("%j", async (given, expected) => {
    expect(titles(await events(given))).toEqual(expected);
  });

  test("the last day of whole days is theirs; Google's own end is the day after", async () => {
    const [conference] = await events({ start_date: "next week", query: "machinery" });
    expect(conference).toMatchObject({
      all_day: true,
      start: "2026-03-17",
      end: "2026-03-19",
      end_exclusive: "2026-03-20",
    });
  });

  test("pages through what does not fit, without losing or repeating any", async () => {
    const all = await events();
    const seen: string[] = [];
    let page: string | undefined;
    let asks = 0;
    // Time goes on between two pages.
    const later = () => new Date(now().getTime() + asks * 5_000);
    do {
      asks += 1;
      const { data } = await calendar.run(
        "get_events",
        { max_results: 3, ...(page ? { page_token: page } : {}) },
        { now: later },
      );
      const { events: found, next_page: next } = data as { events: Event[]; next_page?: string };
      seen.push(...found.map(({ id }) => id));
      page = next;
    } while (page !== undefined);
    expect(seen).toEqual(all.map(({ id }) => id));
    const lists = calendar.sandbox.requests.filter(({ query }) => query.maxResults === "3");
    expect(new Set(lists.map(({ query }) => `${query.timeMin} ${query.timeMax}`)).size).toBe(1);
    expect((await refused("get_events", { page_token: "abc" })).message).toContain("page_token");
  });

  test("shows one event by its id", async () => {
    const [dentist] = await events({ query: "dentist" });
    expect((await one("get_events", { event_id: dentist?.id })).event).toEqual(dentist as Event);
  });

  test("the zone: the parameter comes before the profile, the profile before this computer's", async () => {
    const zoneOf = async (given: Given, zone?: string) =>
      (await calendar.run("get_events", given, { profile: zone ? { zone } : {} })).metadata.understood as {
        time_zone: string;
      };
    expect((await zoneOf({ time_zone: "asia/tokyo" }, "Europe/Oslo")).time_zone).toBe("Asia/Tokyo");
    expect((await zoneOf({}, "Europe/Oslo")).time_zone).toBe("Europe/Oslo");
    expect((await zoneOf({})).time_zone).toBe(Temporal.Now.timeZoneId());
    expect((await refused("get_events", { time_zone: "+01:00" })).message).toContain(
      "time_zone must be the name of a zone",
    );
  });
});

describe("create_event", () => {
  test("stores what it says that it understood, and tells what else is at that time", async () => {
    const { event, metadata } = await one("create_event", {
      event_title: "Tea",
      start_date: "tomorrow 13:00",
      duration_minutes: 45,
      location: "Garden",
      description: "Bring biscuits",
      reminders: [10, 60],
    });
    expect(event).toMatchObject({
      title: "Tea",
      start: "2026-03-11T13:00:00+01:00",
      end: "2026-03-11T13:45:00+01:00",
      location: "Garden",
      description: "Bring biscuits",
      reminders: [10, 60],
      organizer: ada,
    });
    expect(metadata.understood).toEqual({
      start: "2026-03-11T13:00:00+01:00",
      end: "2026-03-11T13:45:00+01:00",
      time_zone: "Europe/Oslo",
      text: "Wednesday, 11 March 2026 at 13:00 – 13:45 (Europe/Oslo)",
    });
    expect(metadata.conflicts).toMatchObject([{ title: "Lunch with Grace", start: "2026-03-11T13:30:00+01:00" }]);
    expect(await events({ query: "tea" })).toEqual([event]);
  });

  test("on_conflict refuse creates nothing", async () => {
    const given = { event_title: "Tea", start_date: "tomorrow 13:00", on_conflict: "refuse" };
    const error = await refused("create_event", given);
    expect(error.code).toBe("conflict");
    expect(error.metadata.conflicts).toMatchObject([{ title: "Lunch with Grace" }]);
    expect(await events({ query: "tea" })).toEqual([]);
    await one("create_event", { ...given, start_date: "tomorrow 20:00" });
    expect(await events({ query: "tea" })).toHaveLength(1);
  });

  test("what shows as free takes no time", async () => {
    const { metadata } = await one("create_event", { event_title: "Walk", start_date: "2026-03-15T10:00" });
    expect(metadata.conflicts).toBeUndefined();
  });

  test.each([
    [{ start_date: "2026-04-01" }, "2026-04-01", "2026-04-01", "2026-04-02"],
    [{ start_date: "2026-04-01", end_date: "2026-04-03" }, "2026-04-01", "2026-04-03", "2026-04-04"],
    [{ start_date: "2026-04-01T00:00", all_day: true }, "2026-04-01", "2026-04-01", "2026-04-02"],
  ])("whole days: %j", async (given, start, end, exclusive) => {
    const { event, metadata } = await one("create_event", { event_title: "Away", ...given });
    expect(event).toMatchObject({ all_day: true, start, end, end_exclusive: exclusive });
    expect(metadata.understood).toMatchObject({ start, end });
  });

  test.each([
    [{ start_date: "tomorrow 15:00", end_date: "16:30" }, "2026-03-11T15:00:00+01:00", "2026-03-11T16:30:00+01:00"],
    [
      { start_date: "tomorrow 15:00", end_date: "tomorrow 17:00" },
      "2026-03-11T15:00:00+01:00",
      "2026-03-11T17:00:00+01:00",
    ],
    [{ start_date: "tomorrow 22:00", end_date: "midnight" }, "2026-03-11T22:00:00+01:00", "2026-03-12T00:00:00+01:00"],
    [
      { start_date: "2026-03-28T23:00", end_date: "2026-03-29T04:00" },
      "2026-03-28T23:00:00+01:00",
      "2026-03-29T04:00:00+02:00",
    ],
    [{ start_date: "2026-03-29T02:30" }, "2026-03-29T03:30:00+02:00", "2026-03-29T04:30:00+02:00"],
    [
      { start_date: "2026-06-01T09:00", time_zone: "America/New_York" },
      "2026-06-01T09:00:00-04:00",
      "2026-06-01T10:00:00-04:00",
    ],
  ])("times: %j", async (given, start, end) => {
    const { event, metadata } = await one("create_event", { event_title: "X", ...given });
    expect(event).toMatchObject({ all_day: false, start, end });
    expect(metadata.understood).toMatchObject({ start, end });
  });

  test("notes tell of jumping clocks and of a start that has passed", async () => {
    const notes = async (start_date: string) =>
      ((await one("create_event", { event_title: "X", start_date })).metadata.understood as { notes?: string[] }).notes;
    expect((await notes("2026-03-29T02:30"))?.[0]).toContain("02:30 does not exist");
    expect(await notes("2026-03-01T09:00")).toEqual(["The start has passed already"]);
    expect(await notes("2026-03-10")).toBeUndefined();
  });

  test.each([
    [{ start_date: "tomorrow 15:00", end_date: "tomorrow 14:00" }, "end_date"],
    [{ start_date: "tomorrow 15:00", end_date: "14:00" }, "end_date"],
    [{ start_date: "2026-04-02", end_date: "2026-04-01" }, "end_date"],
    [{ start_date: "tomorrow 15:00", end_date: "2026-04-01" }, "end_date must have a time"],
    [{ start_date: "2026-04-01", end_date: "2026-04-01T12:00" }, "end_date must be a day"],
    [{ start_date: "tomorrow 15:00", end_date: "16:00", duration_minutes: 5 }, "exclude each other"],
    [{ start_date: "tomorrow", duration_minutes: 30 }, "start_date must have a time"],
    [{ start_date: "tomorrow", all_day: false }, "start_date must have a time"],
    [{ start_date: "tomorrow 15:00", all_day: true }, "start_date must be a day"],
    [{ start_date: "soon" }, "start_date is not understood"],
    [{ start_date: "tomorrow 15:00", recurrence: "now and then" }, "recurrence"],
    [{ start_date: "tomorrow 15:00", recurrence: "FREQ=DAILY;COUNT=3;UNTIL=20270101" }, "recurrence"],
  ])("refuses %j before anything is asked of Google", async (given, fault) => {
    const error = await refused("create_event", { event_title: "X", ...given });
    expect(error.code).toBe("invalid_parameters");
    expect(error.message).toContain(fault);
    expect(calendar.sandbox.requests).toEqual([]);
  });

  test.each([
    ["daily", 7],
    ["weekdays", 5],
    ["weekly", 1],
    ["RRULE:FREQ=DAILY;COUNT=3", 3],
    ["freq=weekly;byday=we,fr", 2],
  ])("recurrence %s", async (recurrence, count) => {
    const { event } = await one("create_event", { event_title: "Yoga", start_date: "2026-03-11T07:00", recurrence });
    expect(event.recurrence?.[0]).toStartWith("RRULE:FREQ=");
    expect(await events({ start_date: "2026-03-11", end_date: "2026-03-17", query: "yoga" })).toHaveLength(count);
  });

  test("guests are told and get the event; send_updates none tells nobody", async () => {
    await one("create_event", {
      event_title: "Tea",
      start_date: "tomorrow 20:00",
      attendees: [grace, "eve@example.org"],
    });
    expect(await events({ query: "tea" }, as(grace))).toMatchObject([
      {
        organizer: ada,
        attendees: [{ email: grace, response: "needsAction", self: true }, { email: "eve@example.org" }],
      },
    ]);
    await one("create_event", {
      event_title: "B",
      start_date: "tomorrow 21:00",
      attendees: [grace],
      send_updates: "none",
    });
    await one("create_event", { event_title: "C", start_date: "tomorrow 22:00" });
    const told = calendar.sandbox.requests
      .filter(({ method }) => method === "POST")
      .map(({ query }) => query.sendUpdates);
    expect(told).toEqual(["all", "none", "none"]);
  });

  test("a key that comes again makes no second event", async () => {
    const given = { event_title: "Tea", start_date: "tomorrow 20:00" };
    const first = await one("create_event", given, { idempotencyKey: "k1" });
    const again = await one("create_event", given, { idempotencyKey: "k1" });
    expect(first.event.id).toMatch(/^mcq[0-9a-f]{40}$/);
    expect(again.event).toEqual(first.event);
    expect(again.metadata).toMatchObject({ existed: true });
    expect(again.metadata.conflicts).toBeUndefined();
    expect((await refused("create_event", { ...given, event_title: "Other" }, { idempotencyKey: "k1" })).code).toBe(
      "conflict",
    );
    expect((await one("create_event", given, { idempotencyKey: "k2" })).event.id).not.toBe(first.event.id);
    expect(await events({ query: "tea" })).toHaveLength(2);
  });

  test("a write is never sent twice by itself", async () => {
    calendar.sandbox.fail("google-calendar", { kind: "slow", ms: 0, times: 1 });
    calendar.sandbox.fail("google-calendar", { kind: "status", status: 503 });
    expect((await refused("create_event", { event_title: "Tea", start_date: "tomorrow 20:00" })).code).toBe(
      "upstream_rejected",
    );
    expect(asked()).toEqual(["GET ", "POST "]);
  });

  test("whatever day and zone: what is stored is what was echoed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"),
        fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom("00", "30", "59"),
        fc.integer({ min: 1, max: 3_000 }),
        async (time_zone, day, hour, minute, duration_minutes) => {
          const start_date = `${day}T${String(hour).padStart(2, "0")}:${minute}`;
          const given = { event_title: "X", start_date, duration_minutes, time_zone };
          const { event, metadata } = await one("create_event", given);
          expect(metadata.understood).toMatchObject({ start: event.start, end: event.end, time_zone: event.time_zone });
          expect(Date.parse(String(event.end)) - Date.parse(String(event.start))).toBe(duration_minutes * 60_000);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("update_event", () => {
  const find = async (query: string): Promise<string> => String((await events({ query }))[0]?.id);

  test.each([
    [{ start_date: "16:00" }, "2026-03-11T16:00:00+01:00", "2026-03-11T17:00:00+01:00"],
    [{ start_date: "2026-03-20" }, "2026-03-20T13:30:00+01:00", "2026-03-20T14:30:00+01:00"],
    [{ start_date: "2026-03-30" }, "2026-03-30T13:30:00+02:00", "2026-03-30T14:30:00+02:00"],
    [{ end_date: "15:00" }, "2026-03-11T13:30:00+01:00", "2026-03-11T15:00:00+01:00"],
    [{ duration_minutes: 15 }, "2026-03-11T13:30:00+01:00", "2026-03-11T13:45:00+01:00"],
    [
      { start_date: "2026-03-12T12:00", duration_minutes: 90 },
      "2026-03-12T12:00:00+01:00",
      "2026-03-12T13:30:00+01:00",
    ],
    [{ all_day: true }, "2026-03-11", "2026-03-11"],
    [{ all_day: true, start_date: "2026-03-12", end_date: "2026-03-13" }, "2026-03-12", "2026-03-13"],
    [{ event_title: "Supper" }, "2026-03-11T13:30:00+01:00", "2026-03-11T14:30:00+01:00"],
  ])("changes what is given and keeps the rest: %j", async (given, start, end) => {
    const event_id = await find("lunch");
    const { event, metadata } = await one("update_event", { event_id, ...given });
    expect(event).toMatchObject({
      start,
      end,
      location: "Café Babbage, 12 Dorset Street, London",
      all_day: !start.includes("T"),
    });
    expect(event.attendees).toHaveLength(2);
    if (!("event_title" in given)) expect(metadata.understood).toMatchObject({ start, end });
    expect((await one("get_events", { event_id })).event).toEqual(event);
  });

  test("whole days get times only when told so", async () => {
    const event_id = await find("birthday");
    expect((await refused("update_event", { event_id, start_date: "2026-03-15T18:00" })).message).toContain(
      "lasts all day",
    );
    expect((await refused("update_event", { event_id, all_day: false })).message).toContain(
      "start_date must have a time",
    );
    const { event } = await one("update_event", { event_id, all_day: false, start_date: "18:00" });
    expect(event).toMatchObject({
      all_day: false,
      start: "2026-03-15T18:00:00+01:00",
      end: "2026-03-15T19:00:00+01:00",
    });
  });

  test("an empty text or list takes away; guests who stay keep their answer", async () => {
    const event_id = await find("lunch");
    const { event } = await one("update_event", { event_id, location: "", reminders: [], attendees: [grace, alan] });
    expect(event.location || undefined).toBeUndefined();
    expect(event).toMatchObject({
      reminders: [],
      attendees: [
        { email: ada, response: "accepted" },
        { email: grace, response: "accepted" },
        { email: alan, response: "needsAction" },
      ],
    });
    expect(titles(await events({ query: "lunch" }, as(alan)))).toEqual(["Lunch with Grace"]);
    expect((await one("update_event", { event_id, attendees: [] })).event.attendees ?? []).toEqual([]);
  });

  test("one occurrence changes alone; the series is changed only when told", async () => {
    const [first, second] = await events({ query: "stand-up" }, as(grace));
    const { event } = await one(
      "update_event",
      { event_id: first?.id, start_date: "11:00", event_title: "Late" },
      as(grace),
    );
    expect(event).toMatchObject({
      id: first?.id,
      recurring_event_id: first?.recurring_event_id,
      start: "2026-03-11T11:00:00+01:00",
    });
    expect((await events({ query: "stand-up" }, as(grace)))[0]).toEqual(second as Event);
    const series = { event_id: first?.recurring_event_id };
    expect((await refused("update_event", { ...series, event_title: "Y" }, as(grace))).message).toContain(
      "names a whole series",
    );
    await one("update_event", { ...series, scope: "all", event_title: "Sync" }, as(grace));
    expect(titles(await events({ query: "sync" }, as(grace)))).toHaveLength(4);
  });

  test("a series moves by its own clocks when one of its occurrences says how far", async () => {
    const [first] = await events({ start_date: "2026-04-01", end_date: "2026-04-02", query: "stand-up" }, as(grace));
    expect(first?.start).toBe("2026-04-01T10:30:00+02:00");
    await one(
      "update_event",
      { event_id: first?.id, scope: "all", start_date: "11:15", duration_minutes: 20 },
      as(grace),
    );
    const [winter] = await events({ start_date: "2026-03-12", end_date: "2026-03-12", query: "stand-up" }, as(grace));
    expect(winter).toMatchObject({
      start: "2026-03-12T11:15:00+01:00",
      end: "2026-03-12T11:35:00+01:00",
      own_time_zone: "Europe/London",
    });
    const move = { event_id: winter?.id, scope: "all", start_date: "2026-03-13" };
    expect((await refused("update_event", move, as(grace))).hint).toBe("Give recurrence too.");
  });

  test("refuses when nothing is to be changed, and a repetition of one occurrence", async () => {
    expect((await refused("update_event", { event_id: "abcde" })).message).toContain("Nothing is to be changed");
    const [first] = await events({ query: "choir" });
    expect((await refused("update_event", { event_id: first?.id, recurrence: "daily" })).hint).toBe("Add scope all.");
  });

  test("an event that changed meanwhile is left as it is", async () => {
    const event_id = await find("dentist");
    const connection = calendar.connect();
    let asks = 0;
    const meanwhile = {
      ...connection,
      async accessToken() {
        asks += 1;
        if (asks === 2)
          await calendar.raw(`/calendars/primary/events/${event_id}`, {
            method: "PATCH",
            body: '{"location":"Elsewhere"}',
          });
        return connection.accessToken();
      },
    };
    const error = await refused("update_event", { event_id, start_date: "17:00" }, { connection: meanwhile });
    expect(error.code).toBe("conflict");
    expect((await one("get_events", { event_id })).event).toMatchObject({
      location: "Elsewhere",
      start: "2026-03-13T17:00:00+01:00",
    });
  });
});

describe("delete_event", () => {
  test("takes an event away, here and at the guests', and tells what it was", async () => {
    const [lunch] = await events({ query: "lunch" });
    const { data } = await calendar.run("delete_event", { event_id: lunch?.id });
    expect(data).toMatchObject({ event_id: lunch?.id, status: "deleted", event: { title: "Lunch with Grace" } });
    expect(await events({ query: "lunch" })).toEqual([]);
    expect(await events({ query: "lunch" }, as(grace))).toEqual([]);
    expect((await refused("delete_event", { event_id: lunch?.id })).code).toBe("not_found");
    expect(calendar.sandbox.requests.find(({ method }) => method === "DELETE")?.query).toEqual({ sendUpdates: "all" });
  });

  test("one occurrence, or the whole series when told", async () => {
    const [first, second] = await events({ start_date: "2026-03-10", end_date: "2026-03-31", query: "choir" });
    await calendar.run("delete_event", { event_id: first?.id });
    expect((await events({ start_date: "2026-03-10", end_date: "2026-03-31", query: "choir" }))[0]?.id).toBe(
      String(second?.id),
    );
    expect((await refused("delete_event", { event_id: first?.recurring_event_id })).message).toContain(
      "names a whole series",
    );
    await calendar.run("delete_event", { event_id: second?.id, scope: "all" });
    expect(await events({ query: "choir" })).toEqual([]);
  });

  test("the request bears the etag that was just read", async () => {
    const [dentist] = await events({ query: "dentist" });
    const { json } = await calendar.raw(`/calendars/primary/events/${dentist?.id}`);
    await calendar.run("delete_event", { event_id: dentist?.id });
    expect(calendar.sandbox.requests.at(-1)).toMatchObject({ method: "DELETE", headers: { "if-match": json.etag } });
  });
});

describe("free_busy", () => {
  test("tells when people are busy, and when all of them are free", async () => {
    const { data, metadata } = await calendar.run("free_busy", {
      start_date: "2026-03-11T09:00",
      end_date: "2026-03-11T19:00",
      calendars: ["primary"],
      attendees: [grace],
    });
    const schema = calendarPersonal.actions.find(({ id }) => id === "free_busy")?.output;
    expect(schema && Value.Check(schema, data)).toBe(true);
    expect(data).toMatchObject({
      calendars: [
        {
          id: "primary",
          busy: [
            { start: "2026-03-11T10:30:00+01:00", end: "2026-03-11T10:45:00+01:00" },
            { start: "2026-03-11T13:30:00+01:00", end: "2026-03-11T14:30:00+01:00" },
          ],
        },
        { id: grace, busy: [{}, {}, { start: "2026-03-11T16:00:00+01:00", end: "2026-03-11T18:00:00+01:00" }] },
      ],
      free: [
        { start: "2026-03-11T09:00:00+01:00", end: "2026-03-11T10:30:00+01:00" },
        { start: "2026-03-11T10:45:00+01:00", end: "2026-03-11T13:30:00+01:00" },
        { start: "2026-03-11T14:30:00+01:00", end: "2026-03-11T16:00:00+01:00" },
        { start: "2026-03-11T18:00:00+01:00", end: "2026-03-11T19:00:00+01:00" },
      ],
    });
    expect(metadata).toMatchObject({ provider: "Google Calendar", understood: { start: "2026-03-11T09:00:00+01:00" } });
  });

  test("a calendar that cannot be seen is told, and nobody is called free then", async () => {
    const { data } = await calendar.run("free_busy", { attendees: [grace, "eve@example.org"] });
    expect(data).toMatchObject({ calendars: [{ id: grace }, { id: "eve@example.org", busy: [], error: "notFound" }] });
    expect(data).not.toHaveProperty("free");
    expect((await refused("free_busy", { attendees: ["eve@example.org"] })).code).toBe("not_found");
  });
});

describe("scopes and failures", () => {
  test.each([
    ["get_events", {}, ["calendar.events.readonly"]],
    ["get_events", {}, ["calendar.readonly"]],
    ["create_event", { event_title: "X", start_date: "tomorrow 20:00" }, ["calendar.events"]],
    ["free_busy", {}, ["calendar.freebusy"]],
    ["free_busy", {}, ["calendar"]],
  ])("%s %j does with %j alone", async (action, given, scopes) => {
    const { metadata } = await calendar.run(action, given, { connection: calendar.connect(ada, scopes) });
    expect(metadata.provider).toBe("Google Calendar");
  });

  test.each([
    ["get_events", {}, ["calendar.freebusy"]],
    ["create_event", { event_title: "X", start_date: "tomorrow 20:00" }, ["calendar.events.readonly"]],
    ["free_busy", {}, ["calendar.events"]],
  ])("%s %j does not with %j", async (action, given, scopes) => {
    const error = await refused(action, given, { connection: calendar.connect(ada, scopes) });
    expect(error.code).toBe("auth_required");
    expect(error.hint).toContain("mcqueen login google_calendar");
  });

  test("a token that ended is renewed once, and the call goes on", async () => {
    const connection = calendar.connect(ada, ["calendar.events"], "ya29.ended");
    expect(await events({ query: "lunch" }, { connection })).toHaveLength(1);
    expect(connection.renewals).toBe(1);
  });

  test("a login that Google takes no more is told after one renewal", async () => {
    const connection = { ...calendar.connect(), accessToken: async () => "ya29.never-good" };
    const error = await refused("get_events", {}, { connection });
    expect(error.code).toBe("auth_required");
    expect(calendar.sandbox.requests).toHaveLength(2);
  });

  test("without a login nothing is asked", async () => {
    const context = createContext({ config: calendar.sandbox.baseUrls, now });
    const error = await failureOf(Promise.resolve(calendarPersonal.actions[0]?.run({}, context)));
    expect(error).toMatchObject({ code: "auth_required" });
    expect(calendar.sandbox.requests).toEqual([]);
  });

  test.each([
    ["garbage", { kind: "garbage" }, "upstream_rejected"],
    ["truncated", { kind: "truncated" }, "upstream_rejected"],
    ["empty", { kind: "empty" }, "upstream_rejected"],
    ["429", { kind: "status", status: 429, retryAfter: 60 }, "rate_limited"],
    ["500", { kind: "status", status: 500 }, "upstream_rejected"],
    ["reset", { kind: "reset" }, "upstream_unavailable"],
  ] as const)("%s becomes one of our codes, without the token", async (_name, fault, code) => {
    const token = calendar.issue(ada, ["calendar.events"]);
    calendar.sandbox.fail("google-calendar", fault);
    const error = await refused("get_events", {}, { connection: calendar.connect(ada, ["calendar.events"], token) });
    expect(error.code).toBe(code);
    expect(Bun.inspect(error, { depth: 20 })).not.toContain(token.slice(5));
  });

  test("who goes away stops the request", async () => {
    const gone = new AbortController();
    calendar.sandbox.fail("google-calendar", { kind: "timeout" });
    const running = calendar.run("get_events", {}, { signal: gone.signal });
    gone.abort(new Error("gone"));
    expect(await failureOf(running)).toEqual(new Error("gone"));
  });
});
