import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Clock } from "../../../src/adapters/calendar/clock.ts";
import { type Moment, understandMoment } from "../../../src/adapters/calendar/moments.ts";
import { AppError } from "../../../src/core/errors.ts";
import { failureOf } from "../../support/upstream.ts";

/** A Friday, 14:20 in Oslo, two days before the clocks go forward. */
const clock = (more: Partial<Clock> = {}): Clock => ({
  zone: "Europe/Oslo",
  now: new Date("2026-03-27T13:20:00Z"),
  locale: undefined,
  ...more,
});

const said = (moment: Moment): string =>
  moment.kind === "day" ? String(moment.date) : moment.at.toString({ timeZoneName: "never", smallestUnit: "minute" });

const understand = async (text: string, more: Partial<Clock> = {}, day?: string): Promise<string> =>
  said(await understandMoment("start_date", text, clock(more), day ? Temporal.PlainDate.from(day) : undefined));

describe("understandMoment", () => {
  test.each([
    ["2026-12-03", "2026-12-03"],
    ["2026-12-03T15:00", "2026-12-03T15:00+01:00"],
    ["2026-07-03 15:00", "2026-07-03T15:00+02:00"],
    ["2026-12-03T15:00:30.5Z", "2026-12-03T16:00+01:00"],
    ["2026-12-03t15:00z", "2026-12-03T16:00+01:00"],
    ["2026-12-03T15:00-05:00", "2026-12-03T21:00+01:00"],
    ["today", "2026-03-27"],
    ["Tomorrow", "2026-03-28"],
    ["yesterday", "2026-03-26"],
    ["day after tomorrow at 15:00", "2026-03-29T15:00+02:00"],
    ["tomorrow 15:00", "2026-03-28T15:00+01:00"],
    ["next monday at 9", "2026-03-30T09:00+02:00"],
    ["monday, 9:00", "2026-03-30T09:00+02:00"],
    ["in 2 hours", "2026-03-27T16:20+01:00"],
    ["in 2 weeks", "2026-04-10"],
    ["2 hours ago", "2026-03-27T12:20+01:00"],
    ["now", "2026-03-27T14:20+01:00"],
    ["last monday", "2026-03-23"],
    ["friday at 17:00", "2026-03-27T17:00+01:00"],
    ["friday at 11:00", "2026-04-03T11:00+02:00"],
    ["next friday", "2026-04-03"],
    ["15:00", "2026-03-27T15:00+01:00"],
    ["9:00", "2026-03-28T09:00+01:00"],
    ["3pm", "2026-03-27T15:00+01:00"],
    ["at 9", "2026-03-28T09:00+01:00"],
    ["noon", "2026-03-28T12:00+01:00"],
    ["midnight", "2026-03-28T00:00+01:00"],
    ["3 December", "2026-12-03"],
    ["dec 3 at 7pm", "2026-12-03T19:00+01:00"],
    ["29 Feb 2028", "2028-02-29"],
    ["13/04/2026", "2026-04-13"],
    ["2026/12/03 15:00", "2026-12-03T15:00+01:00"],
    ["tomorrow 10.12", "2026-03-28T10:12+01:00"],
    ["in one month", "2026-04-27"],
    ["3pm EST", "2026-03-27T21:00+01:00"],
    ["15:00 UTC+2", "2026-03-28T14:00+01:00"],
  ])("%s is %s", async (text, expected) => {
    expect(await understand(text)).toBe(expected);
  });

  test.each([
    ["", "is not understood"],
    ["when my ship comes in", "is not understood"],
    ["the day my ship comes in", "is understood only in part"],
    ["tomorrow 25:99", "is understood only in part"],
    ["tomorrow 9am in Paris", "is understood only in part"],
    ["2026-02-30", "is no day or time of the calendar"],
    ["2026-12-03T25:00", "is no day or time of the calendar"],
    ["24:00", "is no day or time of the calendar"],
    ["2026-12-3", "is neither an ISO date nor an ISO date and time"],
    ["2026-12-03T15:00+01:00[Europe/Paris]", "is neither an ISO date nor an ISO date and time"],
    ["monday or tuesday", "names more than one time"],
    ["tomorrow 3pm to 5pm", "names a span; give its end apart"],
    ["next week", "names a span of days"],
    ["May", "names no day"],
    ["tonight", "names no clear time"],
    ["this evening", "names no clear time"],
    ["tomorrow morning", "names no clear time"],
    ["tomorrow at 3", "leaves open whether it is before or after noon"],
    ["friday", "can be today or a week from now"],
    ["03/04/2026", "can be two different days"],
    ["3/4", "can be two different days"],
    ["3.12.2026", "can be two different days"],
    ["3-12-26", "can be two different days"],
    ["17h", "can be a time of day or a while from now"],
    ["tomorrow at midnight", "can be the beginning or the end of that day"],
    ["next year", "names no day"],
    ["1969-12-31", "must lie between 1970 and 2199"],
    ["1 january 2300", "must lie between 1970 and 2199"],
  ])('"%s" is refused: %s', async (text, fault) => {
    const error = (await failureOf(understand(text))) as AppError;
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe("invalid_parameters");
    expect(error.message).toContain(`Parameter start_date ${fault}`);
    expect(error.hint).toContain('"tomorrow 15:00"');
  });

  test.each([
    ["de-DE", "morgen um 15:00", "2026-03-28T15:00+01:00"],
    ["de-DE", "heute um 3 Uhr", "2026-03-27T03:00+01:00"],
    ["de", "3.12.2026 um 19 Uhr", "2026-12-03T19:00+01:00"],
    ["de", "letzten Montag", "2026-03-23"],
    ["de", "tomorrow 15:00", "2026-03-28T15:00+01:00"],
    ["fr-FR", "demain à 15h", "2026-03-28T15:00+01:00"],
    ["es", "mañana a las 15:00", "2026-03-28T15:00+01:00"],
    ["pt-BR", "amanhã às 15:00", "2026-03-28T15:00+01:00"],
    ["ja", "明日の15時", "2026-03-28T15:00+01:00"],
    ["ru", "завтра в 15:00", "2026-03-28T15:00+01:00"],
    ["en-GB", "03/04/2026", "2026-04-03"],
    ["en-US", "03/04/2026", "2026-03-04"],
    ["en-GB", "3.12.2026", "2026-12-03"],
    ["fr", "demain 17h", "2026-03-28T17:00+01:00"],
    ["id", "besok jam 15:00", "2026-03-28T15:00+01:00"],
    ["tlh", "tomorrow 15:00", "2026-03-28T15:00+01:00"],
  ])("in %s %s is %s", async (locale, text, expected) => {
    expect(await understand(text, { locale })).toBe(expected);
  });

  test.each([
    ["16:00", "2026-05-01", "2026-05-01T16:00+02:00"],
    ["at noon", "2026-05-01", "2026-05-01T12:00+02:00"],
    ["tomorrow 16:00", "2026-05-01", "2026-03-28T16:00+01:00"],
  ])("%s of the day %s is %s", async (text, day, expected) => {
    expect(await understand(text, {}, day)).toBe(expected);
  });

  test.each([
    ["2028-02-28T12:00:00Z", "tomorrow", "2028-02-29"],
    ["2028-02-29T12:00:00Z", "tomorrow 15:00", "2028-03-01T15:00+01:00"],
    ["2027-02-28T12:00:00Z", "tomorrow", "2027-03-01"],
    ["2028-01-31T12:00:00Z", "in one month", "2028-02-29"],
    ["2027-01-31T12:00:00Z", "in one month", "2027-02-28"],
    ["2027-01-31T12:00:00Z", "in one month at 15:00", "2027-02-28T15:00+01:00"],
    ["2026-12-31T12:00:00Z", "in 2 months", "2027-02-28"],
    ["2026-08-31T12:00:00Z", "in 1 month", "2026-09-30"],
    ["2028-01-31T23:30:00Z", "in 1 month", "2028-03-01"],
    ["2028-02-28T23:30:00Z", "today", "2028-02-29"],
    ["2028-02-22T12:00:00Z", "in one week", "2028-02-29"],
    ["2100-02-28T12:00:00Z", "tomorrow", "2100-03-01"],
  ])("about a leap day: at %s, %s is %s", async (now, text, expected) => {
    expect(await understand(text, { now: new Date(now) })).toBe(expected);
  });

  test.each(["2027-02-29", "2100-02-29", "2026-02-29T10:00", "29 Feb 2027"])("%s is no day", async (text) => {
    expect(await failureOf(understand(text))).toMatchObject({ code: "invalid_parameters" });
  });

  test.each([
    ["2026-03-29T02:30", "2026-03-29T03:30+02:00", "does not exist"],
    ["sunday 2:30", "2026-03-29T03:30+02:00", "does not exist"],
    ["2026-10-25T02:30", "2026-10-25T02:30+02:00", "The other one is 2026-10-25T02:30:00+01:00"],
  ])("where the clocks jump, %s is %s, and that is told", async (text, expected, note) => {
    const moment = await understandMoment("start_date", text, clock());
    expect(said(moment)).toBe(expected);
    expect(moment.kind === "time" ? moment.note : "").toContain(note);
  });

  const zones = [
    "Europe/Oslo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
  ];
  const jumps = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"];

  test("any day and time of any zone is what was said, or says that it is not", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        // Apia had no 30 December that year.
        fc.constantFrom(...jumps, "2011-12-30"),
        fc.integer({ min: 0, max: 1439 }),
        async (zone, date, minute) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
          const moment = await understandMoment("start_date", `${date}T${time}`, clock({ zone }));
          if (moment.kind !== "time") throw new Error("a time became a day");
          const local = moment.at.toPlainDateTime().toString({ smallestUnit: "minute" });
          expect(local === `${date}T${time}` || moment.note?.includes("does not exist")).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("words mean the same clock time in every zone and over every jump", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...jumps),
        fc.integer({ min: 0, max: 86_399 }),
        fc.constantFrom("tomorrow 15:00", "tomorrow at 9am", "in 3 days at 12:45"),
        async (zone, date, second, text) => {
          const now = new Date(Date.parse(`${date}T00:00:00Z`) + second * 1000);
          const moment = await understandMoment("start_date", text, clock({ zone, now }));
          if (moment.kind !== "time") throw new Error("a time became a day");
          const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
          const days = text.startsWith("tomorrow") ? 1 : 3;
          const [clockTime] = /15:00|12:45/.exec(text) ?? ["09:00"];
          expect(moment.at.toPlainDateTime().toString({ smallestUnit: "minute" })).toBe(
            `${today.add({ days })}T${clockTime}`,
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  test('"in n hours" is exactly so long from now, also over a jump', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom(...jumps),
        fc.integer({ min: 1, max: 48 }),
        async (zone, date, hours) => {
          const now = new Date(`${date}T00:30:00Z`);
          const moment = await understandMoment("start_date", `in ${hours} hours`, clock({ zone, now }));
          if (moment.kind !== "time") throw new Error("a time became a day");
          expect(moment.at.epochMilliseconds - now.getTime()).toBe(hours * 3_600_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  const word = fc.constantFrom(
    ..."tomorrow next last monday at 9 15:00 3pm in 2 hours weeks ago the of may 31 february 2026 - / . : , 99999 noon EST and to morgen um Uhr 明日".split(
      " ",
    ),
  );
  test("whatever is said, it is understood or refused in our words", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.array(word, { maxLength: 6 }).map((words) => words.join(" ")),
          fc.string({ maxLength: 100, unit: "binary" }),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        fc.constantFrom(undefined, "de", "ja", "ru", "en-GB"),
        fc.constantFrom(...zones),
        async (text, locale, zone) => {
          try {
            const moment = await understandMoment("end_date", text, clock({ locale, zone }));
            const { year } = moment.kind === "day" ? moment.date : moment.at;
            expect(year >= 1969 && year <= 2200).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            expect((error as AppError).message).toContain("end_date");
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
