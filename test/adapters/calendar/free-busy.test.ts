import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { calendarPersonal } from "../../../src/adapters/calendar/calendar-personal.ts";
import { grace, useCalendar } from "../../support/calendar.ts";

/** A Tuesday. */
const now = () => new Date("2026-03-10T12:20:00Z");
const { calendar, refused } = useCalendar(now);

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
