import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import fc from "fast-check";
import { checkParameters } from "../../src/core/parameters.ts";

const schema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 5 }),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9, default: 3 })),
    ratio: Type.Optional(Type.Number()),
    flag: Type.Optional(Type.Boolean()),
    list: Type.Optional(Type.Array(Type.String(), { maxItems: 2 })),
    unit: Type.Optional(Type.Union([Type.Literal("a"), Type.Literal("b")])),
    mail: Type.Optional(Type.String({ format: "email" })),
    who: Type.Optional(Type.Object({ age: Type.Number() }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);

const rows: [given: unknown, problems: string[]][] = [
  [{}, ["Missing required parameter: name"]],
  [{ name: 5 }, ["Parameter name must be a string"]],
  [{ name: "" }, ["Parameter name must not be empty"]],
  [{ name: "abcdef" }, ["Parameter name must have at most 5 characters"]],
  [{ name: "x", count: "many" }, ["Parameter count must be a number"]],
  [{ name: "x", count: 1.5 }, ["Parameter count must be a whole number"]],
  [{ name: "x", count: 0 }, ["Parameter count must be at least 1"]],
  [{ name: "x", count: 10 }, ["Parameter count must be at most 9"]],
  [{ name: "x", ratio: "1" }, ["Parameter ratio must be a number"]],
  [{ name: "x", flag: "yes" }, ["Parameter flag must be a boolean"]],
  [{ name: "x", list: "one" }, ["Parameter list must be an array"]],
  [{ name: "x", list: ["1", 2] }, ["Parameter list[1] must be a string"]],
  [{ name: "x", list: ["1", "2", "3"] }, ["Parameter list must have at most 2 items"]],
  [{ name: "x", unit: "c" }, ["Parameter unit must be one of: a, b"]],
  [{ name: "x", unit: null }, ["Parameter unit must be one of: a, b"]],
  [{ name: "x", mail: "nobody" }, ["Parameter mail must be a valid email"]],
  [{ name: "x", who: {} }, ["Missing required parameter: who.age"]],
  [{ name: "x", who: { age: 1, hat: 2 } }, ["Unknown parameter: who.hat"]],
  [[], ["The parameters must be a JSON object"]],
  [null, ["The parameters must be a JSON object"]],
  ["text", ["The parameters must be a JSON object"]],
];

describe("checkParameters", () => {
  test.each(rows)("%j", (given, problems) => {
    expect(checkParameters(schema, given)).toEqual({ ok: false, problems });
  });

  test("names an unknown parameter and the known ones", () => {
    const checked = checkParameters(schema, { name: "x", colour: "red" });
    expect(checked.ok ? [] : checked.problems).toEqual([
      "Unknown parameter: colour (known: name, count, ratio, flag, list, unit, mail, who)",
    ]);
  });

  test("names all problems at once", () => {
    const checked = checkParameters(schema, { count: "x", unit: "z", extra: 1 });
    expect(checked.ok ? [] : checked.problems).toHaveLength(4);
  });

  test("fills defaults in: the user's before the schema's, and never over what was given", () => {
    expect(checkParameters(schema, { name: "x" })).toEqual({ ok: true, value: { name: "x", count: 3 } });
    expect(checkParameters(schema, { name: "x" }, { count: 7 })).toEqual({ ok: true, value: { name: "x", count: 7 } });
    expect(checkParameters(schema, { name: "x", count: 2 }, { count: 7 })).toMatchObject({ value: { count: 2 } });
  });

  test("a user's setting that is no parameter is left out", () => {
    expect(checkParameters(schema, { name: "x" }, { theme: "dark" })).toMatchObject({ ok: true });
  });

  test("names from Object.prototype are unknown like any other", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      const given = JSON.parse(`{"name":"x",${JSON.stringify(name)}:1}`);
      expect(checkParameters(schema, given).ok).toBe(false);
    }
  });

  test("never throws, and never lets an unknown name through", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const checked = checkParameters(schema, given);
        if (checked.ok) for (const name of Object.keys(checked.value)) expect(name in schema.properties).toBe(true);
        else expect(checked.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
