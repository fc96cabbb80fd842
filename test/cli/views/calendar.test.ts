import { describe, expect, test } from "bun:test";
import { createPaint } from "../../../cli/paint.ts";
import { render } from "../../../cli/views/render.ts";

const show = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}): string =>
  render("calendar_personal", { success: true, data, metadata }, createPaint(false), (text) => text);
const zone = { time_zone: "Europe/Oslo" };
const at = (start: string, end: string) => ({ ...zone, all_day: !start.includes("T"), start, end });
const tea = { id: "t1", title: "Tea", ...at("2026-03-11T15:00:00+01:00", "2026-03-11T16:00:00+01:00") };

describe("the calendar in a terminal", () => {
  test("shows days in order, what lasts all day first", () => {
    const events = [
      { id: "a", title: "Late", ...at("2026-03-11T22:00:00+01:00", "2026-03-12T01:00:00+01:00") },
      { ...tea, location: "Garden" },
      { id: "c", title: "Fair", ...at("2026-03-12", "2026-03-14"), location: "Bergen" },
      { id: "d", title: "Birthday", ...at("2026-03-11", "2026-03-11") },
      { id: "e", ...at("2026-03-12T09:00:00+01:00", "2026-03-12T09:30:00+01:00") },
    ];
    expect(show({ events, next_page: "1.2.abc" }).split("\n")).toEqual([
      "Wed, 11 Mar 2026",
      "  all day                 Birthday",
      "  15:00–16:00             Tea         Garden",
      "  22:00–01:00 Thu 12 Mar  Late",
      "",
      "Thu, 12 Mar 2026",
      "  all day to Sat 14 Mar   Fair        Bergen",
      "  09:00–09:30             (no title)",
      "",
      "Europe/Oslo. Ids of events: --json",
      "",
      "More: --page-token 1.2.abc",
    ]);
  });

  test("says so when nothing is on", () => {
    expect(show({ events: [] })).toBe("Nothing is on.");
  });

  test("shows one event in full, with what else is at that time", () => {
    const event = {
      ...tea,
      location: "Garden",
      description: "Bring biscuits\nand jam",
      attendees: [{ email: "grace@x.org", name: "Grace", response: "accepted" }, { email: "eve@x.org" }],
      reminders: [10],
      recurrence: ["RRULE:FREQ=DAILY"],
      link: "https://calendar.example/1",
    };
    const shown = show({ event }, { understood: { notes: ["02:30 does not exist"] }, conflicts: [tea] });
    for (const part of [
      "Wed, 11 Mar 2026, 15:00–16:00 (Europe/Oslo)",
      "Garden",
      "Grace <grace@x.org> (comes)",
      "eve@x.org",
      "10 minutes before",
      "RRULE:FREQ=DAILY",
      "t1",
      "Bring biscuits\nand jam",
      "02:30 does not exist",
      "At the same time: Tea",
    ])
      expect(shown).toContain(part);
  });

  test("a deleted event is called so", () => {
    expect(show({ event_id: "t1", status: "deleted", event: { ...tea, status: "cancelled" } })).toStartWith(
      "Tea (deleted)\n",
    );
  });

  test("shows who is busy when, and when all are free", () => {
    const busy = [{ start: "2026-03-11T15:00:00+01:00", end: "2026-03-11T16:00:00+01:00" }];
    const calendars = [
      { id: "primary", busy },
      { id: "grace@x.org", busy: [] },
      { id: "eve@x.org", busy: [], error: "notFound" },
    ];
    const free = [{ start: "2026-03-11T16:00:00+01:00", end: "2026-03-12T00:00:00+01:00" }];
    const lines = show({ calendars, free }).split("\n");
    expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
      ["primary", "Wed 11 Mar, 15:00–16:00"],
      ["grace@x.org", "free all the time"],
      ["eve@x.org", "cannot be seen (notFound)"],
      ["all are free", "Wed 11 Mar, 16:00–00:00 Thu 12 Mar"],
    ]);
  });

  test("text from elsewhere cannot move the cursor or reorder a line", () => {
    const hostile = "a\u001b[2J\u202eb\rc";
    const event = {
      ...tea,
      title: hostile,
      location: hostile,
      description: hostile,
      attendees: [{ email: hostile }],
      link: hostile,
    };
    for (const shown of [
      show({ event }),
      show({ events: [event] }),
      show({ calendars: [{ id: hostile, busy: [], error: hostile }] }),
    ])
      expect(shown).not.toMatch(/[\p{Cc}--\n]|\u202e/v);
  });
});
