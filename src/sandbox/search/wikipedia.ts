import type { Upstream } from "../upstream.ts";
import { findPages, highlight, numberFor, strangerIn } from "./find.ts";
import { type Page, pages } from "./pages.ts";

const site = "https://en.wikipedia.org";
const articles = pages.filter(({ url }) => url.startsWith(site));
const parameters = [
  "action",
  "format",
  "list",
  "srsearch",
  "srlimit",
  "sroffset",
  "srprop",
  "srnamespace",
  "srwhat",
  "srsort",
  "meta",
  "siprop",
  "redirects",
];

const refusal = (code: string, info: string): unknown => ({
  error: {
    code,
    info,
    "*": `See ${site}/w/api.php for API usage. Subscribe to the mediawiki-api-announce mailing list at &lt;https://lists.wikimedia.org/postorius/lists/mediawiki-api-announce.lists.wikimedia.org/&gt; for notice of API deprecations and breaking changes.`,
  },
  servedby: "mw-api-ext.eqiad.main-sandbox",
});

/** Refusals come with HTTP 200. */
const refuse = (code: string, info: string): Response => Response.json(refusal(code, info));

export const wikipedia: Upstream = {
  id: "wikipedia",
  setting: "WIKIPEDIA_BASE_URL",
  failure: (status) => refusal("internal_api_error", `The service answers ${status}`),
  answer(request, path, query) {
    if (path !== "/w/api.php" || request.method !== "GET") return new Response("Not found", { status: 404 });
    const isUnnamed = !request.headers.get("user-agent")?.includes("mcqueen");
    if (isUnnamed) return new Response("Please set a user-agent and respect our robot policy", { status: 403 });
    const stranger = strangerIn(query, parameters);
    if (stranger !== undefined) return refuse("badparameter", `Unrecognized parameter: ${stranger}.`);
    if (query.get("action") !== "query" || query.get("list") !== "search" || query.get("format") !== "json")
      return refuse("badvalue", 'Unrecognized value for parameter "action": the sandbox knows list=search alone.');
    if (query.get("srwhat") === "title") return refuse("search-title-disabled", '"title" search is disabled.');
    const q = query.get("srsearch") ?? "";
    if (q.trim() === "") return refuse("missingparam", 'The "srsearch" parameter must be set.');
    if (q.length > 300)
      return refuse(
        "cirrussearch-query-too-long",
        `Search request is longer than the maximum allowed length. (Actual: ${q.length}; allowed: 300)`,
      );
    const limit = Number(query.get("srlimit") ?? 10);
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      return refuse("badinteger", `Invalid value "${query.get("srlimit")}" for integer parameter "srlimit".`);
    return Response.json(answerTo(q, findPages(q, articles), limit, query));
  },
};

function answerTo(q: string, found: readonly Page[], limit: number, query: URLSearchParams): unknown {
  const isWhole = query.get("srprop") !== "snippet";
  return {
    batchcomplete: "",
    ...(found.length > limit ? { continue: { sroffset: limit, continue: "-||" } } : {}),
    query: {
      ...(query.get("meta") === "siteinfo"
        ? { general: { sitename: "Wikipedia", server: "//en.wikipedia.org", articlepath: "/wiki/$1", lang: "en" } }
        : {}),
      searchinfo: { totalhits: found.length },
      search: found.slice(0, limit).map(({ title, text }) => ({
        ns: 0,
        title,
        pageid: 10_000 + numberFor(title),
        ...(isWhole ? { size: text.length * 90, wordcount: text.split(" ").length * 80 } : {}),
        snippet: highlight(text, q, '<span class="searchmatch">', "</span>"),
        ...(isWhole ? { timestamp: "2026-03-25T15:46:00Z" } : {}),
      })),
    },
  };
}
