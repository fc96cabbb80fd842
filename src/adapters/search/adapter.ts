import { defineAdapter } from "../../core/adapter.ts";
import { webSearch } from "./web-search.ts";

export const search = defineAdapter({
  service: "web_search",
  name: "Web search",
  config: [
    "SEARXNG_URL",
    "SEARCH_API_KEY",
    "SEARCH_PROVIDER",
    "TAVILY_BASE_URL",
    "BRAVE_BASE_URL",
    "WIKIPEDIA_BASE_URL",
  ],
  tools: [webSearch],
});
