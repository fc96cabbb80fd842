import { type Static, Type } from "@sinclair/typebox";

const ResultSchema = Type.Object({
  title: Type.String({ description: "Plain text on one line" }),
  url: Type.String({ description: "An http or https address" }),
  snippet: Type.String({ description: "An extract as plain text; empty when the provider gave none" }),
});

export const SearchSchema = Type.Object({ query: Type.String(), results: Type.Array(ResultSchema) });

export type SearchResult = Static<typeof ResultSchema>;

/** One hit as a provider told it: anything may be missing. */
export interface Hit {
  title: string | undefined;
  url: string | undefined;
  snippet: string | undefined;
}

const mostSnippet = 500;

/** Good hits in their order, each page once. Of the same page told twice, the first is kept, with the longer extract. */
export function mergeHits(hits: readonly Hit[], most: number): SearchResult[] {
  const merged = new Map<string, SearchResult>();
  for (const { title, url, snippet } of hits) {
    const address = url === undefined ? null : URL.parse(url.trim());
    if (!address || !/^https?:$/.test(address.protocol) || address.username !== "" || address.password !== "") continue;
    const text = shorten(oneLine(snippet ?? ""));
    const key = canonical(address);
    const known = merged.get(key);
    if (!known) merged.set(key, { title: oneLine(title ?? "") || address.host, url: address.href, snippet: text });
    else if (text.length > known.snippet.length) known.snippet = text;
  }
  return [...merged.values()].slice(0, most);
}

const tracking = /^(utm_\w+|gclid|dclid|fbclid|msclkid|yclid|igshid|mc_[ce]id)$/i;

/** The same for all addresses of one page: scheme, www, closing slash, fragment, tracking and order of the query aside. */
export function canonical(address: URL): string {
  const url = new URL(address);
  for (const name of [...url.searchParams.keys()]) if (tracking.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  const host = url.host.replace(/^www\./, "").replace(/\.$/, "");
  const query = url.searchParams.size > 0 ? `?${url.searchParams}` : "";
  return `${host}${url.pathname.replace(/\/+$/, "")}${query}`;
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();

/** Cut at a word's end where there is one, never inside a character. */
function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= mostSnippet) return text;
  const cut = characters.slice(0, mostSnippet - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${space > cut.length / 2 ? cut.slice(0, space) : cut}…`;
}
