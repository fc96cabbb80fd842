import { describe, expect, test } from "bun:test";
import { freeIn } from "../../../src/adapters/calendar/free-busy.ts";
import { understandRange } from "../../../src/adapters/calendar/spans.ts";
import { failureOf } from "../../support/upstream.ts";

/** A Tuesday, 13:20 in Oslo. */
const clock = (locale?: string) => ({ zone: "Europe/Oslo", now: new Date("2026-03-10T12:20:00Z"), locale });
const short = (at: Temporal.ZonedDateTime): string => at.toPlainDateTime().toString({ smallestUnit: "minute" });

describe("understandRange", () => {
  test.each([
    [{}, undefined, "2026-03-10T13:20", "2026-03-17T13:20"],
    [{ start_date: "tomorrow" }, undefined, "2026-03-11T00:00", "2026-03-18T00:00"],
    [{ start_date: "tomorrow", end_date: "tomorrow" }, undefined, "2026-03-11T00:00", "2026-03-12T00:00"],
    [{ start_date: "9:00", end_date: "17:00" }, undefined, "2026-03-10T09:00", "2026-03-10T17:00"],
    [{ end_date: "2026-03-12" }, undefined, "2026-03-10T13:20", "2026-03-13T00:00"],
    [{ start_date: "2026-03-29", end_date: "2026-03-29" }, undefined, "2026-03-29T00:00", "2026-03-30T00:00"],
    [{ start_date: "This week" }, undefined, "2026-03-09T00:00", "2026-03-16T00:00"],
    [{ start_date: "this week" }, "en-US", "2026-03-08T00:00", "2026-03-15T00:00"],
    [{ start_date: "next week" }, undefined, "2026-03-16T00:00", "2026-03-23T00:00"],
    [{ start_date: "last week" }, undefined, "2026-03-02T00:00", "2026-03-09T00:00"],
    [{ start_date: "this weekend" }, undefined, "2026-03-14T00:00", "2026-03-16T00:00"],
    [{ start_date: "next month" }, undefined, "2026-04-01T00:00", "2026-05-01T00:00"],
    [{ start_date: "last month" }, undefined, "2026-02-01T00:00", "2026-03-01T00:00"],
  ])("%j %s is %s to %s", async (when, locale, start, end) => {
    const range = await understandRange(when, clock(locale));
    expect([short(range.start), short(range.end)]).toEqual([start, end]);
  });

  test.each([
    [{ start_date: "tomorrow", end_date: "today" }],
    [{ start_date: "2026-03-11T10:00", end_date: "2026-03-11T10:00" }],
    [{ end_date: "yesterday" }],
    [{ start_date: "tomorrow", end_date: "next week" }],
  ])("%j is refused", async (when) => {
    expect(await failureOf(understandRange(when, clock()))).toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining("end_date"),
    });
  });
});

describe("freeIn", () => {
  const at = (hour: number): string => `2026-03-11T${String(hour).padStart(2, "0")}:00:00+01:00`;
  const range = async () => understandRange({ start_date: at(8), end_date: at(18) }, clock());
  test.each([
    [[], [[8, 18]]],
    [[[8, 18]], []],
    [[[0, 23]], []],
    [
      [[9, 10]],
      [
        [8, 9],
        [10, 18],
      ],
    ],
    [
      [
        [12, 14],
        [9, 13],
      ],
      [
        [8, 9],
        [14, 18],
      ],
    ],
    [
      [
        [9, 16],
        [10, 11],
      ],
      [
        [8, 9],
        [16, 18],
      ],
    ],
    [
      [
        [6, 9],
        [17, 20],
      ],
      [[9, 17]],
    ],
    [
      [
        [1, 2],
        [20, 22],
      ],
      [[8, 18]],
    ],
  ] as [number[][], number[][]][])("busy %j leaves %j", async (busy, free) => {
    const told = (pairs: number[][]) => pairs.map(([from = 0, to = 0]) => ({ start: at(from), end: at(to) }));
    expect(freeIn(await range(), told(busy))).toEqual(told(free));
  });
});
