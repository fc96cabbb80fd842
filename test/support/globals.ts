import { isSign, isWord } from "./imports.ts";
import type { Token } from "./tokens.ts";

/** What core and the adapters may take from Bun: nothing that reaches outside. */
const pureBun = /^(CryptoHasher|deepEquals|sleep|stringWidth)$/;

/** Names that reach outside, or reach everything. */
const outside =
  /^(fetch|process|global|globalThis|self|console|eval|Function|WebSocket|XMLHttpRequest|EventSource|Worker)$/;

/** Each use, in a room that has to stay pure, of a global that reaches outside. */
export function impureGlobals(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, at) => {
    if (token.kind !== "word" || !isGlobal(tokens, at)) return [];
    if (token.value === "Bun") {
      const member = memberAt(tokens, at);
      return pureBun.test(member ?? "") ? [] : [`Bun.${member ?? "…"}`];
    }
    return outside.test(token.value) ? [token.value] : [];
  });
}

/** Whether a file reads the process's environment, or takes hold of something through which it could. */
export function readsEnvironment(tokens: readonly Token[]): boolean {
  return tokens.some((token, at) => {
    if (token.kind === "text") return /^(node:)?process$/.test(token.value) && isImported(tokens, at);
    if (token.kind !== "word") return false;
    if (token.value === "globalThis") return true;
    if (token.value === "global") return isGlobal(tokens, at) && isSign(tokens[at + 1], "[");
    if (token.value === "meta" && isWord(tokens[at - 2], "import")) return isOpenHanded(tokens, at);
    if (token.value === "env") return isBunImport(tokens, at);
    if (token.value !== "process" && token.value !== "Bun") return false;
    if (memberAt(tokens, at) === "env") return true;
    return isGlobal(tokens, at) && isOpenHanded(tokens, at);
  });
}

/** The whole object in hand, or `env` of it: process, process["env"], const { env } = process. */
function isOpenHanded(tokens: readonly Token[], at: number): boolean {
  const member = memberAt(tokens, at);
  return member === undefined || member === "env";
}

/** The name behind the dot: of `process.env` and `process?.env` it is "env". */
function memberAt(tokens: readonly Token[], at: number): string | undefined {
  const next = isSign(tokens[at + 1], "?") ? at + 2 : at + 1;
  const member = tokens[next + 1];
  return isSign(tokens[next], ".") && member?.kind === "word" ? member.value : undefined;
}

/** Not a property, a key or a method that has the name of a global. */
function isGlobal(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  const isSpread = isSign(before, ".") && isSign(tokens[at - 2], ".");
  if (isSign(before, ".") && !isSpread) return false;
  const isFirst = before === undefined || /^[{},;]$/.test(before.kind === "sign" ? before.value : "");
  const isMember = isFirst || isWord(before, "readonly") || isWord(before, "async");
  if (isMember && isSign(after, ":")) return false;
  if (isMember && isSign(after, "?") && isSign(tokens[at + 2], ":")) return false;
  return !(isMember && isSign(after, "(") && isDeclared(tokens, at + 1));
}

/** `name(…) {` and `name(…): Type` declare; `name(…);` calls. */
function isDeclared(tokens: readonly Token[], open: number): boolean {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isSign(tokens[at], "(")) depth++;
    if (isSign(tokens[at], ")") && --depth === 0) return isSign(tokens[at + 1], "{") || isSign(tokens[at + 1], ":");
  }
  return false;
}

const isImported = (tokens: readonly Token[], at: number): boolean =>
  isWord(tokens[at - 1], "from") ||
  isWord(tokens[at - 1], "import") ||
  (isSign(tokens[at - 1], "(") && /^(import|require|getBuiltinModule)$/.test(tokens[at - 2]?.value ?? ""));

/** `import { env } from "bun"`. */
function isBunImport(tokens: readonly Token[], at: number): boolean {
  const close = tokens.findIndex((token, index) => index > at && isSign(token, "}"));
  const isText = tokens[close + 2]?.kind === "text" && tokens[close + 2]?.value === "bun";
  return close > 0 && isWord(tokens[close + 1], "from") && isText;
}
