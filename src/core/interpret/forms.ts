import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Slot } from "../hearing.ts";
import { optionsOf } from "../parameters.ts";
import { minutesAt } from "./moments.ts";
import { numberAt } from "./numbers.ts";
import type { Said } from "./said.ts";
import { isIdle, stemOf } from "./words.ts";

/** Something that was heard, and the words that said it. */
export interface Heard<T> {
  value: T;
  used: number[];
}

type IsOpen = (at: number) => boolean;
const row = (from: number, length: number): number[] => Array.from({ length }, (_, step) => from + step);

/** "for four", "party of six", "three people". */
export function findCount(
  { words, find }: Said,
  { after = [], units = [] }: Slot,
  isOpen: IsOpen,
): Heard<number> | undefined {
  const counted = new Set(units.map(stemOf));
  const behind = new Map(
    after.flatMap((phrase) => find(phrase, isOpen).map(({ from, to }) => [to, to - from] as const)),
  );
  let second: Heard<number> | undefined;
  for (let at = 0; at < words.length; at++) {
    if (!isOpen(at) || words[at]?.quoted) continue;
    const skip = /^(a|the|about|around)$/.test(words[at]?.text ?? "") && !numberAt(words, at) ? 1 : 0;
    const number = numberAt(words, at + skip);
    if (!number) continue;
    const next = words[at + skip + number.length];
    const unit =
      next && counted.has(next.stem)
        ? 1
        : next?.text === "of" && words[at + skip + number.length + 1]?.text === "us"
          ? 2
          : 0;
    const cue = behind.get(at) ?? 0;
    // "Me and three friends" are four.
    const isWithMe = words[at - 1]?.text === "and" && /^(me|myself|i)$/.test(words[at - 2]?.text ?? "");
    const found = { value: number.value + (isWithMe ? 1 : 0), used: row(at - cue, cue + skip + number.length + unit) };
    if (unit > 0) return found;
    if (cue > 0 && !/^(hours?|minutes?|days?|weeks?|nights?)$/.test(next?.text ?? "")) second ??= found;
    at += number.length - 1;
  }
  return second;
}

/** "for two hours", "half an hour long". */
export function findMinutes({ words }: Said, { after = [] }: Slot, isOpen: IsOpen): Heard<number> | undefined {
  const cues = new Set(after.map(stemOf));
  for (let at = 0; at < words.length; at++) {
    const found = isOpen(at) && !words[at]?.quoted ? minutesAt(words, at) : undefined;
    if (!found) continue;
    const isLong = words[at + found.length]?.text === "long" ? 1 : 0;
    const before = words[at - 1];
    const isCued = before !== undefined && cues.has(before.stem);
    if (isCued || isLong)
      return { value: found.value, used: row(at - (isCued ? 1 : 0), found.length + (isCued ? 1 : 0) + isLong) };
  }
  return undefined;
}

/** One of the schema's values, by its own name or by its phrases; the longest phrase wins. */
export function findChoice(
  { find }: Said,
  { words: said = {} }: Slot,
  schema: TSchema,
  isOpen: IsOpen,
): Heard<unknown> | undefined {
  const values: unknown[] = schema.type === "boolean" ? [true, false] : (optionsOf(schema) ?? Object.keys(said));
  let best: Heard<unknown> | undefined;
  for (const value of values) {
    const name = String(value);
    const phrases = [
      ...(schema.type === "boolean" ? [] : [name]),
      ...(Object.hasOwn(said, name) ? (said[name] ?? []) : []),
    ];
    for (const phrase of phrases) {
      const [hit] = find(phrase, isOpen);
      if (hit && hit.to - hit.from > (best?.used.length ?? 0)) best = { value, used: row(hit.from, hit.to - hit.from) };
    }
  }
  return best;
}

/** A word that the schema's pattern takes and that no language has. */
export function findId({ words, text }: Said, schema: TSchema, isOpen: IsOpen): Heard<string> | undefined {
  for (const [at, { from, to }] of words.entries()) {
    const word = text.slice(from, to);
    const isId = word.length >= 8 && /\d/.test(word) && /^[\w-]+$/.test(word) && /[a-z_]/i.test(word);
    if (isId && isOpen(at) && Value.Check(schema, word)) return { value: word, used: [at] };
  }
  return undefined;
}

/** The address of a page that was written out. */
export function findLink({ words, text }: Said, schema: TSchema, isOpen: IsOpen): Heard<string> | undefined {
  for (const [at, { from, to, quoted }] of words.entries()) {
    const word = text.slice(from, to);
    if (!quoted && isOpen(at) && /^https?:\/\//i.test(word) && Value.Check(schema, word))
      return { value: word, used: [at] };
  }
  return undefined;
}

/** Words before a noun that never name one: "my next appointment". */
const nameless =
  /^(next|last|first|upcoming|coming|new|other|latest|recent|future|past|all|many|important|more|old|second|third|\d+)$/;

/** The one word before a phrase: "the hello_world template", "my dentist appointment". */
export function findBefore(
  { words, text, find }: Said,
  phrases: readonly string[],
  schema: TSchema,
  isOpen: IsOpen,
): Heard<string> | undefined {
  for (const { from: cue, to: end } of phrases.flatMap((phrase) => find(phrase, isOpen))) {
    const at = cue - 1;
    const word = words[at];
    if (!word || !isOpen(at) || word.quoted || isIdle(word) || nameless.test(word.text)) continue;
    const value = text.slice(word.from, word.to);
    if (Value.Check(schema, value)) return { value, used: row(at, end - at) };
  }
  return undefined;
}

/** "#general", "the support channel", "@ada", "+49 170 1234567", a mail address. */
export function findHandle({ words, find }: Said, schema: TSchema, isOpen: IsOpen): Heard<string> | undefined {
  const takes = (value: string, used: number[]): Heard<string> | undefined =>
    Value.Check(schema, value) ? { value, used } : undefined;
  for (const [at, { text, quoted }] of words.entries()) {
    if (quoted || !isOpen(at)) continue;
    if (/^[#@]./.test(text) || /^[^@]+@[^@]+$/.test(text)) return takes(text, [at]);
    if (!/^\+\d/.test(text)) continue;
    let to = at + 1;
    while (/^\d+$/.test(words[to]?.text ?? "") && isOpen(to)) to += 1;
    return takes(
      words
        .slice(at, to)
        .map((word) => word.text.replace(/\D/g, ""))
        .join("")
        .replace(/^/, "+"),
      row(at, to - at),
    );
  }
  const [channel] = find("channel", isOpen);
  const name = channel && words[channel.from - 1];
  if (!channel || !name || isIdle(name)) return undefined;
  return takes(`#${name.text}`, [channel.from - 1, channel.from]);
}
