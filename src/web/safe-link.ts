const schemes = /^(https?|mailto|tel):$/;

/** An address that may be opened, or undefined: what tools bring may name any scheme. */
export function safeLink(url: unknown): string | undefined {
  if (typeof url !== "string" || url.length > 8_192) return undefined;
  const parsed = URL.parse(url);
  return parsed && schemes.test(parsed.protocol) ? parsed.href : undefined;
}

/** Signs that turn the direction of text around, or hide in it. */
const unseen = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\p{Cc}]/gu;
const lineBreaks = /^[\n\t]$/;

/** Text from elsewhere without signs that would make it look like something else. */
export const plain = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(unseen, (sign) => (lineBreaks.test(sign) ? sign : ""));

/** Whether any text in a value, however deep, loses signs when it is shown. */
export function holdsUnseen(value: unknown): boolean {
  if (typeof value === "string") return plain(value) !== value.replace(/\r\n?/g, "\n");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => holdsUnseen(name) || holdsUnseen(inner));
}

/** At most so many characters, with a sign where it was cut. */
export const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
