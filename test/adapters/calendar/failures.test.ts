import { describe, expect, test } from "bun:test";
import { calendarPersonal } from "../../../src/adapters/calendar/calendar-personal.ts";
import { ada, useCalendar } from "../../support/calendar.ts";
import { createContext } from "../../support/context.ts";
import { failureOf } from "../../support/upstream.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const { calendar, events, refused } = useCalendar(now);

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
