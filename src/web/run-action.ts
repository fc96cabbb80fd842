import type { ListedAction } from "../core/listing.ts";
import { isRecord } from "./results/parts.tsx";
import { ask } from "./session.ts";
import type { Answer, Refusal } from "./wire.ts";

export interface Done {
  data: unknown;
  metadata: Record<string, unknown>;
}

export interface Run {
  tool: string;
  action: ListedAction;
  /** Whether the tool has several actions, so that the call has to name one. */
  isNamed: boolean;
  parameters: Record<string, unknown>;
}

/** A call that waits for a person's yes. */
export interface Asked {
  confirmationId: string;
  prompt: string;
  fields: string[];
}

const bodyOf = ({ action, isNamed, parameters }: Run): Record<string, unknown> => ({
  parameters: isNamed ? { action: action.id, ...parameters } : parameters,
});

export const execute = (run: Run): Promise<Answer<Done>> =>
  ask(`/mcp/tools/${encodeURIComponent(run.tool)}/execute`, { body: bodyOf(run) });

/** Runs what was confirmed, with the very values that were read back: others would be refused. */
export function executeConfirmed(run: Run, asked: Asked): Promise<Answer<Done>> {
  const values: Record<string, unknown> = { ...run.parameters, action: run.action.id };
  return ask(`/mcp/tools/${encodeURIComponent(run.tool)}/execute`, {
    body: {
      ...bodyOf(run),
      confirmation_id: asked.confirmationId,
      voice_confirmations: Object.fromEntries(asked.fields.map((field) => [field, values[field] ?? true])),
    },
  });
}

/** The question in a refusal, where it is one. */
export function askedIn({ code, message, metadata }: Refusal): Asked | undefined {
  if (code !== "confirmation_required" || typeof metadata.confirmation_id !== "string") return undefined;
  const fields = Array.isArray(metadata.requires_confirmation) ? metadata.requires_confirmation.map(String) : [];
  const prompt = String(metadata.confirmation_prompt ?? message);
  return { confirmationId: metadata.confirmation_id, prompt, fields };
}

/** The service that a refusal wants a login to. */
export function loginIn({ code, metadata }: Refusal): string | undefined {
  return code === "auth_required" && isRecord(metadata) ? String(metadata.requires_auth ?? "") : undefined;
}
