import type { Provider } from "../../core/provider.ts";

type Config = Readonly<Record<string, string | undefined>>;

/** Whose key SEARCH_API_KEY is: as SEARCH_PROVIDER says, or else as it begins. */
const keyOwner = ({ SEARCH_PROVIDER: named, SEARCH_API_KEY: key }: Config): string =>
  named ?? (key?.startsWith("tvly-") ? "tavily" : "brave");

const declinesUnless = (owner: string, other: string) => (config: Config) =>
  keyOwner(config) === owner ? undefined : `is not asked: SEARCH_API_KEY is for ${other}`;

/** Who is behind web_search, in the order in which they are asked. */
export const searchProviders: readonly Provider[] = [
  { id: "searxng", name: "SearXNG", needs: "SEARXNG_URL" },
  { id: "tavily", name: "Tavily", needs: "SEARCH_API_KEY", declines: declinesUnless("tavily", "Brave Search") },
  { id: "brave", name: "Brave Search", needs: "SEARCH_API_KEY", declines: declinesUnless("brave", "Tavily") },
  { id: "tavily_keyless", name: "Tavily (keyless)" },
  { id: "wikipedia", name: "Wikipedia" },
];
