import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { search } from "../../../src/adapters/search/adapter.ts";
import { SearchSchema } from "../../../src/adapters/search/results.ts";
import { webSearch } from "../../../src/adapters/search/web-search.ts";
import { AppError } from "../../../src/core/errors.ts";
import { checkParameters } from "../../../src/core/parameters.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext, createMapCache, createTestClient, userAgent } from "../../support/context.ts";
import { providerFaults } from "../../support/provider-faults.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

interface Given {
  order?: string[];
  key?: string;
  owner?: string;
  searxng?: boolean;
}

async function run(
  parameters: Record<string, unknown>,
  { order, key, owner, searxng = true }: Given = {},
  more: Partial<ToolContext> = {},
) {
  const [action] = webSearch.actions;
  if (!action) throw new Error("web_search has no action");
  const { SEARXNG_URL, ...urls } = sandbox.baseUrls;
  const config = {
    ...urls,
    ...(searxng ? { SEARXNG_URL } : {}),
    SEARCH_API_KEY: key,
    SEARCH_PROVIDER: owner,
  };
  const settings = order ? { provider_order: order } : {};
  const { data, metadata } = await action.run(parameters, createContext({ config, settings, ...more }));
  return { data: data as { query: string; results: { title: string; url: string; snippet: string }[] }, metadata };
}

const tavilyKey = "tvly-sandbox-key";
const braveKey = "sandbox-key";
const query = "mars rover";

describe("who is asked", () => {
  const rows: [given: Given, provider: string][] = [
    [{}, "SearXNG"],
    [{ key: tavilyKey }, "SearXNG"],
    [{ searxng: false, key: tavilyKey }, "Tavily"],
    [{ searxng: false, key: braveKey }, "Brave Search"],
    [{ searxng: false, key: braveKey, owner: "brave" }, "Brave Search"],
    [{ searxng: false }, "Tavily (keyless)"],
    [{ order: ["wikipedia"] }, "Wikipedia"],
    [{ order: ["brave", "tavily_keyless"] }, "Tavily (keyless)"],
    [{ order: ["brave"], key: braveKey }, "Brave Search"],
    [{ order: ["tavily"], key: braveKey }, "SearXNG"],
  ];
  test.each(rows)("%j: %s answers", async (given, provider) => {
    const { data, metadata } = await run({ query }, given);
    expect(metadata).toMatchObject({ provider, tried: [provider], cached: false });
    expect(Value.Check(SearchSchema, data)).toBe(true);
    expect(data.results[0]?.title).toBe("Curiosity (rover)");
    expect(JSON.stringify(data)).not.toMatch(/<|&\w+;/);
  });

  test("each as it wants to be asked", async () => {
    await run({ query });
    await run({ query }, { searxng: false, key: tavilyKey });
    await run({ query }, { searxng: false, key: braveKey });
    await run({ query }, { searxng: false });
    await run({ query }, { order: ["wikipedia"] });
    expect(sandbox.requests).toMatchObject([
      { upstream: "searxng", path: "/search", query: { q: query, format: "json" } },
      { upstream: "tavily", method: "POST", headers: { authorization: `Bearer ${tavilyKey}` } },
      {
        upstream: "brave",
        path: "/res/v1/web/search",
        query: { q: query, count: "20", result_filter: "web", text_decorations: "false" },
        headers: { "x-subscription-token": braveKey, accept: "application/json" },
      },
      { upstream: "tavily", method: "POST", headers: { "x-tavily-access-mode": "keyless" } },
      { upstream: "wikipedia", query: { srsearch: query, srlimit: "20" }, headers: { "user-agent": userAgent } },
    ]);
    expect(sandbox.requests[3]?.headers.authorization).toBeUndefined();
    for (const { query: sent } of sandbox.requests) expect(JSON.stringify(sent)).not.toContain("key");
  });

  test("Wikipedia's licence and address are told, and its articles lie where it says", async () => {
    const { data, metadata } = await run({ query: "climate change" }, { order: ["wikipedia"] });
    expect(metadata).toMatchObject({
      attribution: "Text from Wikipedia, CC BY-SA 4.0",
      source_url: "https://en.wikipedia.org/",
    });
    expect(data.results[0]).toEqual({
      title: "Climate change",
      url: "https://en.wikipedia.org/wiki/Climate_change",
      snippet:
        "Present-day climate change includes both global warming and its wider effects on Earth's climate system.",
    });
  });

  test("the number of results, and that nothing found is an answer", async () => {
    expect((await run({ query: "guide", num_results: 1 })).data.results).toHaveLength(1);
    expect((await run({ query: "the real sandbox zorblax", num_results: 20 })).data.results).toHaveLength(5);
    for (const given of [{}, { searxng: false, key: braveKey }, { searxng: false }, { order: ["wikipedia"] }]) {
      const { data, metadata } = await run({ query: "qwxlorbia" }, given);
      expect(data.results).toEqual([]);
      expect(metadata.failed_providers).toBeUndefined();
    }
  });

  test("a second question is answered from the cache, whatever the number; Brave's answers are not kept", async () => {
    const http = createTestClient({ cache: createMapCache() });
    expect((await run({ query }, {}, { http })).metadata.cached).toBe(false);
    expect((await run({ query, num_results: 1 }, {}, { http })).metadata.cached).toBe(true);
    expect(sandbox.requests).toHaveLength(1);
    await run({ query }, { searxng: false }, { http });
    expect((await run({ query }, { searxng: false }, { http })).metadata.cached).toBe(true);
    expect((await run({ query: "chess" }, { searxng: false }, { http })).metadata.cached).toBe(false);
    const cache = createMapCache();
    await run({ query }, { order: ["brave"], key: braveKey }, { http: createTestClient({ cache }) });
    expect(cache.kept.size).toBe(0);
  });
});

describe("when providers fail", () => {
  const faults: (typeof providerFaults)[number][] = [
    ...providerFaults,
    [{ kind: "status", status: 403 }, "upstream_rejected"],
  ];
  const chain: [given: Given, upstream: string, failed: string, next: string][] = [
    [{}, "searxng", "SearXNG", "Tavily (keyless)"],
    [{ searxng: false, key: braveKey }, "brave", "Brave Search", "Tavily (keyless)"],
    [{ searxng: false }, "tavily", "Tavily (keyless)", "Wikipedia"],
    [{ order: ["wikipedia"] }, "wikipedia", "Wikipedia", "SearXNG"],
  ];
  const rows = chain.flatMap((each) => faults.map((fault) => [...fault, ...each] as const));
  test.each(rows)("%j (%s) with %j at %s: %s is told, %s answers", async (fault, code, given, upstream, name, next) => {
    sandbox.fail(upstream, fault);
    const { data, metadata } = await run({ query }, given, { http: createTestClient({ deadlineMs: 300 }) });
    expect(metadata).toMatchObject({
      provider: next,
      tried: [name, next],
      failed_providers: [{ provider: name, code }],
    });
    expect(data.results.length).toBeGreaterThan(0);
    expect(metadata.untrusted).toEqual(["title", "snippet"]);
  });

  test.each(faults)("%j everywhere: one failure names each provider", async (fault, code) => {
    for (const upstream of ["searxng", "tavily", "brave", "wikipedia"]) sandbox.fail(upstream, fault);
    const http = createTestClient({ deadlineMs: 150 });
    const error = await run({ query }, { key: tavilyKey }, { http }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    const names = ["SearXNG", "Tavily", "Tavily (keyless)", "Wikipedia"];
    expect(error).toMatchObject({
      code,
      hint: expect.any(String),
      metadata: { failed_providers: names.map((provider) => ({ provider })) },
    });
    expect(String(error)).toMatch(/The web could not be searched: .*SearXNG.*; .*Tavily.*; .*Wikipedia/);
  });

  const refusals: [given: Given, reason: string][] = [
    [{ searxng: false, key: "tvly-wrong-key-0123" }, "Tavily refused the key"],
    [{ searxng: false, key: "wrong-key-0123" }, "Brave Search refused the key"],
    [{ searxng: false, key: braveKey, owner: "tavily" }, "Tavily refused the key"],
  ];
  test.each(refusals)("%j: %s, and another answers", async (given, reason) => {
    const { metadata } = await run({ query }, given);
    expect(metadata.provider).toBe("Tavily (keyless)");
    expect(metadata.failed_providers).toMatchObject([{ code: "upstream_rejected", reason }]);
    expect(JSON.stringify(metadata)).not.toContain(given.key ?? "");
  });

  test("a used-up plan is a limit", async () => {
    sandbox.fail("tavily", { kind: "status", status: 432, times: 1 });
    const { metadata } = await run({ query }, { searxng: false, key: tavilyKey });
    expect(metadata.failed_providers).toEqual([
      {
        provider: "Tavily",
        code: "rate_limited",
        reason: "Tavily answered 432: This request exceeds your plan's set usage limit.",
      },
    ]);
  });

  test("a query that is too long for Wikipedia is refused in its own words", async () => {
    const error = await run({ query: "a ".repeat(180) }, { order: ["wikipedia"], searxng: false }).catch(String);
    expect(error).toMatchObject({ metadata: { provider: "Tavily (keyless)" } });
    expect(JSON.stringify(error)).toContain("Wikipedia refused the request: Search request is longer");
  });

  test("an instance without JSON is told how to give it, one without engines does not count", async () => {
    const strange = (body: unknown, status = 200) =>
      Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json(body, { status }) });
    await using shut = strange({}, 403);
    const config = { ...sandbox.baseUrls, SEARXNG_URL: String(shut.url) };
    const first = await run({ query }, {}, { config });
    expect(first.metadata.failed_providers).toMatchObject([{ reason: expect.stringContaining("it gives no JSON") }]);
    await using idle = strange({
      query,
      results: [],
      unresponsive_engines: [
        ["google", "timeout"],
        ["bing", "x"],
      ],
    });
    const second = await run({ query }, {}, { config: { ...config, SEARXNG_URL: String(idle.url) } });
    expect(second.metadata.failed_providers).toMatchObject([
      { reason: "SearXNG found nothing, and google, bing did not answer it" },
    ]);
  });

  test("nobody else is asked once the caller has gone", async () => {
    sandbox.fail("searxng", { kind: "timeout" });
    const controller = new AbortController();
    const gone = new AppError("timeout", "The caller went away");
    const running = run({ query }, {}, { signal: controller.signal });
    while (sandbox.requests.length === 0) await Bun.sleep(1);
    controller.abort(gone);
    await expect(running).rejects.toBe(gone);
    expect(sandbox.requests).toHaveLength(1);
  });
});

describe("what is asked", () => {
  const bad: [parameters: Record<string, unknown>, problem: string][] = [
    [{}, "Missing required parameter: query"],
    [{ query: "" }, "Parameter query must not be empty"],
    [{ query: "x".repeat(401) }, "Parameter query must have at most 400 characters"],
    [{ query: "x", num_results: 0 }, "Parameter num_results must be at least 1"],
    [{ query: "x", num_results: 21 }, "Parameter num_results must be at most 20"],
    [{ query: "x", num_results: 2.5 }, "Parameter num_results must be a whole number"],
    [{ query: "x", lang: "en" }, "Unknown parameter: lang (known: query, num_results)"],
  ];
  test.each(bad)("%j: %s", (parameters, problem) => {
    const [action] = webSearch.actions;
    expect(checkParameters(action?.input as never, parameters)).toEqual({ ok: false, problems: [problem] });
  });

  test("blanks are no query, and cost no request", async () => {
    await expect(run({ query: " \t " })).rejects.toMatchObject({ code: "invalid_parameters" });
    expect(sandbox.requests).toEqual([]);
  });

  test("any text reaches every provider as it is, and the answer is in form", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== ""),
        fc.constantFrom("searxng", "tavily_keyless", "wikipedia"),
        async (text, first) => {
          const { data } = await run({ query: text }, { order: [first] });
          expect(Value.Check(SearchSchema, data)).toBe(true);
          expect(data.query).toBe(text.trim());
          const { query: sent } = sandbox.requests.at(-1) ?? {};
          if (first !== "tavily_keyless") expect(sent?.q ?? sent?.srsearch).toBe(text.trim());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("any JSON from every provider gives results in form or an AppError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (json) => {
        const http = { json: async () => ({ status: 200, headers: new Headers(), json, cached: false }) };
        try {
          expect(Value.Check(SearchSchema, (await run({ query }, {}, { http })).data)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("every setting that a provider needs is one that the adapter reads", () => {
    for (const { needs } of webSearch.providers ?? []) if (needs) expect(search.config).toContain(needs);
  });
});
