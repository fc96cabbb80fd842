import { listIn, notUnderstood, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import { plainText } from "./plain-text.ts";
import type { Hit } from "./results.ts";
import type { Search } from "./search.ts";

const provider = "Brave Search";

/** Needs a key. https://api-dashboard.search.brave.com/app/documentation; its terms forbid keeping answers. */
export const searchBrave: Search = async (query, { http, config, signal }) => {
  const answer = await http.json({
    provider,
    url: under(config.BRAVE_BASE_URL ?? "https://api.search.brave.com", "/res/v1/web/search"),
    query: { q: query, count: 20, result_filter: "web", text_decorations: false },
    headers: { "x-subscription-token": config.SEARCH_API_KEY ?? "" },
    deadlineMs: 8_000,
    signal,
    // The smallest plan takes one request a second.
    pace: { everyMs: 1_000 },
    accept: (status) => [400, 401, 402, 403, 422].includes(status),
    refusal: (status, json) => (status >= 400 ? refusedByBrave(status, json) : undefined),
  });
  return {
    provider,
    hits: parseBrave(answer.json),
    cached: false,
    attribution: "Powered by Brave Search",
    sourceUrl: "https://search.brave.com/",
  };
};

/** A refusal in Brave's own words. A bad key is answered with 422. */
export function refusedByBrave(status: number, json: unknown): AppError {
  const error = recordIn(json, "error");
  const metadata = { provider, upstream_status: status };
  if (textIn(error, "code") === "SUBSCRIPTION_TOKEN_INVALID" || status === 401) {
    return new AppError("upstream_rejected", `${provider} refused the key`, {
      hint: "Check SEARCH_API_KEY: mcqueen settings",
      metadata,
    });
  }
  const said = textIn(error, "detail");
  const isUsedUp = status === 402;
  return new AppError(
    isUsedUp ? "rate_limited" : "upstream_rejected",
    `${provider} answered ${status}${said ? `: ${printable(said)}` : ""}`,
    { hint: isUsedUp ? "The plan is used up." : "Check what the key's plan includes, or try other words.", metadata },
  );
}

/** `web` is absent when nothing was found. @throws AppError upstream_rejected */
export function parseBrave(json: unknown): Hit[] {
  if (!isRecord(json) || json.type !== "search") throw notUnderstood(provider);
  if (json.web === undefined || json.web === null) return [];
  const results = listIn(json.web, "results");
  if (!results) throw notUnderstood(provider);
  return results.map((result) => ({
    title: plain(textIn(result, "title")),
    url: textIn(result, "url"),
    snippet: plain(textIn(result, "description")),
  }));
}

const plain = (text: string | undefined): string | undefined => (text === undefined ? undefined : plainText(text));
