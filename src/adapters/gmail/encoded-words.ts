import { decoderOf } from "./charset.ts";

const word = /=\?([\w.+-]{1,40})(?:\*[\w-]*)?\?([bq])\?([^?\s]*)\?=/gi;

/**
 * Reads the encoded words of a header (RFC 2047). Gmail hands most headers out decoded; broken senders and names of
 * files slip through.
 */
export function decodeWords(text: string): string {
  if (!text.includes("=?")) return text;
  // A pause between two encoded words is none of the text.
  const joined = text.replace(/(\?=)\s+(?==\?[\w.+*-]+\?[bq]\?)/gi, "$1");
  return joined.replace(word, (whole, charset: string, how: string, content: string) => {
    const bytes = how.toLowerCase() === "b" ? Buffer.from(content, "base64") : unquote(content);
    try {
      return decoderOf(charset).decode(bytes);
    } catch (error) {
      if (error instanceof RangeError) return whole;
      throw error;
    }
  });
}

const unquote = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll("_", " ")
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
