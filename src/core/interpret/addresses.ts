import type { Slot } from "../hearing.ts";
import type { Heard } from "./forms.ts";
import type { Said } from "./said.ts";
import type { Word } from "./words.ts";

const written = /^[^\s@"<>(),;:\\[\]]+@[^\s@"<>(),;:\\[\].]+(\.[^\s@"<>(),;:\\[\].]+)+$/u;

/** The mail addresses of a slot: those behind its phrases, or where it has none, all. "Ada at example dot org" is one too. */
export function addressesIn(
  { words, find }: Said,
  { after = [], all: isAny = after.length === 0 }: Slot,
  isOpen: (at: number) => boolean,
): Heard<string[]> | undefined {
  for (const phrase of after) {
    for (const { from, to } of find(phrase, isOpen)) {
      const found = rowAt(words, to, isOpen);
      if (found) return { value: found.value, used: [...range(from, to), ...found.used] };
    }
  }
  if (!isAny) return undefined;
  const found: Heard<string[]> = { value: [], used: [] };
  for (let at = 0; at < words.length; at++) {
    const address = addressAt(words, at, isOpen);
    if (!address) continue;
    found.value.push(address.value);
    found.used.push(...address.used);
    at = address.used.at(-1) ?? at;
  }
  return found.value.length > 0 ? found : undefined;
}

/** Addresses one after the other, joined by "and". */
function rowAt(words: readonly Word[], start: number, isOpen: (at: number) => boolean): Heard<string[]> | undefined {
  const found: Heard<string[]> = { value: [], used: [] };
  for (let at = start; ; ) {
    const address = addressAt(words, at, isOpen);
    if (!address) break;
    found.value.push(address.value);
    found.used.push(...address.used);
    at += address.used.length;
    if (words[at]?.text === "and" && addressAt(words, at + 1, isOpen)) at += 1;
  }
  return found.value.length > 0 ? found : undefined;
}

function addressAt(words: readonly Word[], at: number, isOpen: (at: number) => boolean): Heard<string> | undefined {
  const word = words[at];
  if (!word || word.quoted || !isOpen(at)) return undefined;
  if (written.test(word.text)) return { value: word.text, used: [at] };
  const text = (step: number): string => words[at + step]?.text ?? "";
  let step = 1;
  let local = word.text;
  while (text(step) === "dot" && text(step + 1) !== "") {
    local += `.${text(step + 1)}`;
    step += 2;
  }
  if (text(step) !== "at") return undefined;
  let domain = text(step + 1);
  step += 2;
  while (text(step) === "dot" && text(step + 1) !== "") {
    domain += `.${text(step + 1)}`;
    step += 2;
  }
  const value = `${local}@${domain}`;
  return written.test(value) && /^[\p{L}\p{N}._+-]+$/u.test(local) ? { value, used: range(at, at + step) } : undefined;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, step) => from + step);
