import type { Hearing } from "../hearing.ts";
import type { Action, Tool } from "../tool.ts";
import { type Evidence, type Pattern, readPattern, weigh } from "./patterns.ts";
import { createStems, hear, type Said } from "./said.ts";
import { fillSlots } from "./slots.ts";
import { isIdle, type Word, wordsOf } from "./words.ts";

/** What may have been meant. Nothing of it has been done. */
export interface Proposal {
  tool: Tool;
  action: Action;
  /** 0 to 1. */
  score: number;
  /** Each is valid by the action's schema. */
  parameters: Record<string, unknown>;
  /** Needed and not heard, or heard and not clear. */
  missing: readonly string[];
  /** What was heard for a parameter that needs another form: "Ada" for a mail address. */
  unclear: ReadonlyMap<string, string>;
}

/** From here on a proposal is worth its name; below it is a guess. */
export const sureScore = 0.5;
/** Two proposals that are nearer to each other than this are both meant. */
export const closeScore = 0.06;

const leastScore = 0.25;
const mostProposals = 3;
const toldShare = 0.7;
const questionShare = 0.75;
const orderShares = { tell: 0.8, end: 0.5 } as const;
const otherServiceShare = 0.8;

interface Candidate {
  tool: Tool;
  action: Action;
  hearing: Hearing;
  patterns: readonly Pattern[];
}

/** Finds what a person may have meant by their words, best first; at most three. */
export type Interpreter = (transcript: string, now: Temporal.ZonedDateTime) => Proposal[];

/**
 * Learns how tools are asked for: by what each action `hears`, or by its description where it says nothing. Pure and
 * local: the same words at the same moment always give the same answer.
 */
export function createInterpreter(tools: readonly Tool[]): Interpreter {
  const stemsOf = createStems();
  const services = new Set(tools.flatMap(({ authService }) => authService ?? []));
  const candidates = tools.flatMap((tool) => tool.actions.map((action) => candidateOf(tool, action)));
  return (transcript, now) => {
    const said = hear(transcript, now, stemsOf, services);
    if (said.words.length === 0) return [];
    const isRefused = /^\W*(please\s+|no\W+)?(don[’']?t|do not|never|stop)\s(?!.{0,20}forget)/iu.test(transcript);
    return candidates
      .map((candidate) => propose(candidate, said, isRefused))
      .filter((proposal): proposal is Proposal => proposal !== undefined && proposal.score >= leastScore)
      .sort((a, b) => b.score - a.score || a.missing.length - b.missing.length || (idOf(a) < idOf(b) ? -1 : 1))
      .slice(0, mostProposals);
  };
}

const idOf = ({ tool, action }: Proposal): string => `${tool.id} ${action.id}`;

function candidateOf(tool: Tool, action: Action): Candidate {
  const hearing = action.hears ?? heardByDescription(tool, action);
  return { tool, action, hearing, patterns: hearing.says.map(readPattern) };
}

/** A tool that does not say how it is asked for is hinted at by the words of its descriptions and examples. */
function heardByDescription(tool: Tool, action: Action): Hearing {
  const own = `${action.id.replaceAll("_", " ")} ${action.description}`;
  const text = tool.actions.length === 1 ? `${own} ${tool.name} ${tool.examples.join(" ")}` : own;
  const telling = wordsOf(text).filter((word) => !isIdle(word) && /^[\p{L}\p{N}]+$/u.test(word.text));
  return { says: [...new Set(telling.map(({ text: word }) => `?${word}`))] };
}

function propose({ tool, action, hearing, patterns }: Candidate, said: Said, isRefused: boolean): Proposal | undefined {
  const { words } = said;
  const takesHints = !hearing.unless?.some((phrase) => said.find(phrase).length > 0);
  const first = weigh(patterns, said, words.length, takesHints);
  if (first.strength === 0) return undefined;
  const { parameters, unclear, taken, end, restFrom } = fillSlots(said, action.input, hearing, first.words);
  const evidence = askedBy(patterns, said, end, takesHints) ?? first;
  if (evidence.strength === 0 || (hearing.needs && !(hearing.needs in parameters))) return undefined;
  const wanted = [
    ...(action.input.required ?? []),
    ...Object.entries(hearing.slots ?? {}).flatMap(([name, { wanted: isWanted }]) => (isWanted ? [name] : [])),
    ...unclear.keys(),
  ];
  const missing = [...new Set(wanted)].filter((name) => !Object.hasOwn(parameters, name));
  const filled = wanted.length === 0 ? 1 : 1 - missing.length / new Set(wanted).size;
  const score =
    evidence.strength *
    likelihood(tool, action, said, Math.min(end, restFrom)) *
    (0.72 + 0.2 * explained(words, taken, evidence) + 0.08 * filled);
  return {
    tool,
    action,
    score: Math.round((isRefused ? score / 3 : score) * 1000) / 1000,
    parameters,
    missing,
    unclear,
  };
}

/** What asks for the action: said before anything that is only told, or else, less surely, within it. */
function askedBy(patterns: readonly Pattern[], said: Said, end: number, takesHints: boolean): Evidence {
  const told = Math.min(end, said.toldFrom);
  const head = weigh(patterns, said, told, takesHints);
  if (head.strength > 0 || told === end) return head;
  const whole = weigh(patterns, said, end, takesHints);
  return { ...whole, strength: whole.strength * toldShare };
}

/** How likely an action is meant at all: a question wants nothing changed, an order does, and who names a service means it. */
function likelihood(tool: Tool, action: Action, { isQuestion, order, services }: Said, end: number): number {
  const named = services.filter(({ at }) => at < end);
  const isOther = named.length > 0 && !named.some(({ service }) => service === tool.authService);
  const asOrdered = action.effect !== "read" ? (isQuestion ? questionShare : 1) : order ? orderShares[order] : 1;
  return asOrdered * (isOther ? otherServiceShare : 1);
}

/** The part of the telling words that the proposal accounts for. */
function explained(words: readonly Word[], taken: ReadonlySet<number>, { words: used }: Evidence): number {
  const telling = words.flatMap((word, at) => (isIdle(word) && !word.quoted ? [] : [at]));
  if (telling.length === 0) return 0;
  return telling.filter((at) => taken.has(at) || used.has(at)).length / telling.length;
}
