/** A partial answer, as `fields=a,b(c,d),e/f` asks for it. `true` keeps all that is below. */
export type Mask = { [name: string]: Mask | true };

/** Every name in an answer of the methods that are stood in for. */
const known =
  "* id threadId labelIds snippet historyId internalDate payload sizeEstimate raw partId mimeType filename headers body parts name value size data attachmentId messages nextPageToken resultSizeEstimate labels type messageListVisibility labelListVisibility emailAddress messagesTotal threadsTotal".split(
    " ",
  );
const isName = (token: string | undefined): token is string => token !== undefined && known.includes(token);

/** @returns undefined where the mask is broken, or names what is never in an answer */
export function parseMask(text: string): Mask | undefined {
  const tokens = text.match(/[\w*-]+|[(),/]/g) ?? [];
  if (tokens.join("") !== text.replace(/\s/g, "")) return undefined;
  const list = (): Mask | undefined => {
    const mask: Mask = {};
    for (;;) {
      const name = tokens.shift();
      if (!isName(name)) return undefined;
      const below = one();
      if (below === undefined) return undefined;
      mask[name] = below;
      if (tokens[0] !== ",") return mask;
      tokens.shift();
    }
  };
  const one = (): Mask | true | undefined => {
    if (tokens[0] === "/") {
      tokens.shift();
      const name = tokens.shift();
      const below = isName(name) ? one() : undefined;
      return isName(name) && below !== undefined ? { [name]: below } : undefined;
    }
    if (tokens[0] !== "(") return true;
    tokens.shift();
    const inner = list();
    return tokens.shift() === ")" ? inner : undefined;
  };
  const mask = list();
  return tokens.length === 0 ? mask : undefined;
}

export function applyMask(value: unknown, mask: Mask | true): unknown {
  if (mask === true || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => applyMask(item, mask));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const below = mask[name] ?? mask["*"];
      return below === undefined ? [] : [[name, applyMask(item, below)]];
    }),
  );
}
