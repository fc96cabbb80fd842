const harmful = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const everyHarmful = new RegExp(harmful.source, "gu");

/**
 * Makes a text from elsewhere harmless on a terminal: escape sequences, carriage returns, backspaces and the marks
 * that reorder text are shown as escapes. Line breaks and tabs stay.
 */
export function sanitise(text: string): string {
  if (!harmful.test(text)) return text;
  return text.replace(everyHarmful, (character) =>
    character === "\n" || character === "\t" ? character : escapeOf(character),
  );
}

/** The same for text that must stay on one line. */
export const sanitiseLine = (text: string): string => sanitise(text).replace(/[\n\t]+/g, " ");

/** JSON whose strings are safe to print: what the terminal could act on becomes a JSON escape, so the value is the same. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return text.replace(everyHarmful, (character) => (character === "\n" ? character : jsonEscape(character)));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

const jsonEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
