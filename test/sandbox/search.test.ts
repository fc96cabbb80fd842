import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { findPages, highlight } from "../../src/sandbox/search/find.ts";
import { pages } from "../../src/sandbox/search/pages.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

type Asked = { path: string; headers?: Record<string, string>; body?: unknown };
const ask = async (setting: string, { path, headers = {}, body }: Asked) => {
  const response = await fetch(`${sandbox.baseUrls[setting]}${path}`, {
    headers: { "user-agent": "mcqueen/test", ...headers },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
};

const bearer = { authorization: "Bearer tvly-sandbox-key" };
const keyless = { "x-tavily-access-mode": "keyless" };
const token = { "x-subscription-token": "sandbox-key" };
const web = "/res/v1/web/search";
const wiki = "/w/api.php?action=query&list=search&format=json";

describe("the stand-ins are as strict as the services", () => {
  const rows: [setting: string, asked: Asked, status: number, body: unknown][] = [
    ["SEARXNG_URL", { path: "/search?q=jazz&format=json" }, 200, { query: "jazz", unresponsive_engines: [] }],
    ["SEARXNG_URL", { path: "/search?q=jazz" }, 200, expect.stringContaining("<!doctype html>")],
    ["SEARXNG_URL", { path: "/search?q=jazz&format=csv" }, 403, expect.stringContaining("Forbidden")],
    ["SEARXNG_URL", { path: "/search?format=json" }, 400, { error: "No query" }],
    ["SEARXNG_URL", { path: "/search?q=jazz&format=json&count=3" }, 400, { error: "unknown parameter count" }],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: { query: "jazz" } }, 200, { query: "jazz" }],
    ["TAVILY_BASE_URL", { path: "/search", headers: keyless, body: { query: "jazz" } }, 200, { answer: null }],
    [
      "TAVILY_BASE_URL",
      { path: "/search", body: { query: "jazz" } },
      401,
      { detail: { error: "Unauthorized: missing or invalid API key." } },
    ],
    [
      "TAVILY_BASE_URL",
      { path: "/search", headers: { ...keyless, authorization: "Bearer tvly-wrong" }, body: { query: "jazz" } },
      401,
      { detail: {} },
    ],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: {} }, 422, { detail: [{ loc: ["body", "query"] }] }],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: { query: " " } }, 400, { detail: {} }],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: { query: "x".repeat(401) } }, 400, { detail: {} }],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: { query: "x", max_results: 21 } }, 422, {}],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer, body: { query: "x", api_key: "k" } }, 422, {}],
    ["TAVILY_BASE_URL", { path: "/search", headers: bearer }, 404, { detail: "Not Found" }],
    ["BRAVE_BASE_URL", { path: `${web}?q=jazz`, headers: token }, 200, { type: "search", web: { type: "search" } }],
    ["BRAVE_BASE_URL", { path: `${web}?q=jazz` }, 422, { error: { code: "VALIDATION" }, type: "ErrorResponse" }],
    [
      "BRAVE_BASE_URL",
      { path: `${web}?q=jazz`, headers: { "x-subscription-token": "other" } },
      422,
      { error: { code: "SUBSCRIPTION_TOKEN_INVALID" } },
    ],
    ["BRAVE_BASE_URL", { path: web, headers: token }, 422, { error: { code: "VALIDATION" } }],
    ["BRAVE_BASE_URL", { path: `${web}?q=jazz&count=21`, headers: token }, 422, { error: { code: "VALIDATION" } }],
    ["BRAVE_BASE_URL", { path: `${web}?q=jazz&num=2`, headers: token }, 422, { error: { code: "VALIDATION" } }],
    ["BRAVE_BASE_URL", { path: `${web}?q=${"a+".repeat(51)}`, headers: token }, 422, { error: {} }],
    [
      "BRAVE_BASE_URL",
      { path: `${web}?q=jazz&extra_snippets=true`, headers: token },
      400,
      { error: { code: "OPTION_NOT_IN_PLAN" } },
    ],
    ["WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=jazz` }, 200, { query: { search: [{ title: "Jazz" }] } }],
    ["WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=` }, 200, { error: { code: "missingparam" } }],
    ["WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=jazz&srlimit=0` }, 200, { error: { code: "badinteger" } }],
    ["WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=jazz&limit=5` }, 200, { error: { code: "badparameter" } }],
    ["WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=${"x".repeat(301)}` }, 200, { error: {} }],
    [
      "WIKIPEDIA_BASE_URL",
      { path: `${wiki}&srsearch=jazz`, headers: { "user-agent": "" } },
      403,
      expect.stringContaining("user-agent"),
    ],
  ];
  test.each(rows)("%s %j answers %d", async (setting, asked, status, body) => {
    const answer = await ask(setting, asked);
    expect(answer.status).toBe(status);
    expect({ body: answer.body }).toMatchObject({ body });
  });

  test("nothing found: Brave leaves `web` out, the others give an empty list", async () => {
    const q = "qwxlorbia";
    expect((await ask("BRAVE_BASE_URL", { path: `${web}?q=${q}`, headers: token })).body.web).toBeUndefined();
    expect((await ask("SEARXNG_URL", { path: `/search?q=${q}&format=json` })).body.results).toEqual([]);
    expect((await ask("WIKIPEDIA_BASE_URL", { path: `${wiki}&srsearch=${q}` })).body.query.search).toEqual([]);
  });
});

describe("the sandbox's web", () => {
  test("knows what people try, each page once, with an article for most of it", () => {
    expect(new Set(pages.map(({ url }) => url)).size).toBe(pages.length);
    expect(pages.length).toBeGreaterThan(40);
    for (const { url, text } of pages) expect([new URL(url).protocol, text.length > 40]).toEqual(["https:", true]);
    const queries = ["best pizza in Naples", "sqlite wal", "what to do in Oslo", "heat pump cost", "chess openings"];
    for (const query of queries) expect(findPages(query).length).toBeGreaterThan(1);
  });

  test("makes up what it does not know, says so, and gives the same again", async () => {
    const path = "/search?q=zorblax%20trumpets&format=json";
    const { body } = await ask("SEARXNG_URL", { path });
    expect(body.results).toHaveLength(5);
    for (const { content } of body.results) expect(content).toStartWith("The sandbox made up this page about");
    expect((await ask("SEARXNG_URL", { path })).body).toEqual(body);
  });

  test("marks the words of a query, and nothing inside a tag", () => {
    expect(highlight('Jazz & "jazz"', "jazz amp", "<b>", "</b>")).toBe("<b>Jazz</b> &amp; &quot;<b>jazz</b>&quot;");
  });
});
