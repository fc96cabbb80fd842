import { createInterpreter } from "../../src/core/interpret/interpret.ts";
import { adapters } from "../support/adapters.ts";

/** As long as a transcript may be, of what makes rules repeat themselves. */
const hostile = [
  "a",
  "to ",
  "+1 ",
  "#a ",
  '"a ',
  "a.b@",
  "a dot b at c dot ",
  "half past ",
  "a week from ",
  "one hundred ",
  "1.1 , 1.1 ",
  "saying that ",
  "email mail send ",
  "from 1 to 2 until 3 ",
  "::: ",
  "\u0301",
  "😀",
  "\0",
  "\ud800",
  "don't ",
].map((piece) => piece.repeat(1_000).slice(0, 1_000));

export interface InterpretBench {
  usual_ms: number;
  worst_ms: number;
  worst: string;
}

/** How long the slowest hostile transcript takes, and a usual one, each the median of its runs. */
export function measureInterpret(runs = 20): InterpretBench {
  const interpret = createInterpreter(adapters.flatMap(({ tools }) => tools));
  const now = Temporal.ZonedDateTime.from("2026-11-24T10:00[Europe/Oslo]");
  const median = (said: string): number => {
    const took = Array.from({ length: runs }, () => {
      const from = performance.now();
      interpret(said, now);
      return performance.now() - from;
    });
    return took.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  };
  const [worst] = hostile.map((said) => ({ said, ms: median(said) })).sort((a, b) => b.ms - a.ms);
  return {
    usual_ms: median("book a table for two at Chez Marie in Paris on Friday at half past seven"),
    worst_ms: worst?.ms ?? 0,
    worst: worst?.said.slice(0, 20) ?? "",
  };
}
