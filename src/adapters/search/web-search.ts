import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../core/tool.ts";
import { hearsSearch } from "./hears.ts";
import { searchProviders } from "./providers.ts";
import { SearchSchema } from "./results.ts";

const strict = { additionalProperties: false };

const NumResults = Type.Integer({ minimum: 1, maximum: 20, description: "How many results at most" });

export const webSearch = defineTool({
  id: "web_search",
  name: "Web Search",
  description: "Searches the web and gives titles, addresses and short extracts.",
  category: "search",
  accessLevel: "public",
  service: "web_search",
  examples: ["Search for the best pizza in Naples", "What is SQLite's write-ahead log?", "Find news about Mars rovers"],
  quotaPerHour: 50,
  settings: Type.Object({ num_results: Type.Optional(NumResults) }, strict),
  providers: searchProviders,
  actions: [
    defineAction({
      id: "search",
      description: "Search the web",
      effect: "read",
      hears: hearsSearch,
      input: Type.Object(
        {
          query: Type.String({ minLength: 1, maxLength: 400, description: "What to look for, in your own words" }),
          num_results: Type.Optional({ ...NumResults, default: 5 }),
        },
        strict,
      ),
      output: SearchSchema,
      async run({ query, num_results = 5 }, context) {
        const { searchWeb } = await import("./search.ts");
        return searchWeb(query, num_results, context);
      },
    }),
  ],
});
