import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

interface Checker {
  uses: number;
  check(value: unknown): boolean;
}

const checkers = new WeakMap<TSchema, Checker>();
/** A command is over long before; a daemon under load is there within a second. */
const usesBeforeCompiling = 200;

/** Whether a value is what the schema says. What is asked for again and again is compiled, by the schema's own library. */
export function fits(schema: TSchema, value: unknown): boolean {
  const checker = checkers.get(schema) ?? { uses: 0, check: (given) => Value.Check(schema, given) };
  if (checker.uses === 0) checkers.set(schema, checker);
  if (++checker.uses === usesBeforeCompiling) void compile(schema, checker);
  return checker.check(value);
}

/** @returns false for a schema that cannot be compiled, which goes on to be interpreted */
export async function compile(schema: TSchema, checker: Pick<Checker, "check">): Promise<boolean> {
  const [{ TypeBoxError }, { TypeCompiler }] = await Promise.all([
    import("@sinclair/typebox"),
    import("@sinclair/typebox/compiler"),
  ]);
  try {
    const compiled = TypeCompiler.Compile(schema);
    checker.check = (value) => compiled.Check(value);
    return true;
  } catch (error) {
    if (error instanceof TypeBoxError) return false;
    throw error;
  }
}
