import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import type { Hearing, Slot } from "../hearing.ts";
import { addressesIn } from "./addresses.ts";
import { findBefore, findChoice, findCount, findHandle, findId, findLink, findMinutes, type Heard } from "./forms.ts";
import type { HeardMoment } from "./moments.ts";
import type { Said } from "./said.ts";
import { type Bounds, type Span, spansAfter, textOf } from "./spans.ts";
import { termsIn } from "./terms.ts";
import { placeMoment } from "./when.ts";
import { isIdle, trimRest, type Word } from "./words.ts";

export interface Filled {
  parameters: Record<string, unknown>;
  /** Parameters that were meant and not given, or not in a form that the action takes, with what was heard. */
  unclear: ReadonlyMap<string, string>;
  /** Words that are a value or lead to one. */
  taken: ReadonlySet<number>;
  /** Where the text begins that is nobody's command. */
  end: number;
  /** Where the slot that takes the rest begins. */
  restFrom: number;
}

const whenKinds = new Set(["day", "time", "moment", "end", "instant"]);

/**
 * Finds the values of an action's parameters. What takes the rest comes first, then what is known by its form, then text.
 * @param commands words that ask for the action, which are no value unless a phrase says so
 */
export function fillSlots(said: Said, input: TObject, hearing: Hearing, commands: ReadonlySet<number>): Filled {
  const { words, text } = said;
  const slots = Object.entries(hearing.slots ?? {});
  const taken = new Set<number>();
  const parameters: Record<string, unknown> = {};
  const unclear = new Map<string, string>();
  const bounds: Bounds = { said, taken, cues: cuesOf(said, slots), end: words.length };
  const take = (from: number, to: number): void => {
    for (let at = from; at < to; at++) taken.add(at);
  };
  const keep = (name: string, value: unknown, heard: string): void => {
    const schema = input.properties[name];
    if (!schema) return;
    if (Value.Check(schema, value)) parameters[name] = value;
    else unclear.set(name, heard);
  };

  const times = slots.some(([, { as }]) => whenKinds.has(as));
  const rest = slots.find(([, slot]) => slot.rest);
  let restSpan = rest && (firstSpan(rest[1], bounds) ?? spanBehind(rest[1], said, input, hearing));
  const longest = restSpan;
  if (rest && restSpan) restSpan = withoutEnding(restSpan, rest[1], said);
  const isWithin = longest !== restSpan;
  if (restSpan && times) restSpan = withoutMoment(restSpan, said);
  if (rest && restSpan) {
    keep(rest[0], textOf(text, words, restSpan), "");
    take(restSpan.cue, restSpan.to);
    bounds.end = restSpan.cue;
  }
  const outside = (at: number): boolean => !restSpan || at < restSpan.cue || at >= restSpan.to;
  if (times || hearing.timeless) {
    const all = said.moments.filter(({ from }) => outside(from));
    const isTelling = ({ day, time, period, inMinutes }: HeardMoment): boolean =>
      (day ?? time ?? period ?? inMinutes) !== undefined;
    // "Parents' evening on Thursday": beside a real moment, a part of the day is a word like others.
    const heard = all.some(isTelling) ? all.filter(isTelling) : all;
    for (const [name, slot] of slots) {
      if (!whenKinds.has(slot.as)) continue;
      const placed = placeMoment(slot, heard, said.now);
      if (placed) keep(name, placed.value, "");
    }
    for (const { from, to } of heard) take(from, to);
  }
  for (const [name, slot] of slots) {
    const schema = input.properties[name];
    const found = schema && formed(slot, said, schema, (at) => !taken.has(at) && outside(at), commands);
    if (!found) continue;
    keep(name, schema.type === "array" ? [found.value].flat() : found.value, String(found.value));
    for (const at of found.used) taken.add(at);
  }
  for (const [name, slot] of slots) {
    if (slot.rest || name in parameters || (slot.as !== "text" && slot.as !== "people")) continue;
    for (const span of spansAfter(slot, bounds)) {
      const value = textOf(text, words, span);
      const isUnknown = slot.unknown?.includes(value.toLowerCase());
      if (!isUnknown && words.slice(span.from, span.to).every((word) => !word.quoted && isIdle(word))) continue;
      take(span.cue, span.to);
      if (isUnknown) unclear.set(name, value);
      else keep(name, input.properties[name]?.type === "array" ? [value] : value, value);
      break;
    }
  }
  for (const [name, { before }] of slots) {
    const schema = input.properties[name];
    if (!before || !schema || name in parameters || unclear.has(name)) continue;
    const found = findBefore(said, before, schema, (at) => !taken.has(at) && outside(at));
    if (!found) continue;
    keep(name, found.value, found.value);
    for (const at of found.used) taken.add(at);
  }
  for (const [name, slot] of slots) {
    if (name in parameters || unclear.has(name) || slot.otherwise === undefined) continue;
    const span =
      slot.otherwise === "whole"
        ? wholeSpan(words)
        : leftoverSpan(words, taken, new Set([...commands, ...bounds.cues]), bounds.end);
    const value = span && textOf(text, words, span);
    if (!span || !value || slot.unknown?.includes(value.toLowerCase())) continue;
    keep(name, value, value);
    take(span.from, span.to);
  }
  for (const [name, { implied = [] }] of slots) {
    if (name in parameters || unclear.has(name)) continue;
    const phrase = implied.find((each) => said.find(each, outside).length > 0);
    if (phrase !== undefined) unclear.set(name, phrase);
  }
  const restFrom = restSpan?.from ?? words.length;
  return { parameters, unclear, taken, end: rest?.[1].asks || isWithin ? words.length : restFrom, restFrom };
}

function cuesOf(said: Said, slots: readonly (readonly [string, Slot])[]): Set<number> {
  const phrases = slots.flatMap(([, { after = [], until = [], implied = [], named = {} }]) => [
    ...after,
    ...until,
    ...implied,
    ...Object.values(named).flat(),
  ]);
  return new Set(phrases.flatMap((phrase) => said.find(phrase).map(({ from }) => from)));
}

function firstSpan(slot: Slot, bounds: Bounds): Span | undefined {
  for (const span of spansAfter(slot, bounds)) return span;
  return undefined;
}

/** "The budget on Slack": where it was said belongs to the command. */
function withoutEnding(span: Span, { until = [] }: Slot, { words, find }: Said): Span {
  const end = until.flatMap((phrase) => find(phrase)).find(({ from, to }) => to === span.to && from > span.from);
  const shorter = end && trimRest(words, span.from, end.from);
  return shorter ? { cue: span.cue, ...shorter } : span;
}

/** What follows another slot's value at once; nothing where only "on Slack" does. */
function spanBehind({ behind }: Slot, said: Said, input: TObject, hearing: Hearing): Span | undefined {
  const [slot, schema] = [hearing.slots?.[behind ?? ""], input.properties[behind ?? ""]];
  const found = slot && schema && formed(slot, said, schema, () => true, new Set());
  const cue = found && Math.max(...found.used) + 1;
  const next = said.words[cue ?? said.words.length];
  if (cue === undefined || !next || /^(on|in|via|over|by|with|to|from|through|using)$/.test(next.text))
    return undefined;
  const span = trimRest(said.words, cue, said.words.length);
  // "Send @ada a message" says no more than that.
  if (
    /^(an? )?(message|text|note|line|dm|reply|answer|whatsapp|template)\b/.test(
      said.words
        .slice(cue, cue + 2)
        .map(({ text }) => text)
        .join(" "),
    )
  )
    return undefined;
  return span && { cue, ...span };
}

/** A moment at the very end of free text is told apart, where the action asks for one. */
function withoutMoment(span: Span, { words, moments }: Said): Span {
  const last = moments.at(-1);
  if (!last?.day || !last.time || last.from <= span.from || last.to < span.to) return span;
  const shorter = trimRest(words, span.from, last.from);
  return shorter ? { cue: span.cue, ...shorter } : span;
}

function formed(
  slot: Slot,
  said: Said,
  schema: TSchema,
  isOpen: (at: number) => boolean,
  commands: ReadonlySet<number>,
): Heard<unknown> | undefined {
  switch (slot.as) {
    case "minutes":
      return findMinutes(said, slot, isOpen);
    case "count":
      return findCount(said, slot, isOpen);
    case "choice":
      return findChoice(said, slot, schema, isOpen);
    case "people":
      return addressesIn(said, slot, isOpen);
    case "id":
      return findId(said, schema[Kind] === "Array" ? (schema.items as TSchema) : schema, isOpen);
    case "handle":
      return findHandle(said, schema, isOpen);
    case "link":
      return findLink(said, schema, isOpen);
    case "terms":
      return termsIn(said, slot, isOpen, commands);
    default:
      return undefined;
  }
}

/** The whole sentence, without what was said around it. */
function wholeSpan(words: readonly Word[]): { from: number; to: number } | undefined {
  const opening = /^(hey|hi|hello|ok|okay|um|uh|er|mcqueen|please|so|well|can|could|you|tell|me|do|know)$/;
  let from = 0;
  while (from < words.length && opening.test(words[from]?.text ?? "")) from += 1;
  let to = words.length;
  while (to > from && /^(please|thanks|thank|you|cheers)$/.test(words[to - 1]?.text ?? "")) to -= 1;
  return to > from ? { from, to } : undefined;
}

/** The longest row of words that nothing explains; little words inside it belong to it. */
function leftoverSpan(
  words: readonly Word[],
  taken: ReadonlySet<number>,
  commands: ReadonlySet<number>,
  end: number,
): { from: number; to: number } | undefined {
  let best: { from: number; to: number } | undefined;
  const isClosed = (at: number): boolean => taken.has(at) || commands.has(at);
  for (let from = 0; from < end; from++) {
    const first = words[from];
    if (!first || isClosed(from) || isIdle(first)) continue;
    let to = from;
    let last = from;
    while (to < end && !isClosed(to)) {
      const word = words[to];
      if (!word || (isIdle(word) && !/^(of|the|and|de)$/.test(word.text))) break;
      if (!isIdle(word)) last = to;
      to += 1;
      if (word.last) break;
    }
    if (!best || last + 1 - from > best.to - best.from) best = { from, to: last + 1 };
    from = Math.max(from, to - 1);
  }
  return best;
}
