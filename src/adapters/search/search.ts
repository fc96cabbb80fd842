import { invalidParameters } from "../../core/errors.ts";
import { askProviders, type Fallthrough } from "../../core/provider.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { searchProviders } from "./providers.ts";
import { type Hit, mergeHits } from "./results.ts";

/** What one provider found, and what its terms want said. */
export interface Found {
  provider: string;
  hits: Hit[];
  cached: boolean;
  attribution?: string;
  sourceUrl?: string;
}

/** @throws AppError upstream_rejected, upstream_unavailable, timeout, rate_limited */
export type Search = (query: string, context: ToolContext) => Promise<Found>;

/**
 * Asks the providers in turn until one answers; that it found nothing is an answer too.
 * @throws AppError invalid_parameters for a text of blanks; with the most telling failure when none answers
 */
export async function searchWeb(given: string, most: number, context: ToolContext): Promise<ToolResult> {
  const query = given.trim().toWellFormed();
  if (query === "") throw invalidParameters(["Parameter query must not be empty"]);
  const failed: Fallthrough[] = [];
  context.progress("Searching");
  const { provider, hits, cached, attribution, sourceUrl } = await askProviders<Found>(
    searchProviders,
    {
      searxng: async () => (await import("./searxng.ts")).searchSearxng(query, context),
      tavily: async () => (await import("./tavily.ts")).searchTavily(query, context),
      brave: async () => (await import("./brave.ts")).searchBrave(query, context),
      tavily_keyless: async () => (await import("./tavily.ts")).searchTavilyKeyless(query, context),
      wikipedia: async () => (await import("./wikipedia.ts")).searchWikipedia(query, context),
    },
    context,
    {
      failed,
      problem: "The web could not be searched",
      hint: "Check the network connection, then try again. Who is asked: mcqueen show web_search",
    },
  );
  return {
    data: { query, results: mergeHits(hits, most) },
    metadata: {
      provider,
      tried: [...failed.map((each) => each.provider), provider],
      cached,
      untrusted: ["title", "snippet"],
      ...(attribution ? { attribution } : {}),
      ...(sourceUrl ? { source_url: sourceUrl } : {}),
      ...(failed.length > 0 ? { failed_providers: failed } : {}),
    },
  };
}
