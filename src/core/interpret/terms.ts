import type { Slot } from "../hearing.ts";
import type { Heard } from "./forms.ts";
import type { Said } from "./said.ts";
import { isIdle, trimSpan, type Word } from "./words.ts";

/** A search in a language of its own: the names, then the flags, then the words that nothing else explains. */
export function termsIn(
  { words, text, find }: Said,
  { words: flags = {}, named = {}, namedBefore = {}, until = [] }: Slot,
  isOpen: (at: number) => boolean,
  commands: ReadonlySet<number>,
): Heard<string> | undefined {
  const used = new Set<number>();
  const isFree = (at: number): boolean => isOpen(at) && !used.has(at);
  const raw = (from: number, to: number): string => text.slice(words[from]?.from ?? 0, words[to - 1]?.to ?? 0);
  const found: string[] = [];
  for (const [term, phrases] of Object.entries(flags)) {
    for (const phrase of phrases) {
      const [hit] = find(phrase, isFree);
      if (!hit) continue;
      for (let at = hit.from; at < hit.to; at++) used.add(at);
      found.push(term);
      break;
    }
  }
  const stops = new Set(
    [...until, ...Object.values(named).flat()].flatMap((phrase) => find(phrase).map((hit) => hit.from)),
  );
  const names: string[] = [];
  for (const [term, phrases] of Object.entries(named)) {
    for (const phrase of phrases) {
      const [cue] = find(phrase, isFree);
      if (!cue) continue;
      const from = cue.to;
      let to = from;
      while (to < words.length && isFree(to) && !stops.has(to) && !commands.has(to)) {
        to += 1;
        if (words[to - 1]?.last) break;
      }
      const span = trimSpan(words, skipArticle(words, from, to), to);
      if (!span) continue;
      for (let at = cue.from; at < span.to; at++) used.add(at);
      names.push(`${term}:${quoted(raw(span.from, span.to))}`);
      break;
    }
  }
  for (const [term, phrases] of Object.entries(namedBefore)) {
    for (const phrase of phrases) {
      const [cue] = find(phrase, isOpen);
      const name = cue && words[cue.from - 1];
      if (!cue || !name || isIdle(name) || !isFree(cue.from - 1)) continue;
      for (let at = cue.from - 1; at < cue.to; at++) used.add(at);
      names.push(`${term}:${safe(raw(cue.from - 1, cue.from))}`);
      break;
    }
  }
  const rest: string[] = [];
  for (const [at, word] of words.entries()) {
    if (!isFree(at) || (!word.quoted && (isIdle(word) || commands.has(at) || stops.has(at)))) continue;
    used.add(at);
    rest.push(safe(raw(at, at + 1)));
  }
  const value = [...names, ...found, ...rest].filter((term) => term !== "").join(" ");
  return value === "" ? undefined : { value, used: [...used] };
}

const skipArticle = (words: readonly Word[], from: number, to: number): number =>
  from < to - 1 && words[from]?.text === "the" ? from + 1 : from;

/** Signs that the language would read are no part of a word. */
const safe = (word: string): string => word.replace(/[:"(){}]/g, "").replace(/^-+/, "");
const quoted = (name: string): string => {
  const parts = name.split(/\s+/).map(safe);
  return parts.length > 1 ? `(${parts.join(" ")})` : (parts[0] ?? "");
};
