import { type Static, Type } from "@sinclair/typebox";
import type { Hearing } from "../hearing.ts";
import type { Action, Tool } from "../tool.ts";
import { fillSlots } from "./slots.ts";
import { isIdle, stemOf, type Word, wordsOf } from "./words.ts";

export const InterpretBody = Type.Object(
  {
    transcript: Type.String({ minLength: 1, maxLength: 1_000, pattern: "\\S", description: "What was said, as text" }),
    time_zone: Type.Optional(
      Type.String({ format: "time-zone", description: "For days and times; the profile's unless told" }),
    ),
  },
  { additionalProperties: false },
);
export type InterpretBody = Static<typeof InterpretBody>;

/** What may have been meant. Nothing of it has been done. */
export interface Proposal {
  tool: Tool;
  action: Action;
  /** 0 to 1. Comparable between proposals for the same words only. */
  score: number;
  parameters: Record<string, unknown>;
  /** Required parameters that were not heard. */
  missing: readonly string[];
}

const least = 0.3;
const strong = 3;

/**
 * Finds what a person may have meant by their words, best first: by the words of each action, weighed by how few
 * actions share them, and by how much of what the action needs was said. The same words always give the same answer.
 */
export function interpret(transcript: string, tools: readonly Tool[], today: Temporal.PlainDate, most = 3): Proposal[] {
  const words = wordsOf(transcript);
  const candidates = tools.flatMap((tool) =>
    tool.actions.map((action) => ({ tool, action, vocabulary: vocabularyOf(tool, action) })),
  );
  const rarity = rarityOf(candidates.map(({ vocabulary }) => vocabulary));
  return candidates
    .map(({ tool, action, vocabulary }) => {
      const { parameters, taken } = fillSlots(words, action.input, hearingOf(action), { text: transcript, today });
      const required = action.input.required ?? [];
      const missing = required.filter((name) => !(name in parameters));
      const heard = required.length === 0 ? 1 : 1 - missing.length / required.length;
      const command = words.filter((word, at) => !taken.has(at) && !word.quoted && !isIdle(word));
      const score = 0.8 * coverage(command, vocabulary, rarity) + 0.2 * heard;
      const isMeant = command.some(({ stem }) => (vocabulary.get(stem) ?? 0) >= strong);
      return { tool, action, score: Math.round((isMeant ? score : score / 2) * 1000) / 1000, parameters, missing };
    })
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score || a.missing.length - b.missing.length || idOf(a).localeCompare(idOf(b)))
    .slice(0, most);
}

const idOf = ({ tool, action }: Proposal): string => `${tool.id} ${action.id}`;

const hearingOf = ({ hears }: Action): Hearing => hears ?? { words: [] };

/** Stem -> weight. What the action itself says of how it is asked for counts most. */
function vocabularyOf(tool: Tool, action: Action): Map<string, number> {
  const vocabulary = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) {
      if (!isIdle(word)) vocabulary.set(word.stem, Math.max(weight, vocabulary.get(word.stem) ?? 0));
    }
  };
  add(`${tool.name} ${tool.category} ${tool.description}`, 1);
  add(`${action.id.replaceAll("_", " ")} ${action.description}`, 1.5);
  if (tool.actions.length === 1) add(tool.examples.join(" "), 1);
  for (const word of hearingOf(action).words) vocabulary.set(stemOf(word), strong);
  return vocabulary;
}

/** How much a stem tells: the fewer actions know it, the more. */
function rarityOf(vocabularies: readonly ReadonlyMap<string, number>[]): (stem: string) => number {
  const counts = new Map<string, number>();
  for (const vocabulary of vocabularies)
    for (const [stem, weight] of vocabulary) if (weight >= strong) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  return (stem) => Math.log(1 + vocabularies.length / (1 + (counts.get(stem) ?? 0)));
}

/** The part of the command that the action knows. Words that nobody knows count a little against everyone. */
function coverage(
  command: readonly Word[],
  vocabulary: ReadonlyMap<string, number>,
  rarity: (stem: string) => number,
): number {
  let known = 0;
  let all = 0;
  for (const { stem } of command) {
    const weight = Math.min(1, (vocabulary.get(stem) ?? 0) / strong);
    const value = rarity(stem);
    known += weight * value;
    all += Math.max(weight, 0.5) * value;
  }
  return all === 0 ? 0 : known / all;
}
