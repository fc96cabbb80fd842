import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkParameters } from "../../src/core/parameters.ts";
import { collect, draftOf } from "../../src/web/form/collect.ts";
import { fieldKind, labelOf, type Schema } from "../../src/web/form/field-kind.ts";
import { adapters, sandboxAdapters } from "../support/adapters.ts";

const text = { type: "string" };
const kinds: [name: string, schema: Schema, kind: string][] = [
  ["date", { type: "string", format: "calendar-date" }, "date"],
  ["time", { type: "string", format: "clock-time" }, "time"],
  ["remind_at", { type: "string", format: "date-time" }, "instant"],
  ["start_date", { type: "string", maxLength: 100 }, "moment"],
  ["units", { anyOf: [{ const: "metric" }, { const: "imperial" }] }, "choice"],
  ["to", { type: "array", items: { type: "string", format: "mail-address" } }, "list"],
  ["reminders", { type: "array", items: { type: "integer" } }, "numbers"],
  ["attachments", { type: "array", items: { type: "object", properties: { content: { format: "base64" } } } }, "files"],
  ["guest", { type: "object", properties: { name: text } }, "group"],
  ["venues", { type: "object" }, "json"],
  ["body", { type: "string", maxLength: 5_000_000 }, "text"],
  ["subject", { type: "string", maxLength: 900, format: "line-of-text" }, "line"],
  ["all", { type: "boolean" }, "switch"],
  ["limit", { type: "integer" }, "number"],
  ["anything", {}, "json"],
];

describe("a form", () => {
  test.each(kinds)("takes %s by the input that suits it", (name, schema, kind) => {
    expect(fieldKind(name, schema) as string).toBe(kind);
  });

  test("has an input for each parameter of every tool", () => {
    for (const tool of [...adapters, ...sandboxAdapters].flatMap(({ tools }) => tools)) {
      for (const { input } of tool.actions) {
        for (const [name, schema] of Object.entries(input.properties)) {
          const kind = fieldKind(name, schema as Schema);
          expect([tool.id, name, kind === "json" && schema.type !== "object"]).toEqual([tool.id, name, false]);
          expect(labelOf(name)).not.toContain("_");
          if (kind === "group") expect((schema as Schema).description).not.toContain("JSON");
        }
      }
    }
  });

  const schema: Schema = {
    type: "object",
    required: ["to", "count"],
    properties: {
      to: { type: "array", items: { type: "string" } },
      count: { type: "integer" },
      at: { type: "string", format: "date-time" },
      reminders: { type: "array", items: { type: "integer" } },
      guest: { type: "object", properties: { name: text, age: { type: "integer" } } },
      venues: { type: "object" },
    },
  };

  test("says what is missing and what is no number, a time or JSON", () => {
    expect(collect(schema, {})).toEqual({ parameters: {}, problems: { to: "To is needed", count: "Count is needed" } });
    const wrong = { to: ["a"], count: "1.5", at: "soon", reminders: "ten", guest: { age: "x" }, venues: "{" };
    expect(collect(schema, wrong).problems).toEqual({
      count: "Count must be a number",
      at: "At must be a day and a time",
      reminders: "Reminders must be numbers, as: 10, 60",
      guest: "Age must be a number",
      venues: "Venues must be JSON",
    });
  });

  test("sends nothing for what was left empty", () => {
    const draft = { to: ["a"], count: "2", at: "", reminders: "", guest: { name: "" }, venues: "" };
    expect(collect(schema, draft)).toEqual({ parameters: { to: ["a"], count: 2 }, problems: {} });
  });

  test("reads out what was put into it", () => {
    const given = fc.record(
      {
        to: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
        count: fc.integer(),
        at: fc
          .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
          .map((date) => `${date.toISOString().slice(0, 16)}:00.000Z`),
        reminders: fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
        guest: fc.record({ name: fc.string({ minLength: 1 }), age: fc.integer() }),
        venues: fc.dictionary(fc.string({ minLength: 1 }), fc.integer(), { noNullPrototype: true }),
      },
      { requiredKeys: ["to", "count"] },
    );
    fc.assert(
      fc.property(given, (parameters) => {
        expect(collect(schema, draftOf(schema, parameters))).toEqual({ parameters, problems: {} });
      }),
      { numRuns: 100 },
    );
  });

  test("what it sends of a booking is what the tool takes", () => {
    const tool = adapters.flatMap(({ tools }) => tools).find(({ id }) => id === "book_restaurant_public");
    const input = tool?.actions.find(({ id }) => id === "book")?.input;
    if (!input) throw new Error("There is no booking");
    const draft = { restaurant_name: "Chez Marie", date: "2026-12-04", time: "19:30", party_size: "2" };
    const { parameters } = collect(input as unknown as Schema, draft);
    expect(checkParameters(input, parameters)).toEqual({ ok: true, value: { ...draft, party_size: 2 } });
  });
});
