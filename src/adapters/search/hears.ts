import type { Hearing } from "../../core/hearing.ts";

/** How a search of the web is asked for; a bare question only hints at it. */
export const hearsSearch: Hearing = {
  says: [
    "search|look|browse web|internet|online|net",
    "google|web_search|websearch|search_the_web",
    "look_up|search_for|search_up|look_online",
    "find|search|get|show|read news|article|articles|information|info|reviews|recipe|recipes|tutorial|facts",
    "search",
    "?who|why",
    "?what_is|what_are|what's|what_was|what_does|how_does|how_do|how_many|how_much|how_tall|how_old|when_did|when_was|when_is|where_does|who's|what_year|which",
    "?news|find_out|tell_me_about|latest_on|information|info",
  ],
  slots: {
    num_results: { as: "count", after: ["top", "first"], units: ["results", "hits", "links"] },
    query: {
      as: "text",
      after: [
        "search the web for",
        "search the internet for",
        "search online for",
        "search on the web for",
        "search the net for",
        "look online for",
        "web search for",
        "google for",
        "google",
        "search up",
        "look up",
        "search for",
        "information about",
        "information on",
        "info about",
        "info on",
        "articles on",
        "articles about",
        "tell me about",
        "find out",
        "look for",
        "search",
        "find me",
        "find",
      ],
      rest: true,
      otherwise: "whole",
    },
  },
};
