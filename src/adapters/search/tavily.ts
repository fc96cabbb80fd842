import { listIn, notUnderstood, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import type { Hit } from "./results.ts";
import type { Found, Search } from "./search.ts";

const keyed = "Tavily";
const keyless = "Tavily (keyless)";

/** Needs a key. https://docs.tavily.com/documentation/api-reference/endpoint/search */
export const searchTavily: Search = (query, context) =>
  ask(keyed, query, { authorization: `Bearer ${context.config.SEARCH_API_KEY}` }, context);

/** Free, with a limit by address. https://docs.tavily.com/documentation/keyless */
export const searchTavilyKeyless: Search = (query, context) =>
  ask(keyless, query, { "x-tavily-access-mode": "keyless" }, context);

async function ask(
  provider: string,
  query: string,
  headers: Record<string, string>,
  { http, config, signal }: ToolContext,
): Promise<Found> {
  const answer = await http.json({
    provider,
    url: under(config.TAVILY_BASE_URL ?? "https://api.tavily.com", "/search"),
    method: "POST",
    idempotent: true,
    // The most that is allowed: the price is the same, and the kept answer serves any number.
    body: { query, max_results: 20 },
    headers,
    deadlineMs: 8_000,
    signal,
    cache: 300,
    accept: (status) => [400, 401, 403, 422, 432, 433].includes(status),
    keep: (json) => listIn(json, "results") !== undefined,
    refusal: (status, json) => (status >= 400 ? refusedByTavily(provider, status, json) : undefined),
  });
  return { provider, hits: parseTavily(answer.json, provider), cached: answer.cached };
}

/** A refusal in Tavily's own words: `detail.error`, or a list of what is wrong with the request. */
export function refusedByTavily(provider: string, status: number, json: unknown): AppError {
  const said = textIn(recordIn(json, "detail"), "error");
  const metadata = { provider, upstream_status: status };
  if (status === 401) {
    return new AppError("upstream_rejected", `${provider} refused the key`, {
      hint: "Check SEARCH_API_KEY: mcqueen settings",
      metadata,
    });
  }
  const isUsedUp = status === 432 || status === 433;
  return new AppError(
    isUsedUp ? "rate_limited" : "upstream_rejected",
    `${provider} answered ${status}${said ? `: ${printable(said)}` : ""}`,
    { hint: isUsedUp ? "The plan is used up; its page at Tavily says until when." : "Try other words.", metadata },
  );
}

/** @throws AppError upstream_rejected */
export function parseTavily(json: unknown, provider: string = keyed): Hit[] {
  const results = listIn(json, "results");
  if (!results) throw notUnderstood(provider);
  return results.map((result) => ({
    title: textIn(result, "title"),
    url: textIn(result, "url"),
    snippet: textIn(result, "content"),
  }));
}
