import { expect, test } from "bun:test";
import { Kind, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { compile, fits } from "../../src/core/fits.ts";
import { adapters, sandboxAdapters } from "../support/adapters.ts";

const schemas: [name: string, schema: TSchema][] = [...adapters, ...sandboxAdapters]
  .flatMap(({ tools }) => tools)
  .flatMap(({ id, settings, actions }) => {
    const all: [string, TSchema | undefined][] = [[`${id} settings`, settings]];
    for (const action of actions)
      all.push([`${id} ${action.id} input`, action.input], [`${id} ${action.id} output`, action.output]);
    return all.filter((each): each is [string, TSchema] => each[1] !== undefined);
  });

/** Values that come near: the schema's own names with anything behind them. */
function nearTo(schema: TSchema): fc.Arbitrary<unknown> {
  const names = Object.keys((schema.properties as object | undefined) ?? {});
  const word = fc.oneof(fc.string(), fc.constantFrom("2026-11-25", "a@example.org", "Oslo", "metric", "https://x.org"));
  const value = fc.oneof(
    word,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(word),
    fc.anything(),
  );
  const record = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  return fc.oneof(record, fc.anything());
}

test.each(schemas)("%s, compiled, says the same as interpreted", async (_name, schema) => {
  const checker = { check: (_value: unknown): boolean => false };
  expect(await compile(schema, checker)).toBe(true);
  fc.assert(
    fc.property(nearTo(schema), (value) => checker.check(value) === Value.Check(schema, value)),
    { numRuns: 60 },
  );
});

test("the answer stays the same while a schema is compiled, and after", async () => {
  const schema = Type.Object({ count: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });
  const told = new Set<string>();
  for (let round = 0; round < 1_000; round++) {
    told.add([{ count: 1 }, { count: 0 }, { count: 1, more: 1 }, "x"].map((value) => fits(schema, value)).join());
    if (round % 100 === 0) await Bun.sleep(0);
  }
  expect([...told]).toEqual(["true,false,false,false"]);
});

test("a schema that the compiler does not know goes on to be interpreted", async () => {
  const schema = { [Kind]: "Nobody's" } as unknown as TSchema;
  const checker = { check: (_value: unknown): boolean => true };
  expect([await compile(schema, checker), checker.check(1)]).toEqual([false, true]);
});
