import type { Token } from "./tokens.ts";

export interface Import {
  /** What is reached for; undefined where the code computes it. */
  target: string | undefined;
  typeOnly: boolean;
  how: "import" | "lazy" | "require";
}

/** Everything that a file reaches for: import and export lines, also of types, import() and require(). */
export function importsOf(tokens: readonly Token[]): Import[] {
  return tokens.flatMap((token, at): Import[] => {
    if (token.kind !== "word" || !isKeyword(tokens, at)) return [];
    const next = tokens[at + 1];
    if (token.value === "require") return [{ target: argumentAt(tokens, at + 1), typeOnly: false, how: "require" }];
    if (token.value === "createRequire") return [{ target: undefined, typeOnly: false, how: "require" }];
    if (token.value === "import") {
      if (isSign(next, "(")) return [{ target: argumentAt(tokens, at + 1), typeOnly: false, how: "lazy" }];
      return isSign(next, ".") ? [] : lineFrom(tokens, at);
    }
    const isExportFrom = isSign(next, "*") || isSign(next, "{") || isWord(next, "type");
    return token.value === "export" && isExportFrom ? lineFrom(tokens, at) : [];
  });
}

/** Not a property of that name. `import.meta.require` and `module.require` are the real one. */
function isKeyword(tokens: readonly Token[], at: number): boolean {
  if (isSign(tokens[at + 1], ":")) return false;
  const isProperty = isSign(tokens[at - 1], ".") && !isSign(tokens[at - 2], ".");
  return !isProperty || isWord(tokens[at - 2], "meta") || isWord(tokens[at - 2], "module");
}

/** The one text between the brackets; what follows a comma are options. */
function argumentAt(tokens: readonly Token[], open: number): string | undefined {
  const [bracket, first, after] = tokens.slice(open, open + 3);
  const isPlain = isSign(bracket, "(") && first?.kind === "text" && (isSign(after, ")") || isSign(after, ","));
  return isPlain ? first.value : undefined;
}

/** `import "x"`, `import type { A } from "x"`, `export * as b from "x"`. An export without `from` gives nothing. */
function lineFrom(tokens: readonly Token[], start: number): Import[] {
  let at = start + 1;
  const typeOnly = isWord(tokens[at], "type") && !isWord(tokens[at + 1], "from") && !isSign(tokens[at + 1], ",");
  for (; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === "text" && (at === start + 1 || isWord(tokens[at - 1], "from")))
      return [{ target: token.value, typeOnly, how: "import" }];
    const isPart = token?.kind === "word" || token?.kind === "text" || /^[{},*]$/.test(token?.value ?? "");
    if (!isPart) return [];
  }
  return [];
}

export const isSign = (token: Token | undefined, value: string): boolean =>
  token?.kind === "sign" && token.value === value;

export const isWord = (token: Token | undefined, value: string): boolean =>
  token?.kind === "word" && token.value === value;
