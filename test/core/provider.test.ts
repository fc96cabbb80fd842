import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { AppError, type ErrorCode } from "../../src/core/errors.ts";
import { checkParameters } from "../../src/core/parameters.ts";
import { askProviders, type Fallthrough, type Provider, rankProviders } from "../../src/core/provider.ts";
import { freshHealth, type ProviderHealth } from "../../src/core/provider-health.ts";
import { listProviders, listToolProviders } from "../../src/core/provider-listing.ts";
import { defineTool } from "../../src/core/tool.ts";
import { echo } from "../support/toys.ts";

const providers: readonly Provider[] = [
  { id: "keyed", name: "Keyed", needs: "KEY", declines: ({ KEY }) => (KEY === "other" ? "declines it" : undefined) },
  { id: "open", name: "Open" },
  { id: "spare", name: "Spare" },
];
const tool = (more: Partial<typeof echo> = {}) => defineTool({ ...echo, providers, ...more });

describe("the order of providers", () => {
  const rows: [order: unknown, config: Record<string, string>, asked: string[]][] = [
    [undefined, {}, ["open", "spare"]],
    [undefined, { KEY: "k" }, ["keyed", "open", "spare"]],
    [undefined, { KEY: "other" }, ["open", "spare"]],
    [undefined, { KEY: "" }, ["open", "spare"]],
    [["spare"], { KEY: "k" }, ["spare", "keyed", "open"]],
    [["spare", "open", "keyed"], { KEY: "k" }, ["spare", "open", "keyed"]],
    [["keyed", "spare"], {}, ["spare", "open"]],
    [["gone"], {}, ["open", "spare"]],
    ["spare", {}, ["open", "spare"]],
  ];
  test.each(rows)("%j with %j: %j", (order, config, asked) => {
    const ranked = rankProviders(providers, { config, settings: { provider_order: order } });
    expect(ranked.filter(({ obstacle }) => obstacle === undefined).map(({ provider }) => provider.id)).toEqual(asked);
  });

  const settings: [given: unknown, problems: string[]][] = [
    [["spare", "open"], []],
    [[], []],
    [["spare", "spare"], ["Setting provider_order must name each only once"]],
    [["nobody"], ["Setting provider_order[0] must be one of: keyed, open, spare"]],
    ["spare", ["Setting provider_order must be an array"]],
  ];
  test.each(settings)("the setting %j: %j", (given, problems) => {
    const checked = checkParameters(tool().settings ?? Type.Object({}), { provider_order: given }, {}, "setting");
    expect(checked.ok ? [] : checked.problems).toEqual(problems);
  });

  test("is a setting beside the tool's own, and only where one stands in for another", () => {
    expect(Object.keys(tool().settings?.properties ?? {})).toEqual(["times", "provider_order"]);
    const parts = [
      { id: "a", name: "A", part: "one" },
      { id: "b", name: "B", part: "two" },
    ];
    expect(Object.keys(tool({ providers: parts }).settings?.properties ?? {})).toEqual(["times"]);
    const { settings, ...bare } = echo;
    expect(settings).toBeDefined();
    expect(defineTool({ ...bare, providers }).settings?.additionalProperties).toBe(false);
  });

  const bad: [of: Provider[], fault: string][] = [
    [[{ id: "A b", name: "A" }], "a provider's id must match"],
    [[providers[1], providers[1]] as Provider[], "two providers share an id"],
    [
      [
        { id: "a", name: "A" },
        { id: "b", name: "A" },
      ],
      "two providers share a name",
    ],
  ];
  test.each(bad)("%j stops the program: %s", (of, fault) => {
    expect(() => tool({ providers: of })).toThrow(fault);
  });
});

describe("asking in turn", () => {
  const choice = { config: { KEY: "k" }, settings: {}, signal: new AbortController().signal };
  const options = (failed: Fallthrough[] = []) => ({ failed, problem: "Nothing was found", hint: "Try later." });
  const failing = (code: ErrorCode, retryAfterS?: number) => async (): Promise<string> => {
    throw new AppError(code, `no: ${code}`, retryAfterS ? { retryAfterS } : {});
  };

  test("the first that answers wins, and those before it are told", async () => {
    const failed: Fallthrough[] = [];
    const ask = { keyed: failing("timeout"), open: async () => "open", spare: async () => "spare" };
    expect(await askProviders(providers, ask, choice, options(failed))).toBe("open");
    expect(failed).toEqual([{ provider: "Keyed", code: "timeout", reason: "no: timeout" }]);
  });

  const codes: [a: ErrorCode, b: ErrorCode, told: ErrorCode][] = [
    ["timeout", "timeout", "timeout"],
    ["timeout", "upstream_unavailable", "upstream_unavailable"],
    ["rate_limited", "timeout", "rate_limited"],
    ["timeout", "rate_limited", "upstream_rejected"],
    ["upstream_rejected", "timeout", "upstream_rejected"],
  ];
  test.each(codes)("%s and %s are %s together", async (a, b, told) => {
    const ask = { keyed: failing(a, 7), open: failing(b), spare: failing(b) };
    const error = await askProviders(providers, ask, choice, options()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: told,
      message: `Nothing was found: Keyed: no: ${a}; Open: no: ${b}; Spare: no: ${b}`,
      hint: "Try later.",
      retryAfterS: told === "rate_limited" ? 7 : undefined,
    });
  });

  test.each(["not_found", "invalid_parameters", "unavailable"] as const)("%s ends it at once", async (code) => {
    const ask = { keyed: failing(code), open: async () => "open", spare: async () => "spare" };
    await expect(askProviders(providers, ask, choice, options())).rejects.toMatchObject({ code });
  });

  test("when nobody can be asked, the setting is named", async () => {
    const ask = { keyed: async () => "keyed" };
    const asking = askProviders(providers.slice(0, 1), ask, { ...choice, config: {} }, options());
    await expect(asking).rejects.toMatchObject({
      code: "not_configured",
      message: "Nothing was found: Keyed needs the setting KEY",
      hint: "Run: mcqueen settings set KEY -",
    });
  });
});

describe("what is told of providers", () => {
  const now = new Date("2026-03-10T12:00:00Z");
  const at = new Date("2026-03-10T11:00:00Z");
  const until = new Date("2026-03-10T12:00:20Z");
  const lastFailure = { at: now, code: "timeout" as const, reason: "too slow" };
  const facts = (health: ProviderHealth, config: Record<string, string> = { KEY: "k" }) => ({
    config,
    unreadable: new Set<string>(),
    health: new Map([["Keyed", health]]),
    now,
  });

  const states: [health: ProviderHealth, config: Record<string, string>, state: string][] = [
    [freshHealth, { KEY: "k" }, "unused"],
    [freshHealth, {}, "no_key"],
    [freshHealth, { KEY: "other" }, "no_key"],
    [{ failures: 0, lastSuccessAt: at }, { KEY: "k" }, "ok"],
    [{ failures: 1, lastSuccessAt: at, lastFailure }, { KEY: "k" }, "failing"],
    [{ failures: 0, lastSuccessAt: now, lastFailure: { ...lastFailure, at } }, { KEY: "k" }, "ok"],
    [{ failures: 0, lastFailure }, { KEY: "k" }, "failing"],
    [{ failures: 5, lastFailure, openUntil: until }, { KEY: "k" }, "open"],
    [{ failures: 5, lastFailure, openUntil: at }, { KEY: "k" }, "failing"],
  ];
  test.each(states)("%j with %j is %s", (health, config, state) => {
    expect(listProviders([tool()], facts(health, config))[0]).toMatchObject({ id: "keyed", state, needs: "KEY" });
  });

  test("a service behind two tools is told once", () => {
    const listed = listProviders([tool(), tool({ id: "echo2", providers: providers.slice(1, 2) })], facts(freshHealth));
    expect(listed.map(({ id, tools }) => [id, tools])).toEqual([
      ["keyed", ["echo"]],
      ["open", ["echo", "echo2"]],
      ["spare", ["echo"]],
    ]);
  });

  test("a key in a vault that does not open is told as such", () => {
    const shut = { ...facts(freshHealth, {}), unreadable: new Set(["KEY"]) };
    const obstacle = "needs the setting KEY, and the vault does not open";
    expect(listProviders([tool()], shut)[0]).toMatchObject({ state: "no_key", obstacle });
    expect(listToolProviders(tool(), {}, shut)[0]).toMatchObject({ ready: false, why: obstacle });
  });

  test("why each would be asked, or not", () => {
    const why = (health: ProviderHealth, config: Record<string, string>, order: string[] = []) =>
      listToolProviders(tool(), { provider_order: order }, facts(health, config)).map(({ id, ready, why: told }) =>
        [id, ready ? "yes" : "no", told].join(" "),
      );
    expect(why(freshHealth, {}, ["spare"])).toEqual([
      "spare yes is asked first, as provider_order says",
      "keyed no needs the setting KEY",
      "open yes is asked when Spare fails",
    ]);
    expect(why({ failures: 6, lastFailure, openUntil: until }, { KEY: "k" })).toEqual([
      "keyed no is left alone until 2026-03-10T12:00:20.000Z: it failed 6 times in a row (too slow)",
      "open yes is asked first",
      "spare yes is asked when Open fails",
    ]);
  });
});
