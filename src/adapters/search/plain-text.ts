const named: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  hellip: "…",
  ndash: "–",
  mdash: "—",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  middot: "·",
};

/** An extract is a few hundred characters; what never closes a comment must not be looked through again and again. */
const mostMarkup = 20_000;

/**
 * The text of a marked-up extract: tags gone, entities read once. What an entity spells stays text, so `&lt;b&gt;` is
 * the text "<b>" and no tag; a bare "<" that begins no tag stays too.
 */
export function plainText(markup: string): string {
  return markup
    .slice(0, mostMarkup)
    .replace(/<\/?[a-z][^<>]*>|<!--.*?-->/gis, "")
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
      return characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    });
}

/** A number that names no character, or one that only steers, becomes a space. */
function characterOf(point: number): string {
  const isSurrogate = point >= 0xd800 && point <= 0xdfff;
  if (point > 0x10ffff || isSurrogate) return " ";
  return String.fromCodePoint(point).replace(/[\p{Cc}\p{Zl}\p{Zp}]/u, " ");
}
