import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ada, grace, useCalendar } from "../../support/calendar.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const { calendar, events, one, refused, as, asked } = useCalendar(now);

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
    [
      { start_date: "2028-02-28T23:00", end_date: "2028-02-29T01:00" },
      "2028-02-28T23:00:00+01:00",
      "2028-02-29T01:00:00+01:00",
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
