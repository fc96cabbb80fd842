import { describe, expect, test } from "bun:test";
import type { Event } from "../../../src/adapters/calendar/event-schema.ts";
import { ada, alan, grace, useCalendar } from "../../support/calendar.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const { calendar, events, one, refused, titles, as } = useCalendar(now);

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
