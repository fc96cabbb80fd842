import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { findCalendar, findEvent } from "../../src/sandbox/calendar/store.ts";
import { ada, grace, startCalendar } from "../support/calendar.ts";

const now = () => new Date("2026-03-10T12:20:00Z");
const events = "/calendars/primary/events";
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
const list = async (query: Record<string, string>) =>
  (await send(`${events}?${new URLSearchParams({ singleEvents: "true", orderBy: "startTime", ...query })}`)).json;
const starts = (items: { start: { dateTime?: string; date?: string } }[]) =>
  items.map(({ start }) => start.dateTime ?? start.date);

describe("repeated events", () => {
  const london = (rule: string, start = "2026-03-26T09:00:00Z", end = "2026-03-26T10:00:00Z") =>
    timed(start, end, { recurrence: [`RRULE:${rule}`], summary: "Series" });
  test.each([
    [
      "FREQ=DAILY;COUNT=4",
      ["2026-03-26T09:00:00Z", "2026-03-27T09:00:00Z", "2026-03-28T09:00:00Z", "2026-03-29T09:00:00+01:00"],
    ],
    [
      "FREQ=DAILY;INTERVAL=3;UNTIL=20260401T080000Z",
      ["2026-03-26T09:00:00Z", "2026-03-29T09:00:00+01:00", "2026-04-01T09:00:00+01:00"],
    ],
    [
      "FREQ=WEEKLY;BYDAY=TH,MO;COUNT=3",
      ["2026-03-26T09:00:00Z", "2026-03-30T09:00:00+01:00", "2026-04-02T09:00:00+01:00"],
    ],
    ["FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["2026-03-26T09:00:00Z", "2026-04-09T09:00:00+01:00"]],
    ["FREQ=MONTHLY;COUNT=2", ["2026-03-26T09:00:00Z", "2026-04-26T09:00:00+01:00"]],
    ["FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["2026-03-27T09:00:00Z", "2026-04-24T09:00:00+01:00"]],
    ["FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2026-03-31T09:00:00+01:00", "2026-05-31T09:00:00+01:00"]],
    ["FREQ=WEEKLY;UNTIL=20260402", ["2026-03-26T09:00:00Z", "2026-04-02T09:00:00+01:00"]],
  ])("%s", async (rule, expected) => {
    await insert(london(rule));
    const { items } = await list({ q: "series", timeMin: "2026-03-01T00:00:00Z", timeMax: "2026-08-01T00:00:00Z" });
    expect(starts(items)).toEqual(expected);
  });

  test("whole days, and what touches a stretch only from outside", async () => {
    const { id } = await insert({
      summary: "Series",
      start: { date: "2026-03-20" },
      end: { date: "2026-03-22" },
      recurrence: ["RRULE:FREQ=WEEKLY;COUNT=3"],
    });
    const { items } = await list({ q: "series", timeMin: "2026-03-22T00:00:00Z", timeMax: "2026-04-02T23:00:00Z" });
    expect(items.map((each: { id: string }) => each.id)).toEqual([`${id}_20260327`]);
  });

  test("an occurrence is changed or deleted alone, and keeps its id", async () => {
    const { id } = await insert(london("FREQ=DAILY;COUNT=3"));
    const first = `${id}_20260326T090000Z`;
    const moved = await send(`${events}/${first}`, {
      method: "PATCH",
      body: { ...timed("2026-03-26T19:00:00Z", "2026-03-26T20:00:00Z"), summary: "Late" },
    });
    expect(moved.json).toMatchObject({
      id: first,
      recurringEventId: id,
      originalStartTime: { dateTime: "2026-03-26T09:00:00Z" },
    });
    await send(`${events}/${id}_20260327T090000Z`, { method: "DELETE" });
    const { json } = await send(`${events}/${id}/instances`);
    expect(json.items.map(({ summary }: { summary: string }) => summary)).toEqual(["Late", "Series"]);
    const deleted = await send(`${events}/${id}/instances?showDeleted=true`);
    expect(deleted.json.items.find(({ status }: { status: string }) => status === "cancelled")).toEqual({
      kind: "calendar#event",
      etag: expect.any(String),
      id: `${id}_20260327T090000Z`,
      status: "cancelled",
      recurringEventId: id,
      originalStartTime: expect.any(Object),
    });
    await send(`${events}/${id}`, { method: "PATCH", body: timed("2026-03-26T11:00:00Z", "2026-03-26T12:00:00Z") });
    expect((await send(`${events}/${id}/instances`)).json.items).toHaveLength(3);
    await send(`${events}/${id}`, { method: "DELETE" });
    expect((await list({ q: "series" })).items).toEqual([]);
    expect((await send(`${events}/${id}/instances`)).json.items).toEqual([]);
  });
});

describe("people", () => {
  test("share an invitation: the organizer's changes arrive, a guest's answer comes back", async () => {
    const { id } = await insert({ ...ordinary, attendees: [{ email: grace }] });
    const token = calendar.issue(grace, ["calendar"]);
    const copy = (await send(`${events}/${id}`, { token })).json;
    expect(copy).toMatchObject({
      id,
      organizer: { email: ada },
      attendees: [{ email: grace, self: true, responseStatus: "needsAction" }],
    });
    await send(`${events}/${id}`, {
      method: "PATCH",
      token,
      body: { attendees: [{ email: grace, responseStatus: "accepted" }] },
    });
    expect((await send(`${events}/${id}`)).json.attendees).toMatchObject([
      { email: grace, responseStatus: "accepted" },
    ]);
    await send(`${events}/${id}`, { method: "PATCH", body: { location: "Garden" } });
    expect((await send(`${events}/${id}`, { token })).json.location).toBe("Garden");
    await send(`${events}/${id}`, { method: "PATCH", body: { attendees: [] } });
    expect((await send(`${events}/${id}`, { token })).json.status).toBe("cancelled");
  });

  test("a fortnight is there from the start, and stays what it was made", async () => {
    const before = await list({ timeMin: "2026-03-01T00:00:00Z", timeMax: "2026-03-20T00:00:00Z" });
    expect(before.items.length).toBeGreaterThan(15);
    const [first] = (await list({ q: "lunch" })).items;
    await send(`${events}/${first.id}`, { method: "DELETE" });
    expect((await list({ q: "lunch" })).items).toEqual([]);
    expect(
      (await send("/users/me/calendarList")).json.items.map(({ accessRole }: { accessRole: string }) => accessRole),
    ).toEqual(["owner", "owner", "reader"]);
  });

  test("ids never reach outside the calendar's folder", () => {
    const mine = findCalendar(calendar.folder, ada, "primary");
    if (!mine) throw new Error("there is no calendar");
    for (const id of ["../seeded", "..", "a/b", "", "_20260101", "x".repeat(2_000)])
      expect(findEvent(mine, id)).toBeUndefined();
  });
});
