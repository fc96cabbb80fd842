import type { Upstream } from "../upstream.ts";
import { numberFor, strangerIn, webOn } from "./find.ts";
import type { Page } from "./pages.ts";

const parameters = ["q", "format", "categories", "engines", "language", "pageno", "time_range", "safesearch"];

/** An instance with JSON among its formats. */
export const searxng: Upstream = {
  id: "searxng",
  setting: "SEARXNG_URL",
  failure: (status) => ({ error: `The service answers ${status}` }),
  answer(request, path, query) {
    if (path !== "/search" || request.method !== "GET") return html(404, "Page not found");
    const format = query.get("format") ?? "html";
    if (!["html", "json"].includes(format)) return html(403, "Forbidden");
    if (format === "html") return html(200, "A page for people");
    const stranger = strangerIn(query, parameters);
    if (stranger !== undefined) return Response.json({ error: `unknown parameter ${stranger}` }, { status: 400 });
    const q = query.get("q");
    if (!q?.trim()) return Response.json({ error: "No query" }, { status: 400 });
    const found = webOn(q);
    return Response.json({
      query: q,
      number_of_results: 0,
      results: found.map(resultOf),
      answers: [],
      corrections: [],
      infoboxes: found
        .filter(({ url }) => new URL(url).host === "en.wikipedia.org")
        .slice(0, 1)
        .map(infoboxOf),
      suggestions: found.slice(1, 4).map(({ title }) => title.toLowerCase()),
      unresponsive_engines: [],
    });
  },
};

const html = (status: number, title: string): Response =>
  new Response(`<!doctype html><title>${title}</title>`, { status, headers: { "content-type": "text/html" } });

const infoboxOf = ({ title, url, text }: Page) => ({
  infobox: title,
  id: url,
  content: text,
  img_src: null,
  urls: [{ title: "Wikipedia", url }],
  attributes: [{ label: "Instance of", value: "a page of the sandbox", entity: "P31" }],
  engine: "wikidata",
  engines: ["wikidata"],
});

function resultOf({ title, url, text }: Page, at: number) {
  const { protocol, host, pathname } = new URL(url);
  const engines = ["duckduckgo", "google", "brave"].slice(0, 1 + (numberFor(url) % 3));
  return {
    url,
    title,
    content: text,
    engine: engines[0],
    parsed_url: [protocol.slice(0, -1), host, pathname, "", "", ""],
    template: "default.html",
    engines,
    positions: engines.map(() => at + 1),
    score: engines.length / (at + 1),
    category: "general",
    pretty_url: url.length > 60 ? `${url.slice(0, 30)}[...]${url.slice(-25)}` : url,
  };
}
