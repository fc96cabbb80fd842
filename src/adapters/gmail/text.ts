import { decodeText } from "./charset.ts";
import { headerOf, type Part } from "./message.ts";

/** Turning HTML into text holds up everything else, for half a second at this size and in the worst case. */
const mostHtmlCharacters = 500_000;

export interface CutText {
  text: string;
  truncated: boolean;
}

/** Gives the bytes of a part, from the message or by another request. */
export type Load = (part: Part) => Promise<Uint8Array>;

/** The words of these parts, HTML turned into text, cut at so many characters. */
export async function readText(parts: readonly Part[], load: Load, limit: number): Promise<CutText> {
  const texts: string[] = [];
  let isCut = false;
  for (const part of parts) {
    const decoded = await decodePart(part, load);
    const isLong = decoded.length > mostHtmlCharacters;
    isCut ||= isLong;
    const text = part.type === "text/html" ? await plainText(decoded.slice(0, mostHtmlCharacters)) : decoded;
    if (text.trim() !== "") texts.push(text.trim());
  }
  const { text, truncated } = cut(texts.join("\n\n"), limit);
  return { text, truncated: truncated || isCut };
}

export async function readHtml(parts: readonly Part[], load: Load, limit: number): Promise<CutText> {
  const texts: string[] = [];
  for (const part of parts) texts.push(await decodePart(part, load));
  return cut(texts.join("\n"), limit);
}

const decodePart = async (part: Part, load: Load): Promise<string> =>
  decodeText(await load(part), headerOf(part, "content-type"));

function cut(text: string, limit: number): CutText {
  if (text.length <= limit) return { text, truncated: false };
  // Never through the middle of a character.
  const end = /[\ud800-\udbff]/.test(text[limit - 1] ?? "") ? limit - 1 : limit;
  return { text: text.slice(0, end), truncated: true };
}

async function plainText(html: string): Promise<string> {
  const { convert } = await import("html-to-text");
  const text = convert(html, {
    wordwrap: false,
    limits: { maxDepth: 200, maxInputLength: mostHtmlCharacters },
    selectors: [
      { selector: "img", format: "skip" },
      { selector: "a", options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: "table", format: "block" },
    ],
  });
  return text.replace(/\n{3,}/g, "\n\n");
}
