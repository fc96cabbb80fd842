/** Splits a mail or a part into its headers, unfolded, and its body. Line ends may be bare. */
export function splitEntity(raw: string): { headers: { name: string; value: string }[]; body: string } {
  const text = raw.replace(/\r?\n/g, "\r\n");
  const end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
  const head = end < 0 ? text : text.slice(0, end);
  const headers = head
    .replace(/\r\n[ \t]+/g, " ")
    .split("\r\n")
    .flatMap((line) => {
      const [, name, value = ""] = /^([!-9;-~]+):\s*(.*)$/s.exec(line) ?? [];
      return name === undefined ? [] : [{ name, value: value.trim() }];
    });
  return { headers, body: end < 0 ? "" : text.slice(end === 0 ? 2 : end + 4) };
}

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

/** The bytes of a body, by its Content-Transfer-Encoding. */
export function bytesOf(body: string, encoding: string): Uint8Array {
  switch (encoding.trim().toLowerCase()) {
    case "base64":
      return Buffer.from(body.replace(/[^A-Za-z0-9+/=]/g, ""), "base64");
    case "quoted-printable":
      return latin1(unquote(body.replace(/[ \t]+\r\n/g, "\r\n").replace(/=\r\n/g, "")));
    default:
      return latin1(body);
  }
}

const unquote = (text: string): string =>
  text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** A header as people read it: encoded words decoded, bare bytes taken for UTF-8. */
export function decodeHeader(value: string): string {
  const text = /[\x80-\xff]/.test(value) ? new TextDecoder().decode(latin1(value)) : value;
  return text
    .replace(/(\?=)\s+(=\?)/g, "$1$2")
    .replace(/=\?([\w-]+)\?([bq])\?([^?]*)\?=/gi, (whole, charset: string, how: string, content: string) => {
      const bytes =
        how.toLowerCase() === "b" ? Buffer.from(content, "base64") : latin1(unquote(content.replaceAll("_", " ")));
      return decodeIn(bytes, charset) ?? whole;
    });
}

function decodeIn(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset as Bun.Encoding).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A parameter of a structured header, also one that RFC 2231 split or encoded. */
export function parameterOf(header: string, name: string): string | undefined {
  const found = new Map<string, string>();
  for (const [, key = "", quoted, bare] of header.matchAll(
    /;\s*([\w.-]+(?:\*\d+)?\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g,
  )) {
    found.set(key.toLowerCase(), quoted === undefined ? (bare ?? "") : quoted.replace(/\\(.)/g, "$1"));
  }
  const plain = found.get(name);
  const pieces = [...found].filter(([key]) => key.startsWith(`${name}*`)).sort(([a], [b]) => numberOf(a) - numberOf(b));
  if (pieces.length === 0) return plain === undefined ? undefined : decodeHeader(plain);
  const joined = pieces.map(([key, value]) => (key.endsWith("*") ? value : encodeURIComponent(value))).join("");
  const [, charset = "utf-8", content = joined] = /^([\w-]*)'[^']*'(.*)$/s.exec(joined) ?? [];
  const bytes = latin1(
    content.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
  return decodeIn(bytes, charset || "utf-8");
}

const numberOf = (key: string): number => Number(/\*(\d+)/.exec(key)?.[1] ?? 0);

/** The bare addresses of a header such as To. */
export const addressesIn = (header: string): string[] =>
  [...header.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/[^\s<>,;:"()]+@[^\s<>,;:"()]+/g)].map(([address]) =>
    address.toLowerCase(),
  );
