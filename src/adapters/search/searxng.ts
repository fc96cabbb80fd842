import { listIn, notUnderstood, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import type { Hit } from "./results.ts";
import type { Search } from "./search.ts";

const provider = "SearXNG";

/** An instance of one's own. https://docs.searxng.org/dev/search_api.html; it gives a page of results, however many. */
export const searchSearxng: Search = async (query, { http, config, signal }) => {
  try {
    const answer = await http.json({
      provider,
      url: under(config.SEARXNG_URL ?? "", "/search"),
      query: { q: query, format: "json" },
      deadlineMs: 8_000,
      signal,
      cache: 300,
      keep: (json) => listIn(json, "results") !== undefined,
      refusal: (_status, json) => enginesDown(json),
    });
    return { provider, hits: parseSearxng(answer.json), cached: answer.cached };
  } catch (error) {
    if (!(error instanceof AppError) || error.metadata.upstream_status !== 403) throw error;
    throw new AppError("upstream_rejected", `${provider} answered 403: it gives no JSON, or not to this computer`, {
      hint: "On that server, add json to search.formats in settings.yml.",
      metadata: error.metadata,
      cause: error,
    });
  }
};

/** An empty page of an instance whose engines did not answer is no answer. */
export function enginesDown(json: unknown): AppError | undefined {
  const results = listIn(json, "results");
  const down = listIn(json, "unresponsive_engines") ?? [];
  if (!results || results.length > 0 || down.length === 0) return undefined;
  const names = down.map((each) => String(Array.isArray(each) ? each[0] : each)).slice(0, 5);
  return new AppError(
    "upstream_rejected",
    `${provider} found nothing, and ${printable(names.join(", "))} did not answer it`,
    {
      hint: "Look at the engines of that server.",
      metadata: { provider },
    },
  );
}

/** @throws AppError upstream_rejected */
export function parseSearxng(json: unknown): Hit[] {
  const results = listIn(json, "results");
  if (!results) throw notUnderstood(provider);
  return results.map((result) => ({
    title: textIn(result, "title"),
    url: textIn(result, "url"),
    snippet: textIn(result, "content"),
  }));
}
