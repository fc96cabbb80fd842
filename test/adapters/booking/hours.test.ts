import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import OpeningHours from "opening_hours";
import { checkHours, openSpans } from "../../../src/adapters/booking/hours.ts";
import { readHours } from "../../../src/adapters/booking/hours-syntax.ts";

const at = (text: string, when: string) => checkHours(text, Temporal.PlainDateTime.from(when));

describe("opening hours", () => {
  // 4 December 2026 is a Friday.
  test.each([
    ["Mo-Su 17:00-23:00", "2026-12-04T19:30", "open"],
    ["Mo-Su 17:00-23:00", "2026-12-04T16:59", "closed"],
    ["Mo-Su 17:00-23:00", "2026-12-04T23:00", "closed"],
    ["Mo-Su 17:00-02:00", "2026-12-04T01:59", "open"],
    ["Fr 17:00-02:00", "2026-12-05T01:30", "open"],
    ["Fr 17:00-02:00; Sa off", "2026-12-05T01:30", "closed"],
    ["Fr 17:00-26:00", "2026-12-05T01:30", "open"],
    ["Tu-Sa 12:00-14:30,19:00-22:30; Su 12:00-15:00; Mo off", "2026-12-04T15:00", "closed"],
    ["Tu-Sa 12:00-14:30, 19:00-22:30", "2026-12-04T12:00", "open"],
    ["We-Mo 12:00-22:00", "2026-12-01T13:00", "closed"],
    ["Mo-Fr 11:00-14:00, Fr 18:00-22:00", "2026-12-04T12:00", "open"],
    ["Mo-Fr 11:00-14:00; Fr 18:00-22:00", "2026-12-04T12:00", "closed"],
    ["Mo-Sa 18:00-23:30; Su off; Dec 24-26 off", "2026-12-25T19:00", "closed"],
    ["24/7; Dec 24-Jan 6 off", "2027-01-02T12:00", "closed"],
    ["Apr-Oct Mo-Su 10:00-22:00; Nov-Mar Fr-Su 12:00-20:00", "2026-12-04T21:00", "closed"],
    ["Nov-Mar: Fr 12:00-20:00", "2026-12-04T19:00", "open"],
    ["Mo-Su,PH 12:00-20:00", "2026-12-04T19:00", "open"],
    ["Mo-Su 12:00-20:00; PH off", "2026-12-04T19:00", "open"],
    ["PH 12:00-20:00", "2026-12-04T19:00", "closed"],
    ["24/7", "2026-12-04T03:00", "open"],
    ["Fr", "2026-12-04T03:00", "open"],
    ["off", "2026-12-04T03:00", "closed"],
  ])("%s at %s: %s", (text, when, kind) => {
    expect(at(text, when).kind).toBe(kind as "open");
  });

  test.each([
    'Mo-Fr 10:00-18:00 "by appointment"',
    "Mo-Fr sunrise-sunset",
    "week 1-10 Mo 10:00-12:00",
    "2026 Dec 24 off",
    "Mo[1] 10:00-12:00",
    "Mo-Fr 18:00+",
    "Mo-Fr 10:00-12:00 || Sa unknown",
    "easter off",
    "Mo-Su 10:00-20:00; 12:00-13:00 off",
    "Mo-Fr 25:00-26:00",
    "Dec 0-3 10:00-12:00",
    "Montag 10-12 Uhr",
    "",
    ";;",
  ])("what is not understood is not guessed: %s", (text) => {
    expect(at(text, "2026-12-04T19:30")).toMatchObject({ kind: "unknown" });
  });

  test("a refusal knows the hours of that day and of the next one that has any", () => {
    const text = "Tu-Sa 12:00-14:30,19:00-22:30; Su 12:00-15:00; Mo off";
    expect(at(text, "2026-12-04T16:00")).toEqual({
      kind: "closed",
      thatDay: "12:00 to 14:30 and 19:00 to 22:30",
      next: { date: "2026-12-05", hours: "12:00 to 14:30 and 19:00 to 22:30" },
      hasHolidays: false,
    });
    expect(at(text, "2026-12-07T19:00")).toMatchObject({ thatDay: "", next: { date: "2026-12-08" } });
    expect(at("Mo-Su off", "2026-12-07T19:00")).toEqual({ kind: "closed", thatDay: "", hasHolidays: false });
  });

  test("the minutes until it closes run past midnight", () => {
    expect(at("Fr 18:00-02:00", "2026-12-04T23:30")).toMatchObject({ kind: "open", minutesLeft: 150 });
    expect(at("Fr 18:00-02:00; PH off", "2026-12-04T23:30")).toMatchObject({ hasHolidays: true });
  });

  test("any text is read or refused, and never hangs", () => {
    const words = fc.constantFrom(
      ..."Mo Tu-Su PH Dec 24 -Jan 6 , ; off 10:00 -12:00 24/7 open + : || [1]".split(" "),
      " ",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 30 }).map((each) => each.join("")),
        ),
        (text) => {
          expect(["open", "closed", "unknown"]).toContain(at(text, "2026-12-04T19:30").kind);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const weekdays = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }).map((days) =>
  days
    .reduce<number[][]>((runs, day) => {
      const run = runs.at(-1);
      if (run?.at(-1) === day - 1) run.push(day);
      else runs.push([day]);
      return runs;
    }, [])
    .map((run) => (run.length > 1 ? `${names[run[0] ?? 0]}-${names[run.at(-1) ?? 0]}` : names[run[0] ?? 0]))
    .join(","),
);
const clock = (least: number, most: number) =>
  fc
    .integer({ min: least, max: most })
    .map((half) => `${String(half >> 1).padStart(2, "0")}:${half % 2 ? "30" : "00"}`);
const span = fc
  .tuple(clock(0, 47), clock(1, 48))
  .filter(([from, to]) => from !== to)
  .map((ends) => ends.join("-"));
const spans = fc.array(span, { minLength: 1, maxLength: 2 }).map((each) => each.join(","));
const days = fc.constantFrom("Jan-Mar", "Dec", "Apr-Oct", "Nov-Feb", "Dec 24-26", "Dec 24-Jan 6", "Dec 1");
const rule = fc
  .tuple(
    fc.option(days, { nil: "", freq: 3 }),
    weekdays,
    fc.oneof({ weight: 4, arbitrary: spans }, { weight: 1, arbitrary: fc.constant("off") }),
  )
  .map((parts) => parts.filter((part) => part !== "").join(" "));
const expression = fc
  .array(fc.tuple(fc.constantFrom("; ", "; ", ", "), rule), { minLength: 1, maxLength: 4 })
  .map((rules) => rules.map(([sign, text], index) => (index > 0 ? sign : "") + text).join(""));

/** The library that OpenStreetMap's own editors use; this computer's clock stands for that of the place. */
const isOpenByLibrary = (hours: OpeningHours, { year, month, day, hour, minute }: Temporal.PlainDateTime): boolean =>
  hours.getState(new Date(year, month - 1, day, hour, minute));

test("any rules mean what the library opening_hours says", () => {
  fc.assert(
    fc.property(expression, fc.integer({ min: 0, max: 40 }), (text, offset) => {
      const ours = readHours(text);
      if (!ours) throw new Error(`not understood: ${text}`);
      const library = new OpeningHours(text, null);
      const date = Temporal.PlainDate.from("2026-12-01").add({ days: offset });
      const [before, today] = [openSpans(ours, date.subtract({ days: 1 })), openSpans(ours, date)];
      for (let minute = 15; minute < 1440; minute += 30) {
        const isOpen =
          today.some(({ from, to }) => from <= minute && minute < to) ||
          before.some(({ from, to }) => from <= minute + 1440 && minute + 1440 < to);
        expect([minute, isOpen]).toEqual([
          minute,
          isOpenByLibrary(library, date.toPlainDateTime().add({ minutes: minute })),
        ]);
      }
    }),
    { numRuns: 300 },
  );
});
