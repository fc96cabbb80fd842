import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { createInterpreter, sureScore } from "../../../src/core/interpret/interpret.ts";
import { adapters, sandboxAdapters } from "../../support/adapters.ts";
import { echo } from "../../support/toys.ts";
import { first } from "./phrases/first.ts";
import { second } from "./phrases/second.ts";
import { third } from "./phrases/third.ts";
import { unseen } from "./phrases/unseen.ts";

const tools = [...adapters, ...sandboxAdapters].flatMap((adapter) => adapter.tools);
const now = Temporal.ZonedDateTime.from("2026-11-24T10:00[Europe/Oslo]");
const interpret = createInterpreter(tools);
const bestOf = (said: string, at = now) => interpret(said, at)[0];

/** The date and the time that a table would be booked for. */
describe("days and times of a table", () => {
  test.each([
    ["on 2026-12-04 at 19:30", "2026-12-04", "19:30"],
    ["today at 7pm", "2026-11-24", "19:00"],
    ["tonight at half past seven", "2026-11-24", "19:30"],
    ["tomorrow at half seven", "2026-11-25", "19:30"],
    ["the day after tomorrow at noon", "2026-11-26", "12:00"],
    ["next friday at 8 o'clock", "2026-11-27", "20:00"],
    ["this coming Friday at eight", "2026-11-27", "20:00"],
    ["on Tuesday at quarter to nine", "2026-12-01", "20:45"],
    ["on the 5th of december at quarter past six", "2026-12-05", "18:15"],
    ["on december the fifth at ten past eight", "2026-12-05", "20:10"],
    ["on Friday the 4th of December at twenty to nine", "2026-12-04", "20:40"],
    ["on the thirty first of December at 8 p.m.", "2026-12-31", "20:00"],
    ["on the 3rd of January at 7:15 pm", "2027-01-03", "19:15"],
    ["in three days at seven thirty pm", "2026-11-27", "19:30"],
    ["in a week at 12:30", "2026-12-01", "12:30"],
    ["a week from Friday at nine", "2026-12-04", "21:00"],
    ["two weeks from now at 18.45 pm", undefined, undefined],
    ["on the 29th of February at seven", "2028-02-29", "19:00"],
    ["at 19h30 on Thursday", "2026-11-26", "19:30"],
    ["tomorrow morning at nine", "2026-11-25", "09:00"],
    ["yesterday at seven", undefined, "19:00"],
    ["on 2026-11-01 at seven", undefined, "19:00"],
    ["on the 31st of February at seven", undefined, "19:00"],
    ["tomorrow at 25:70", "2026-11-25", undefined],
  ] as const)("%p", (when, date, time) => {
    const { parameters } = bestOf(`book a table for two at Rules ${when}`) ?? {};
    if (date === undefined && time === undefined) expect(parameters?.time).toBeUndefined();
    else expect([parameters?.date, parameters?.time]).toEqual([date, time]);
  });

  test.each([
    ["for one", 1],
    ["for 4", 4],
    ["for twelve people", 12],
    ["for a party of six", 6],
    ["for twenty one guests", 21],
    ["for a couple of people", 2],
    ["for me and three friends", 4],
    ["for 500", undefined],
  ] as const)("a table %s", (said, size) => {
    expect(bestOf(`book a table at Rules ${said}`)?.parameters.party_size).toBe(size);
  });
});

test.each([
  ["from 2 to 4 pm", "2026-11-27 14:00", "2026-11-27 16:00"],
  ["from 10 until 2", "2026-11-27 10:00", "2026-11-27 14:00"],
  ["at 9", "2026-11-27 09:00", undefined],
  ["at 3", "2026-11-27 15:00", undefined],
] as const)("a meeting on Friday %s", (said, start, end) => {
  const { parameters } = bestOf(`schedule a meeting on Friday ${said}`) ?? {};
  expect([parameters?.start_date, parameters?.end_date]).toEqual([start, end]);
});

test("a time that is over today is tomorrow's", () => {
  expect(bestOf("schedule a call at 9")?.parameters.start_date).toBe("2026-11-25 09:00");
  expect(bestOf("schedule a call at 11")?.parameters.start_date).toBe("2026-11-24 11:00");
  expect(bestOf("schedule a call in two hours")?.parameters.start_date).toBe("2026-11-24 12:00");
});

test("a part of a day is no time of an event", () => {
  const best = bestOf("schedule a meeting with Bob on Friday afternoon");
  expect([best?.parameters.start_date, best?.missing]).toEqual([undefined, ["start_date"]]);
});

/** What nobody can know is named, and not guessed. */
test.each([
  ["send an email to Ada about lunch saying see you", ["to"]],
  ["what's the weather here", ["location"]],
  ["find a pharmacy near me", ["near"]],
  ["where's the nearest pharmacy", ["near"]],
  ["route from here to Potsdam", ["origin"]],
  ["when is Bob free tomorrow", ["attendees"]],
  ["cancel my reservation at Rules", ["booking_id"]],
  ["move my dentist appointment to Friday at 4 pm", ["event_id"]],
])("%p misses %p", (said, missing) => expect(bestOf(said)?.missing).toEqual(missing));

test("what is quoted and what is to be written asks for nothing", () => {
  const best = bestOf('send ada@example.org an email about "cancel my table" saying what is the weather in Oslo');
  expect([best?.action.id, best?.parameters]).toEqual([
    "send",
    { to: ["ada@example.org"], subject: "cancel my table", body: "what is the weather in Oslo" },
  ]);
});

test("a tool that does not say how it is asked for is hinted at by its own words", () => {
  const found = createInterpreter([echo])("please say it again", now);
  expect(found.map(({ tool, missing }) => [tool.id, missing])).toEqual([["echo", ["text"]]]);
});

/** What would be said, or done, by mistake. */
test.each([
  ["what did @grace write", "slack_personal read"],
  ["has +447700900101 sent anything", "whatsapp_personal read"],
  ["message #ops: what is the weather in Oslo", "slack_personal send"],
  ["text +447700900101 what is the weather in Oslo", "whatsapp_personal send"],
  ["email ada@example.com that Slack is down", "email_personal send"],
  ["note that the WhatsApp number has changed", "notes add"],
  ["find Slack messages about the outage", "slack_personal search"],
])("%p is %s", (said, meant) => {
  const best = bestOf(said);
  expect(`${best?.tool.id} ${best?.action.id}`).toBe(meant);
});

test.each([
  ["send @ada a message on Slack", { to: "@ada" }, ["text"]],
  ["tell @ada lunch at one on Slack", { to: "@ada", text: "lunch at one" }, []],
  ["say hello in #general", { to: "#general", text: "hello" }, []],
  ["write a WhatsApp to +1 202 555 0147: the flight is late", { to: "+12025550147", text: "the flight is late" }, []],
] as const)("%p gives %p and misses %p", (said, parameters, missing) => {
  const best = bestOf(said);
  expect([best?.parameters, best?.missing]).toEqual([parameters, [...missing]]);
});

test("an order to end something is no wish to see it", () => {
  expect((bestOf("delete my LinkedIn account")?.score ?? 0) < sureScore).toBe(true);
});

const vocabulary = [...new Set([...first, ...second, ...third, ...unseen].flatMap(([said]) => said.split(" ")))];
const speech = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        ...vocabulary,
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        '"',
        "99",
        "half",
        "past",
      ),
      { maxLength: 40 },
    )
    .map((words) => words.join(" ")),
);

test("any text: no throw, the same answer twice, parameters that the schema takes, own keys only", () => {
  fc.assert(
    fc.property(speech, (said) => {
      const found = interpret(said, now);
      expect(createInterpreter(tools)(said, now).map(({ parameters, score }) => [parameters, score])).toEqual(
        found.map(({ parameters, score }) => [parameters, score]),
      );
      expect(found.length).toBeLessThanOrEqual(3);
      for (const { action, parameters, missing, score } of found) {
        expect(score >= 0 && score <= 1).toBe(true);
        for (const [name, value] of Object.entries(parameters)) {
          expect(Object.hasOwn(action.input.properties, name)).toBe(true);
          const schema = action.input.properties[name];
          expect(schema && Value.Check(schema, value)).toBe(true);
        }
        for (const name of action.input.required ?? [])
          expect(Object.hasOwn(parameters, name) || missing.includes(name)).toBe(true);
        expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
      }
    }),
    { numRuns: 300 },
  );
});

test("no day lies in the past, whenever and wherever it is said", () => {
  const days = fc.date({ min: new Date("2024-01-01"), max: new Date("2032-12-31"), noInvalidDate: true });
  const zones = fc.constantFrom("Europe/Oslo", "America/New_York", "Pacific/Apia", "Asia/Kolkata");
  const said = fc.constantFrom(
    "on Friday",
    "next monday",
    "on the 5th of december",
    "tonight",
    "on the 29th of february",
    "in a week",
    "on 2020-01-01",
    "yesterday",
  );
  fc.assert(
    fc.property(days, zones, said, (day, zone, when) => {
      const at = Temporal.Instant.fromEpochMilliseconds(day.getTime()).toZonedDateTimeISO(zone);
      const { date } = bestOf(`book a table at Rules ${when} at seven`, at)?.parameters ?? {};
      expect(date === undefined || String(date) >= at.toPlainDate().toString()).toBe(true);
    }),
    { numRuns: 200 },
  );
});
