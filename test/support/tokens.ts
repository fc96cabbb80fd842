/** A piece of code: never a comment, and never the inside of a string or a regular expression. */
export interface Token {
  kind: "word" | "sign" | "text" | "other";
  /** A word or sign as it is; a string's content; "" for a template with expressions, a number or a regular expression. */
  value: string;
}

const wordStart = /[\p{ID_Start}$_#@]/u;
const wordPart = /[\p{ID_Continue}$]/u;
/** Behind these a slash begins a regular expression, though a word or a bracket before it makes a division. */
const beforeRegex = /^(return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof)$/;

/** Cuts TypeScript into tokens. The expressions in a template come as tokens too. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  const templates: number[] = [];
  let at = 0;
  let depth = 0;
  const push = (kind: Token["kind"], value: string): void => void tokens.push({ kind, value });

  /** From behind a backtick or the brace that ends an expression, to the next expression or the end. */
  const readTemplate = (isWhole: boolean): void => {
    const start = at;
    while (at < code.length && code[at] !== "`" && !code.startsWith("${", at)) at += code[at] === "\\" ? 2 : 1;
    const isEnd = code[at] === "`";
    if (isWhole && isEnd) push("text", unescaped(code.slice(start, at)));
    else push("other", "");
    if (!isEnd) templates.push(depth);
    at += isEnd ? 1 : 2;
  };

  while (at < code.length) {
    const sign = code[at] ?? "";
    if (/\s/.test(sign)) at++;
    else if (code.startsWith("//", at) || (at === 0 && code.startsWith("#!"))) at = endOf(code, "\n", at);
    else if (code.startsWith("/*", at)) at = endOf(code, "*/", at + 2) + 2;
    else if (sign === '"' || sign === "'") {
      const end = stringEnd(code, at);
      // A quote that no other closes on its line stands in the text between two tags.
      push(end ? "text" : "sign", end ? unescaped(code.slice(at + 1, end - 1)) : sign);
      at = end ?? at + 1;
    } else if (sign === "`") {
      at++;
      readTemplate(true);
    } else if (sign === "}" && templates.at(-1) === depth) {
      templates.pop();
      at++;
      readTemplate(false);
    } else if (wordStart.test(sign)) {
      const start = at++;
      while (wordPart.test(code[at] ?? "")) at++;
      push("word", code.slice(start, at));
    } else if (/\d/.test(sign)) {
      at += /^[\w.]+/.exec(code.slice(at, at + 80))?.[0].length ?? 1;
      push("other", "");
    } else {
      const end = sign === "/" && mayBeRegex(tokens.at(-1)) ? regexEnd(code, at) : undefined;
      if (sign === "{") depth++;
      if (sign === "}") depth--;
      push(end ? "other" : "sign", end ? "" : sign);
      at = end ?? at + 1;
    }
  }
  return tokens;
}

const endOf = (code: string, mark: string, from: number): number => {
  const found = code.indexOf(mark, from);
  return found < 0 ? code.length : found;
};

function stringEnd(code: string, start: number): number | undefined {
  for (let at = start + 1; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "\n") return undefined;
    else if (code[at] === code[start]) return at + 1;
  }
  return undefined;
}

function mayBeRegex(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === "word") return beforeRegex.test(before.value);
  return before.kind === "sign" && !/[)\]}<]/.test(before.value);
}

function regexEnd(code: string, start: number): number | undefined {
  let inClass = false;
  for (let at = start + 1; at < code.length; at++) {
    const sign = code[at];
    if (sign === "\n") return undefined;
    if (sign === "\\") at++;
    else if (sign === "[") inClass = true;
    else if (sign === "]") inClass = false;
    else if (sign === "/" && !inClass) return at + 1;
  }
  return undefined;
}

/** "nod\u0065:fs" is "node:fs", also to the compiler. */
const unescaped = (text: string): string =>
  text
    .replace(/\\u\{([0-9a-f]+)\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_, long, four, two) =>
      String.fromCodePoint(Number.parseInt(long ?? four ?? two, 16)),
    )
    .replace(/\\(.)/gs, "$1");
