import { type Page, pages } from "./pages.ts";

const idle = new Set(["a", "an", "and", "for", "how", "in", "is", "of", "on", "or", "s", "the", "to", "what", "where"]);

const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !idle.has(word));

/** The pages that fit a query, the best first; a word of a title counts more. */
export function findPages(query: string, among: readonly Page[] = pages): Page[] {
  const words = new Set(wordsOf(query));
  return among
    .map((page) => ({ page, fit: fitOf(page, words) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ page }) => page);
}

function fitOf({ title, text }: Page, words: ReadonlySet<string>): number {
  const count = (of: string): number => new Set(wordsOf(of).filter((word) => words.has(word))).size;
  return 3 * count(title) + count(text);
}

/**
 * What the sandbox's web has on a query. Nothing fits a word that no language has; for other queries that it does not
 * know it makes pages up, and each says so.
 */
export function webOn(query: string): Page[] {
  const known = findPages(query);
  if (known.length > 0 || /qwx/i.test(query)) return known;
  const topic = query.trim().slice(0, 60);
  const slug = encodeURIComponent(wordsOf(topic).join("-") || "page").slice(0, 80);
  return ["An overview", "Questions and answers", "News", "A guide for beginners", "The history"].map((kind, at) => ({
    title: `${kind}: ${topic}`,
    url: `https://example.org/sandbox/${slug}/${at + 1}`,
    text: `The sandbox made up this page about ${topic}. The real service would answer with real ones.`,
  }));
}

/** The words of a query inside a text, each with marks around it, and all else safe as HTML. */
export function highlight(text: string, query: string, before: string, after: string): string {
  const words = new Set(wordsOf(query));
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .map((part) => (words.has(part.toLowerCase()) ? `${before}${safe(part)}${after}` : safe(part)))
    .join("");
}

const safe = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The same number for the same text, from 0 up to a million. */
export const numberFor = (text: string): number => Number(BigInt(Bun.hash(text)) % 1_000_000n);

/** A parameter that the service does not know; the real ones mostly ignore it, and a mistake would hide. */
export const strangerIn = (query: URLSearchParams, known: readonly string[]): string | undefined =>
  [...query.keys()].find((name) => !known.includes(name));
