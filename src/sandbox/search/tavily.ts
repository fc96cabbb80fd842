import type { Upstream } from "../upstream.ts";
import { numberFor, webOn } from "./find.ts";

const key = "tvly-sandbox-key";
const fields = [
  "query",
  "auto_parameters",
  "topic",
  "search_depth",
  "chunks_per_source",
  "max_results",
  "time_range",
  "start_date",
  "end_date",
  "include_answer",
  "include_raw_content",
  "include_images",
  "include_image_descriptions",
  "include_favicon",
  "include_domains",
  "exclude_domains",
  "country",
  "include_usage",
];

const sentences: Record<number, string> = {
  401: "Unauthorized: missing or invalid API key.",
  429: "Your request has been blocked due to excessive requests. Please reduce rate of requests.",
  432: "This request exceeds your plan's set usage limit.",
};

const refusal = (status: number, error: string = sentences[status] ?? `The service answers ${status}`): unknown => ({
  detail: { error },
});

const refuse = (status: number, error?: string): Response => Response.json(refusal(status, error), { status });

/** Keyed with a bearer, keyless with a header, and one or the other. */
export const tavily: Upstream = {
  id: "tavily",
  setting: "TAVILY_BASE_URL",
  failure: (status) => refusal(status),
  async answer(request, path, query) {
    if (path !== "/search" || request.method !== "POST" || query.size > 0)
      return Response.json({ detail: "Not Found" }, { status: 404 });
    const authorization = request.headers.get("authorization");
    const isKeyless = authorization === null && request.headers.get("x-tavily-access-mode") === "keyless";
    if (!isKeyless && authorization !== `Bearer ${key}`) return refuse(401);
    const body = (await request.json()) as Record<string, unknown>;
    const stranger = Object.keys(body).find((name) => !fields.includes(name));
    if (stranger !== undefined) return invalid(stranger, "extra_forbidden", "Extra inputs are not permitted");
    const { query: text, max_results: most = 5 } = body;
    if (typeof text !== "string") return invalid("query", "missing", "Field required");
    if (text.trim() === "") return refuse(400, "Query is missing.");
    if (text.length > 400) return refuse(400, "Query is too long. Max query length is 400 characters.");
    if (typeof most !== "number" || !Number.isInteger(most) || most < 0 || most > 20)
      return invalid("max_results", "less_than_equal", "Input should be less than or equal to 20");
    return Response.json({
      answer: null,
      follow_up_questions: null,
      images: [],
      query: text,
      request_id: requestId(text),
      response_time: 0.87,
      results: webOn(text)
        .slice(0, most)
        .map((page, at) => ({
          content: page.text,
          raw_content: null,
          score: Math.round((0.95 - at * 0.03) * 1e8) / 1e8,
          title: page.title,
          url: page.url,
        })),
    });
  },
};

const invalid = (name: string, type: string, msg: string): Response =>
  Response.json({ detail: [{ type, loc: ["body", name], msg }] }, { status: 422 });

const requestId = (text: string): string =>
  `${String(numberFor(text)).padStart(8, "0")}-0000-4000-8000-${String(numberFor(`${text} `)).padStart(12, "0")}`;
