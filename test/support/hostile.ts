import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../src/core/tool.ts";

/** What a mail or a web page may hold to trick whoever shows it. */
const tricks = {
  markup: `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script><b>bold</b>`,
  turned: "invoice\u202egpj.exe\u2066\u200b",
  control: "a\u0000b\u001b[31mred",
  long: "x".repeat(100_000),
  __proto__: { polluted: true },
  deep: { a: { b: { c: { d: { e: { f: { g: { h: "deep" } } } } } } } },
  many: Array.from({ length: 500 }, (_, at) => `item ${at}`),
};

/** A search whose results are as bad as the web can be, under the id that has a view of its own. */
export const hostileSearch = defineTool({
  id: "web_search",
  name: "Hostile <b>search</b>",
  description: "Finds <script>window.pwned=1</script> tricks.",
  category: "search",
  accessLevel: "public",
  service: "toy",
  examples: [],
  actions: [
    defineAction({
      id: "search",
      description: "Search",
      effect: "read",
      input: Type.Object({}, { additionalProperties: false }),
      output: Type.Unknown(),
      run: async () => ({
        data: {
          query: tricks.markup,
          results: [
            { title: tricks.markup, url: "javascript:window.pwned=1", snippet: tricks.turned },
            { title: "data", url: "data:text/html,<script>opener.pwned=1</script>", snippet: tricks.long },
            { title: { not: "text" }, url: 5, snippet: null },
            { title: "good", url: "https://example.org/", snippet: tricks.control },
          ],
        },
        metadata: { provider: tricks.markup, source_url: "javascript:window.pwned=1", attribution: tricks.markup },
      }),
    }),
  ],
});

/** A tool without a view: its results are shown as an outline. */
export const hostileOutline = defineTool({
  id: "tricks",
  name: "Tricks",
  description: "Gives tricks.",
  category: "notes",
  accessLevel: "public",
  service: "toy",
  examples: [],
  actions: [
    defineAction({
      id: "go",
      description: "Go",
      effect: "read",
      input: Type.Object({}, { additionalProperties: false }),
      output: Type.Unknown(),
      run: async () => ({ data: tricks, metadata: { provider: "Toy" } }),
    }),
  ],
});
