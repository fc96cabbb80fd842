import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { calendarPersonal } from "../../../src/adapters/calendar/calendar-personal.ts";
import type { Event } from "../../../src/adapters/calendar/event-schema.ts";
import { ada, grace, useCalendar } from "../../support/calendar.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const holidays = "en.uk#holiday@group.v.calendar.google.com";
const { calendar, events, one, refused, titles } = useCalendar(now);
type Given = Record<string, unknown>;

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
      untrusted: ["title", "description", "location", "attendees", "organizer"],
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
