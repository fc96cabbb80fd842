import { listIn, notUnderstood, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import { plainText } from "./plain-text.ts";
import type { Hit } from "./results.ts";
import type { Search } from "./search.ts";

const provider = "Wikipedia";
const defaultBase = "https://en.wikipedia.org";

/** Keyless, for who says who they are. https://www.mediawiki.org/wiki/API:Search; texts are CC BY-SA 4.0. */
export const searchWikipedia: Search = async (query, { http, config, signal }) => {
  const base = config.WIKIPEDIA_BASE_URL ?? defaultBase;
  const answer = await http.json({
    provider,
    url: under(base, "/w/api.php"),
    query: {
      action: "query",
      format: "json",
      list: "search",
      srsearch: query,
      srlimit: 20,
      srprop: "snippet",
      // Where articles live, which need not be where the API is.
      meta: "siteinfo",
      siprop: "general",
    },
    deadlineMs: 8_000,
    signal,
    cache: 300,
    keep: (json) => recordIn(json, "query") !== undefined,
    refusal: (_status, json) => refusedByWikipedia(json),
  });
  const articles = articlesOf(answer.json, base);
  return {
    provider,
    hits: parseWikipedia(answer.json, articles),
    cached: answer.cached,
    attribution: "Text from Wikipedia, CC BY-SA 4.0",
    sourceUrl: new URL("/", articles("")).href,
  };
};

/** Errors come with HTTP 200. */
export function refusedByWikipedia(json: unknown): AppError | undefined {
  const error = recordIn(json, "error");
  if (!error) return undefined;
  const isBusy = ["maxlag", "ratelimited"].includes(textIn(error, "code") ?? "");
  const said = plainText(textIn(error, "info") ?? "no reason given");
  return new AppError(
    isBusy ? "rate_limited" : "upstream_rejected",
    `${provider} refused the request: ${printable(said)}`,
    { hint: isBusy ? "Try again in a minute." : "Try other words.", metadata: { provider } },
  );
}

type Articles = (title: string) => string;

/** The address of an article, as the site itself says it; without that, as Wikipedia's are. */
export function articlesOf(json: unknown, base: string = defaultBase): Articles {
  const general = recordIn(recordIn(json, "query"), "general");
  const [server, path] = [textIn(general, "server"), textIn(general, "articlepath")];
  const told = server && path?.includes("$1") ? `${server.replace(/^\/\//, "https://")}${path}` : undefined;
  const isGood = told !== undefined && /^https?:$/.test(URL.parse(told)?.protocol ?? "");
  const pattern = isGood ? told : under(base, "/wiki/$1");
  return (title) => pattern.replace("$1", () => encodeTitle(title));
}

/** A slash and a colon in a title stay; what would end the path does not. */
const encodeTitle = (title: string): string =>
  encodeURI(title.replaceAll(" ", "_").toWellFormed()).replace(/[?#'&+]/g, (sign) =>
    sign === "'" ? "%27" : encodeURIComponent(sign),
  );

/** @throws AppError upstream_rejected */
export function parseWikipedia(json: unknown, articles: Articles = articlesOf(json)): Hit[] {
  const results = listIn(recordIn(json, "query"), "search");
  if (!results) throw notUnderstood(provider);
  return results.map((result) => {
    const [title, snippet] = [textIn(result, "title"), textIn(result, "snippet")];
    return {
      title,
      url: title === undefined ? undefined : articles(title),
      snippet: snippet === undefined ? undefined : plainText(snippet),
    };
  });
}
