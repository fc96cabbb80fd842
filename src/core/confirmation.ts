import { AppError } from "./errors.ts";
import type { Action } from "./tool.ts";
import type { Voice } from "./voice.ts";

/** A refused call, kept so that its confirmation runs exactly it. */
export interface KeptCall {
  toolId: string;
  action: string;
  /** Absent for a large one, of which the digest alone is kept: it has to come again, unchanged. */
  parameters: Record<string, unknown> | undefined;
  digest: string;
}

export interface ConfirmationStore {
  /** Gives the id. */
  create(kept: KeptCall & { userId: string; expiresAt: Date }, now: Date): Promise<string>;
  /** An expired, used or foreign one is not found. */
  find(id: string, userId: string, now: Date): Promise<(KeptCall & { askedAt: Date }) | undefined>;
  /** True for exactly one of many at once. */
  use(id: string): Promise<boolean>;
  sweep(now: Date): Promise<void>;
}

export const confirmationLifeMs = 10 * 60 * 1000;

/** Whether a call is small enough to be kept until somebody says yes; one with files may be none of that. */
export const isKeepable = (parameters: Record<string, unknown>): boolean =>
  Buffer.byteLength(JSON.stringify(parameters)) <= mostKeptBytes;

const mostKeptBytes = 1024 * 1024;

/** The fields that a person still has to confirm. */
export interface Missing {
  fields: string[];
  prompt: string;
}

/**
 * Compares what a person confirmed with what would run.
 * A field is confirmed by `true` or by the value itself, read back.
 * @returns what is missing, or undefined when all is confirmed
 * @throws AppError invalid_parameters when a value differs
 */
export async function checkConfirmations(
  action: Action,
  hasSeveralActions: boolean,
  parameters: Record<string, unknown>,
  voice: Voice,
  given: Record<string, unknown> = {},
): Promise<Missing | undefined> {
  const wanted = fieldsToConfirm(action, hasSeveralActions, parameters);
  const actual = (field: string): unknown => (field === "action" ? action.id : parameters[field]);
  // Also a field that need not be confirmed, or a value for one that was not given: somebody heard something else.
  const named = new Set([
    ...wanted,
    ...Object.keys(given).filter((field) => field !== "action" && field in action.input.properties),
  ]);
  const differing = [...named].filter((field) => isGiven(given[field]) && !matches(given[field], actual(field)));
  if (differing.length > 0) {
    const problems = differing.map((field) => `The confirmed value of ${field} differs from the parameter`);
    throw new AppError("invalid_parameters", `Parameter validation failed: ${problems.join("; ")}`, {
      hint: "Read the values back again and confirm what will be done.",
      metadata: { mismatched: differing },
    });
  }
  const fields = wanted.filter((field) => !isGiven(given[field]));
  return fields.length > 0 ? { fields, prompt: await promptOf(action, parameters, voice) } : undefined;
}

/** The question about a call, in a person's own locale and zone. */
export const promptOf = async (action: Action, parameters: Record<string, unknown>, voice: Voice): Promise<string> =>
  (await action.confirmation?.prompt(parameters, voice)) ?? `${action.description}?`;

/** The refusal of a call that nobody confirmed yet. @param isWhole whether its parameters are kept, and need not come again */
export const confirmationRequired = ({ fields, prompt }: Missing, id: string, isWhole: boolean): AppError =>
  new AppError("confirmation_required", `Voice confirmation required for: ${fields.join(", ")}`, {
    hint: `Read the prompt to the person and call again with voice_confirmations${isWhole ? "" : " and all parameters"}.`,
    metadata: { requires_confirmation: fields, confirmation_prompt: prompt, confirmation_id: id },
  });

/** The refusal to run by its id alone what was too large to be kept. */
export const notKept = (): AppError =>
  new AppError("invalid_parameters", "This call has over 1 MiB, so its parameters were not kept", {
    hint: "Send all of them again, with confirmation_id and voice_confirmations.",
  });

/** @throws AppError conflict when the call is not the one that was kept */
export function requireSameCall(kept: KeptCall, digest: string): void {
  if (digest === kept.digest) return;
  throw new AppError("conflict", "The parameters differ from those that were to be confirmed, so nothing was done", {
    hint: "Call again without confirmation_id, and confirm the new values.",
  });
}

/** The fields of this very call: the action's list without the optional fields that were not given, or are as they are without a word. */
function fieldsToConfirm(action: Action, hasSeveralActions: boolean, parameters: Record<string, unknown>): string[] {
  const { fields = [], whereGiven = [] } = action.confirmation ?? {};
  const isUnsaid = (field: string): boolean =>
    Bun.deepEquals(parameters[field], action.input.properties[field]?.default);
  return [
    ...fields.filter((field) => (field === "action" ? hasSeveralActions : parameters[field] !== undefined)),
    ...whereGiven.filter((field) => parameters[field] !== undefined && !isUnsaid(field)),
  ];
}

/** `false`, null and an absent field are all "not confirmed". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

function matches(confirmed: unknown, actual: unknown): boolean {
  if (confirmed === true || Bun.deepEquals(confirmed, actual)) return true;
  return !isObject(confirmed) && !isObject(actual) && String(confirmed) === String(actual);
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
