import type { Upstream } from "../upstream.ts";
import { highlight, strangerIn, webOn } from "./find.ts";
import type { Page } from "./pages.ts";

const key = "sandbox-key";
const parameters = [
  "q",
  "country",
  "search_lang",
  "ui_lang",
  "count",
  "offset",
  "safesearch",
  "freshness",
  "text_decorations",
  "spellcheck",
  "result_filter",
  "extra_snippets",
  "summary",
];

const refusal = (status: number, code: string, detail: string, meta: unknown): unknown => ({
  error: { code, detail, meta, status },
  type: "ErrorResponse",
});

const limited = {
  error: {
    code: "RATE_LIMITED",
    detail: "Request rate limit exceeded for plan",
    meta: { plan: "Free", rate_limit: 1, rate_current: 1, quota_limit: 2000, quota_current: 1883 },
  },
};

export const brave: Upstream = {
  id: "brave",
  setting: "BRAVE_BASE_URL",
  failure: (status) =>
    status === 429 ? limited : refusal(status, "INTERNAL", `The service answers ${status}`, { component: "search" }),
  answer(request, path, query) {
    if (path !== "/res/v1/web/search" || request.method !== "GET")
      return Response.json(refusal(404, "NOT_FOUND", "Not found", { component: "router" }), { status: 404 });
    const token = request.headers.get("x-subscription-token");
    if (token === null) return invalid("missing", ["header", "x-subscription-token"], "Field required");
    if (token !== key) {
      const body = refusal(422, "SUBSCRIPTION_TOKEN_INVALID", "The provided subscription token is invalid.", {
        component: "authentication",
      });
      return Response.json(body, { status: 422 });
    }
    const stranger = strangerIn(query, parameters);
    if (stranger !== undefined)
      return invalid("extra_forbidden", ["query", stranger], "Extra inputs are not permitted");
    if (query.get("extra_snippets") === "true") {
      const body = refusal(400, "OPTION_NOT_IN_PLAN", "The option is not included in the plan.", {
        component: "authentication",
      });
      return Response.json(body, { status: 400 });
    }
    const q = query.get("q") ?? "";
    if (q.trim() === "") return invalid("missing", ["query", "q"], "Field required");
    if (q.length > 400 || q.trim().split(/\s+/).length > 50)
      return invalid("string_too_long", ["query", "q"], "String should have at most 400 characters and 50 words");
    const count = Number(query.get("count") ?? 20);
    if (!Number.isInteger(count) || count < 1 || count > 20)
      return invalid("less_than_equal", ["query", "count"], "Input should be less than or equal to 20");
    return Response.json(answerTo(q, webOn(q).slice(0, count), query.get("text_decorations") !== "false"));
  },
};

const invalid = (type: string, loc: string[], msg: string): Response =>
  Response.json(
    refusal(422, "VALIDATION", "Unable to validate request parameter(s)", { errors: [{ type, loc, msg }] }),
    { status: 422 },
  );

/** Without results the real service leaves `web` out. */
function answerTo(q: string, found: readonly Page[], isDecorated: boolean): unknown {
  const [before, after] = isDecorated ? ["<strong>", "</strong>"] : ["", ""];
  const web = {
    type: "search",
    results: found.map(({ title, url, text }) => {
      const { protocol, hostname, pathname } = new URL(url);
      return {
        type: "search_result",
        title: highlight(title, "", "", ""),
        url,
        description: highlight(text, q, before, after),
        is_source_local: false,
        is_source_both: false,
        language: "en",
        family_friendly: true,
        subtype: "generic",
        profile: { name: hostname, url, long_name: hostname, img: "https://imgs.search.brave.com/sandbox" },
        meta_url: {
          scheme: protocol.slice(0, -1),
          netloc: hostname.replace(/^www\./, ""),
          hostname,
          favicon: "https://imgs.search.brave.com/sandbox",
          path: pathname
            .split("/")
            .filter(Boolean)
            .map((part) => ` › ${part}`)
            .join(""),
        },
      };
    }),
    family_friendly: true,
  };
  return {
    type: "search",
    query: { original: q, show_strict_warning: false, spellcheck_off: false, more_results_available: false },
    ...(found.length > 0 ? { web } : {}),
  };
}
