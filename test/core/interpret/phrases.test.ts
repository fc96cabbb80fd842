import { describe, expect, test } from "bun:test";
import { createInterpreter, sureScore } from "../../../src/core/interpret/interpret.ts";
import { adapters, sandboxAdapters } from "../../support/adapters.ts";
import { fifth } from "./phrases/fifth.ts";
import { first } from "./phrases/first.ts";
import { fourth } from "./phrases/fourth.ts";
import type { Phrase } from "./phrases/phrase.ts";
import { second } from "./phrases/second.ts";
import { third } from "./phrases/third.ts";
import { unseen } from "./phrases/unseen.ts";

const tools = [...adapters, ...sandboxAdapters].flatMap((adapter) => adapter.tools);
const now = Temporal.ZonedDateTime.from("2026-11-24T10:00[Europe/Oslo]");
const interpret = createInterpreter(tools);

/** Shares of the phrases with the right tool and action, surely; with all parameters right too; and of those that mean nothing. */
function rate(phrases: readonly Phrase[]) {
  const wrong: string[] = [];
  let [meant, hit, whole, quiet] = [0, 0, 0, 0];
  for (const [said, action, parameters = {}] of phrases) {
    const [best] = interpret(said, now);
    const found = best && best.score >= sureScore ? `${best.tool.id} ${best.action.id}` : undefined;
    if (action === undefined) quiet += found === undefined ? 1 : 0;
    else {
      meant += 1;
      hit += found === action ? 1 : 0;
      whole += found === action && Bun.deepEquals(best?.parameters, parameters) ? 1 : 0;
    }
    if (found !== action || (action && !Bun.deepEquals(best?.parameters, parameters)))
      wrong.push(`  ${said} -> ${found} ${JSON.stringify(best?.parameters ?? {})}`);
  }
  return {
    hit: hit / meant,
    whole: whole / meant,
    quiet: quiet / (phrases.length - meant),
    count: phrases.length,
    wrong,
  };
}

const every = [...first, ...second, ...third, ...unseen, ...fourth, ...fifth];
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

describe("spoken phrases", () => {
  test.each([
    ["the first, tuned by", first, 0.99, 0.99, 1],
    ["the second, tuned by", second, 0.99, 0.98, 1],
    ["the third, tuned by", third, 0.99, 0.99, 1],
    ["no word added for", unseen, 0.91, 0.86, 1],
    ["a stranger's, tuned by", fourth, 0.98, 0.96, 1],
    ["messages, no word added for", fifth, 0.95, 0.93, 1],
    ["all", every, 0.98, 0.97, 1],
  ] as const)("%s", (name, phrases, leastHit, leastWhole, leastQuiet) => {
    const { hit, whole, quiet, count, wrong } = rate(phrases);
    process.stderr.write(
      `interpret, ${name} (${count}): tool and action ${percent(hit)}, all parameters ${percent(whole)}, quiet where nothing fits ${percent(quiet)}\n${name === "all" ? "" : wrong.map((line) => `${line}\n`).join("")}`,
    );
    expect({ hit, isEnough: hit >= leastHit }).toEqual({ hit, isEnough: true });
    expect({ whole, isEnough: whole >= leastWhole }).toEqual({ whole, isEnough: true });
    expect({ quiet, isEnough: quiet >= leastQuiet }).toEqual({ quiet, isEnough: true });
  });

  test("there are 200 and more, none twice", () => {
    const all = every.map(([said]) => said.toLowerCase());
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(new Set(all).size).toBe(all.length);
  });

  test.each(tools.flatMap(({ id, examples }) => examples.map((example) => [example, id] as const)))(
    "the example %p means %p",
    (example, id) => {
      const [best, next] = interpret(example, now);
      expect([best?.tool.id, (best?.score ?? 0) >= sureScore]).toEqual([id, true]);
      expect(next === undefined || next.tool.id === id || next.score < (best?.score ?? 0)).toBe(true);
    },
  );
});
