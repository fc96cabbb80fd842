import { parseBrave, refusedByBrave } from "../../src/adapters/search/brave.ts";
import { type Hit, mergeHits } from "../../src/adapters/search/results.ts";
import { enginesDown, parseSearxng } from "../../src/adapters/search/searxng.ts";
import { parseTavily, refusedByTavily } from "../../src/adapters/search/tavily.ts";
import { parseWikipedia, refusedByWikipedia } from "../../src/adapters/search/wikipedia.ts";
import type { AppError } from "../../src/core/errors.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const hits =
  (parse: (json: unknown) => Hit[], count: number, first?: { url: string; begins: string }) =>
  (json: unknown): string => {
    const results = mergeHits(parse(json), 20);
    must(results.length === count, `understood ${results.length} results`);
    const [best] = results;
    if (first) {
      must(best?.url === first.url, `the first is ${best?.url}`);
      must(best?.snippet.startsWith(first.begins) === true, `it begins with ${best?.snippet.slice(0, 60)}`);
    }
    must(!/<\/?(span|strong)|&(quot|amp|lt|gt|#\d+);/.test(JSON.stringify(results)), "there is markup left");
    return `${count} results${best ? `, ${best.title} first` : ""}`;
  };

const refused =
  (understand: (json: unknown) => AppError | undefined, expected: RegExp) =>
  (json: unknown): string => {
    const error = understand(json);
    must(error !== undefined && expected.test(`${error.code}: ${error.message}`), String(error));
    return String(error?.message);
  };

/** The web search and the news search of Brave tell each page in the same way. */
const news = (json: unknown): Hit[] => parseBrave({ type: "search", web: json });

const tavily = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { authorization: "Bearer tvly-sandbox-key", ...headers },
  body: JSON.stringify(body),
});

const get = async (sandbox: Sandbox, setting: string, path: string, init: RequestInit = {}): Promise<unknown> => {
  const headers = { "user-agent": "mcqueen/check", ...(init.headers as Record<string, string>) };
  return (await fetch(`${sandbox.baseUrls[setting]}${path}`, { ...init, headers })).json();
};

const failing = (sandbox: Sandbox, upstream: string, status: number): void =>
  sandbox.fail(upstream, { kind: "status", status, times: 1 });

const wiki = "/w/api.php?action=query&list=search&format=json&srsearch=";
const python = {
  url: "https://en.wikipedia.org/wiki/Python_(programming_language)",
  begins: "Python is a high-level, general-purpose programming language.",
};

export const search: RecordedAdapter = {
  name: "search",
  folders: ["searxng", "tavily", "brave", "wikipedia"],
  files: {
    "searxng/search_infobox_suggestions.json": (json) => {
      must(enginesDown(json) === undefined, "taken for an answer of nobody");
      return hits(parseSearxng, 2, {
        url: "https://ja.wikipedia.org/wiki/%E3%82%A2%E3%83%80%E3%83%A0%E3%83%BB%E3%83%A9%E3%82%AF%E3%82%B9%E3%83%9E%E3%83%B3",
        begins: "アダム・キリロヴィチ・ラクスマン",
      })(json);
    },
    "tavily/error_401_bad_key.json": refused((json) => refusedByTavily("Tavily", 401, json), /refused the key$/),
    "tavily/error_429_documented.json": refused((json) => refusedByTavily("Tavily", 429, json), /excessive requests/),
    "tavily/error_432_plan_limit.json": refused(
      (json) => refusedByTavily("Tavily", 432, json),
      /^rate_limited: Tavily answered 432: This request exceeds/,
    ),
    "tavily/search_basic.json": hits(parseTavily, 5),
    "tavily/search_include_domains.json": hits(parseTavily, 5),
    "tavily/search_max_results_2_domain.json": hits(parseTavily, 2, {
      url: "https://arxiv.org/abs/2601.03329",
      begins: "by H Hays",
    }),
    "brave/error_400_option_not_in_plan.json": refused((json) => refusedByBrave(400, json), /not included in the plan/),
    "brave/error_422_bad_token.json": refused((json) => refusedByBrave(422, json), /refused the key$/),
    "brave/error_429_rate_limited_free_plan.json": refused((json) => refusedByBrave(429, json), /limit exceeded/),
    "brave/news_search_hello_world.json": hits(news, 20, {
      url: "https://www.npr.org/sections/world/",
      begins: "NPR world news",
    }),
    "wikipedia/search_error_http200.json": refused(refusedByWikipedia, /"title" search is disabled/),
    "wikipedia/search_limit3_continue.json": hits(parseWikipedia, 3, python),
    "wikipedia/search_nearmatch_empty_snippet.json": hits(parseWikipedia, 1),
    "wikipedia/search_no_result.json": hits(parseWikipedia, 0),
    "wikipedia/search_prop_snippet_only.json": hits(parseWikipedia, 10, python),
  },
  standIns: [
    {
      files: ["searxng/search_infobox_suggestions.json"],
      // The recorded instance is a fork that says "no answer" as a null.
      ask: async (sandbox) => ({
        ...((await get(sandbox, "SEARXNG_URL", "/search?q=python&format=json")) as object),
        answers: [null],
      }),
    },
    {
      files: [
        "tavily/search_basic.json",
        "tavily/search_include_domains.json",
        "tavily/search_max_results_2_domain.json",
      ],
      ask: (sandbox) => get(sandbox, "TAVILY_BASE_URL", "/search", tavily({ query: "python" })),
    },
    {
      files: ["tavily/error_401_bad_key.json"],
      exact: true,
      ask: (sandbox) =>
        get(sandbox, "TAVILY_BASE_URL", "/search", tavily({ query: "x" }, { authorization: "Bearer tvly-other" })),
    },
    ...([429, 432] as const).map((status) => ({
      files: [`tavily/error_${status === 429 ? "429_documented" : "432_plan_limit"}.json`],
      exact: true as const,
      ask: (sandbox: Sandbox) => {
        failing(sandbox, "tavily", status);
        return get(sandbox, "TAVILY_BASE_URL", "/search", tavily({ query: "x" }));
      },
    })),
    {
      files: ["brave/error_422_bad_token.json"],
      exact: true,
      ask: (sandbox) =>
        get(sandbox, "BRAVE_BASE_URL", "/res/v1/web/search?q=x", {
          headers: { "x-subscription-token": "invalid-key" },
        }),
    },
    {
      files: ["brave/error_400_option_not_in_plan.json"],
      exact: true,
      ask: (sandbox) =>
        get(sandbox, "BRAVE_BASE_URL", "/res/v1/web/search?q=x&extra_snippets=true", {
          headers: { "x-subscription-token": "sandbox-key" },
        }),
    },
    {
      files: ["brave/error_429_rate_limited_free_plan.json"],
      exact: true,
      ask: (sandbox) => {
        failing(sandbox, "brave", 429);
        return get(sandbox, "BRAVE_BASE_URL", "/res/v1/web/search?q=x");
      },
    },
    {
      files: ["wikipedia/search_limit3_continue.json"],
      ask: (sandbox) => get(sandbox, "WIKIPEDIA_BASE_URL", `${wiki}programming&srlimit=1`),
    },
    {
      files: ["wikipedia/search_no_result.json"],
      exact: true,
      ask: (sandbox) => get(sandbox, "WIKIPEDIA_BASE_URL", `${wiki}qwxlorbia`),
    },
    {
      files: ["wikipedia/search_error_http200.json"],
      ask: (sandbox) => get(sandbox, "WIKIPEDIA_BASE_URL", `${wiki}x&srwhat=title`),
    },
  ],
};
