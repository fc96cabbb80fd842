import { AppError } from "./errors.ts";
import type { Action } from "./tool.ts";

/**
 * Compares what a person confirmed with what would run.
 * A field is confirmed by `true` or by the value itself, read back.
 * @throws AppError confirmation_required when a field is missing, invalid_parameters when a value differs
 */
export function requireConfirmations(
  action: Action,
  hasSeveralActions: boolean,
  parameters: Record<string, unknown>,
  given: Record<string, unknown> = {},
): void {
  const wanted = fieldsToConfirm(action, hasSeveralActions, parameters);
  const actual = (field: string): unknown => (field === "action" ? action.id : parameters[field]);
  const differing = wanted.filter((field) => isGiven(given[field]) && !matches(given[field], actual(field)));
  if (differing.length > 0) {
    throw new AppError(
      "invalid_parameters",
      `Parameter validation failed: ${differing.map((field) => `The confirmed value of ${field} differs from the parameter`).join("; ")}`,
      { hint: "Read the values back again and confirm what will be done.", metadata: { mismatched: differing } },
    );
  }
  const missing = wanted.filter((field) => !isGiven(given[field]));
  if (missing.length === 0) return;
  throw new AppError("confirmation_required", `Voice confirmation required for: ${missing.join(", ")}`, {
    hint: "Read the prompt to the person and call again with voice_confirmations.",
    metadata: { requires_confirmation: missing, confirmation_prompt: action.confirmation?.prompt(parameters) },
  });
}

/** The fields of this very call: the action's list without the optional fields that were not given. */
function fieldsToConfirm(action: Action, hasSeveralActions: boolean, parameters: Record<string, unknown>): string[] {
  return (action.confirmation?.fields ?? []).filter((field) =>
    field === "action" ? hasSeveralActions : parameters[field] !== undefined,
  );
}

/** `false`, null and an absent field are all "not confirmed". */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

function matches(confirmed: unknown, actual: unknown): boolean {
  return (
    confirmed === true ||
    Bun.deepEquals(confirmed, actual) ||
    (!isObject(actual) && String(confirmed) === String(actual))
  );
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
