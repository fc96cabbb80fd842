/** Where a mail goes, and how its owner is called. */
export interface MailAddress {
  name?: string;
  address: string;
}

const address = /^[^\s@"<>(),;:\\[\]\p{C}]{1,64}@[^\s@"<>(),;:\\[\].\p{C}]+(\.[^\s@"<>(),;:\\[\].\p{C}]+)+$/u;
const longest = 254;

/**
 * Reads one address: `a@x.org`, `<a@x.org>`, `Ada <a@x.org>` or `"Lovelace, Ada" <a@x.org>`.
 * Undefined for anything else, lists and line breaks too.
 */
export function parseMailAddress(text: string): MailAddress | undefined {
  const given = text.trim();
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(given)) return undefined;
  const [, named = "", inner = given] = /^((?:"(?:[^"\\]|\\.)*"|[^<>"])*?)\s*<([^<>]*)>$/u.exec(given) ?? [];
  if (!address.test(inner) || inner.length > longest) return undefined;
  const name = nameIn(named);
  if (name === undefined) return undefined;
  return name === "" ? { address: inner } : { name, address: inner };
}

/** A name, out of its quotes if it has any. Undefined for one that would need them. */
function nameIn(text: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/u.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/gu, "$1").trim();
  return /["\\,;:@]/.test(text) ? undefined : text.trim();
}
