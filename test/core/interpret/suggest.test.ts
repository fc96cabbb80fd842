import { expect, test } from "bun:test";
import { createSuggest, type SuggestParts } from "../../../src/core/interpret/suggest.ts";
import { adapters, sandboxAdapters } from "../../support/adapters.ts";
import { owner } from "../../support/home.ts";
import { fifth } from "./phrases/fifth.ts";
import { first } from "./phrases/first.ts";
import { fourth } from "./phrases/fourth.ts";
import { second } from "./phrases/second.ts";
import { third } from "./phrases/third.ts";
import { unseen } from "./phrases/unseen.ts";

/** Only what is named can be called; anything else would be a use that nobody allowed. */
function only<T extends object>(allowed: Partial<T>): T {
  return new Proxy(allowed, {
    get: (target, key) => {
      if (Object.hasOwn(target, key)) return Reflect.get(target, key);
      throw new Error(`${String(key)} was used`);
    },
  }) as T;
}

test("no phrase runs an action, looks a login up or writes to a store", async () => {
  const ran: string[] = [];
  const tools = [...adapters, ...sandboxAdapters].flatMap((adapter) =>
    adapter.tools.map((tool) => ({
      ...tool,
      actions: tool.actions.map((action) => ({
        ...action,
        run: () => {
          ran.push(`${tool.id} ${action.id}`);
          throw new Error("run");
        },
      })),
    })),
  );
  const parts: SuggestParts = {
    tools,
    users: only<SuggestParts["users"]>({ profile: async () => ({ zone: "Europe/Oslo" }) }),
    configs: only<SuggestParts["configs"]>({
      get: async () => ({ enabled: true, customSettings: {} }) as never,
    }),
    listTools: async () => [],
    policy: { decide: async () => "allow" },
    restrictions: { check: async () => undefined },
    now: () => new Date("2026-11-24T09:00:00Z"),
  };
  const suggest = createSuggest(parts);
  let proposed = 0;
  for (const [transcript] of [...first, ...second, ...third, ...unseen, ...fourth, ...fifth])
    proposed += (await suggest(owner, { transcript })).proposals.length;
  expect(proposed).toBeGreaterThan(400);
  expect(ran).toEqual([]);
});

test.each([
  [{ grant: { tools: ["get_weather"], writes: "deny", destructive: "deny" } }],
  [{ deviceId: "dev_1", bounds: { tools: ["get_weather"], writes: "allow", destructive: "allow" } }],
] as const)("a token and a phone are offered their own tools only", async (more) => {
  const parts: SuggestParts = {
    tools: adapters.flatMap(({ tools }) => tools),
    users: only<SuggestParts["users"]>({ profile: async () => ({}) }),
    configs: only<SuggestParts["configs"]>({ get: async () => ({ enabled: true, customSettings: {} }) as never }),
    listTools: async () => [],
    policy: { decide: async () => "allow" },
    restrictions: { check: async () => undefined },
    now: () => new Date("2026-11-24T09:00:00Z"),
  };
  const suggest = createSuggest(parts);
  const by = { ...owner, ...more };
  expect((await suggest(by, { transcript: "search the web for bees" })).proposals).toEqual([]);
  expect((await suggest(by, { transcript: "what's the weather in Oslo" })).proposals[0]?.tool).toBe("get_weather");
});
