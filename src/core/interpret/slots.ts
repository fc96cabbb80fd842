import type { TObject, TSchema } from "@sinclair/typebox";
import type { Hearing, Slot } from "../hearing.ts";
import { optionsOf } from "../parameters.ts";
import { findDay, findTime, type Heard, numberOf } from "./times.ts";
import { stemOf, type Word } from "./words.ts";

export interface Filled {
  parameters: Record<string, unknown>;
  /** Which words are no part of the command any more. */
  taken: ReadonlySet<number>;
}

export interface SlotContext {
  text: string;
  today: Temporal.PlainDate;
}

/** Finds the values of an action's parameters in what was said. Those that are known by their form come before free text. */
export function fillSlots(
  words: readonly Word[],
  input: TObject,
  hearing: Hearing,
  { text, today }: SlotContext,
): Filled {
  const slots = Object.entries(hearing.slots ?? {}).filter(([name]) => name in input.properties);
  const taken = new Set<number>();
  const parameters: Record<string, unknown> = {};
  const free = (): Word[] =>
    words.map((word, at) => (taken.has(at) || word.quoted ? { ...word, text: "", stem: "" } : word));
  const take = ({ from, to }: { from: number; to: number }): void => {
    for (let at = from; at < to; at++) taken.add(at);
  };
  const cues = new Set(slots.flatMap(([, { after = [] }]) => after.map(stemOf)));

  const rest = slots.find(([, slot]) => slot.rest);
  const restSpan = rest && spanAfter(words, rest[1], cues, taken, true);
  const isInRest = (found: { from: number }): boolean => restSpan !== undefined && found.from >= restSpan.from;

  for (const [name, slot] of slots) {
    const schema = input.properties[name];
    const found = schema && formed(slot, free(), schema, today);
    if (!found || isInRest(found)) continue;
    parameters[name] = schema.type === "array" ? [found.value].flat() : found.value;
    take(found);
  }
  for (const [name, slot] of slots) {
    const schema = input.properties[name];
    if (!schema || name in parameters || (slot.as !== "text" && slot.as !== "people")) continue;
    const span = spanAfter(words, slot, cues, taken, slot.rest === true);
    const first = span && words[span.from];
    const last = span && words[span.to - 1];
    if (!span || !first || !last) continue;
    const value = text.slice(first.from, last.to);
    parameters[name] = schema.type === "array" ? value.split(/\s*,\s*|\s+and\s+/) : value;
    take({ from: span.cue, to: span.to });
  }
  return { parameters, taken };
}

function formed(
  slot: Slot,
  words: readonly Word[],
  schema: TSchema,
  today: Temporal.PlainDate,
): Heard<unknown> | undefined {
  switch (slot.as) {
    case "day":
      return findDay(words, today);
    case "time":
      return findTime(words);
    case "moment":
      return findMoment(words, today);
    case "count":
      return findCount(words, slot);
    case "choice":
      return findChoice(words, slot, schema);
    case "people":
      return findAddresses(words);
    case "text":
      return undefined;
  }
}

/** A day with a time, or one of the two, in the form that tools take: "2026-12-04 15:00". */
function findMoment(words: readonly Word[], today: Temporal.PlainDate): Heard<string> | undefined {
  const day = findDay(words, today);
  const time = findTime(words);
  if (!day) return time && { ...time, value: `${today} ${time.value}` };
  if (!time) return day;
  const isNear = Math.max(day.from, time.from) - Math.min(day.to, time.to) <= 2;
  if (!isNear) return day;
  return { value: `${day.value} ${time.value}`, from: Math.min(day.from, time.from), to: Math.max(day.to, time.to) };
}

/** "for four", "table of 6", "3 people". */
function findCount(words: readonly Word[], { after = [] }: Slot): Heard<number> | undefined {
  const before = new Set(after.map(stemOf));
  for (const [at, word] of words.entries()) {
    const number = numberOf(word);
    if (number === undefined) continue;
    const previous = words[at - 1];
    const isPeople = /^(people|persons?|guests?|of)$/.test(words[at + 1]?.text ?? "");
    if ((previous && before.has(previous.stem)) || isPeople) {
      return {
        value: number,
        from: previous && before.has(previous.stem) ? at - 1 : at,
        to: isPeople ? at + 2 : at + 1,
      };
    }
  }
  return undefined;
}

function findChoice(words: readonly Word[], slot: Slot, schema: TSchema): Heard<string> | undefined {
  for (const value of optionsOf(schema) ?? []) {
    const stems = new Set([value, ...(slot.words?.[value] ?? [])].map(stemOf));
    const at = words.findIndex(({ stem }) => stem !== "" && stems.has(stem));
    if (at >= 0) return { value, from: at, to: at + 1 };
  }
  return undefined;
}

function findAddresses(words: readonly Word[]): Heard<string[]> | undefined {
  const found = [...words.entries()].filter(([, { text }]) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/.test(text));
  const [first] = found;
  const last = found.at(-1);
  if (!first || !last) return undefined;
  const isTo = words[first[0] - 1]?.text === "to";
  return { value: found.map(([, { text }]) => text), from: first[0] - (isTo ? 1 : 0), to: last[0] + 1 };
}

/** Politeness at the end belongs to no value. */
const polite = new Set(["please", "thanks", "thank", "you", "now"]);

/** The words after a cue: up to the next cue, to words that another slot took, or to the end. */
function spanAfter(
  words: readonly Word[],
  { after = [] }: Slot,
  cues: ReadonlySet<string>,
  taken: ReadonlySet<number>,
  isRest: boolean,
): { cue: number; from: number; to: number } | undefined {
  for (const cue of after.map(stemOf)) {
    const at = words.findIndex((word, index) => word.stem === cue && !word.quoted && !taken.has(index));
    if (at < 0 || at + 1 >= words.length) continue;
    let to = at + 1;
    while (to < words.length && !taken.has(to)) {
      const word = words[to];
      if (!isRest && to > at + 1 && word && !word.quoted && cues.has(word.stem)) break;
      to += 1;
    }
    while (to > at + 1 && polite.has(words[to - 1]?.text ?? "")) to -= 1;
    // "the", "a" or "my" before a name are no part of it, but "my" may be of a place.
    let from = at + 1;
    while (from < to - 1 && ["the", "a", "an"].includes(words[from]?.text ?? "")) from += 1;
    if (to > from) return { cue: at, from, to };
  }
  return undefined;
}
