import type { Call } from "./call.ts";
import { AppError } from "./errors.ts";
import type { Outcome } from "./outcome.ts";
import type { Action, Tool } from "./tool.ts";

/** Remembers the outcome of a keyed call, so that a second one with the same key does nothing new. */
export interface Idempotency {
  /** Takes the key. Gives the first outcome when the same call ran before. @throws AppError conflict */
  begin(call: Call, tool: Tool, action: Action, parameters: Record<string, unknown>): Promise<Outcome | undefined>;
  finish(call: Call, tool: Tool, outcome: Outcome): Promise<void>;
  /** Frees a key whose call was refused before anything ran. */
  release(call: Call, tool: Tool): Promise<void>;
}

/** Counts calls an hour and user. */
export interface Quota {
  /** Takes one call. @throws AppError rate_limited */
  take(userId: string, tool: Tool): Promise<void>;
}

/** Asks a person at another place. */
export interface Approvals {
  /** Stores the call until someone settles it. @throws AppError approval_required, with the approval's id */
  request(call: Call, tool: Tool, action: Action, parameters: Record<string, unknown>): Promise<void>;
}

/** Opens a person's own service. */
export interface Connections {
  /** @throws AppError auth_required */
  open(call: Call, tool: Tool, action: Action): Promise<void>;
}

/** The record of what was done in a person's name. */
export interface Audit {
  /** Durable before a write acts. Gives the row to settle. */
  intend(call: Call, tool: Tool, action: Action, parameters: Record<string, unknown>): Promise<string>;
  settle(row: string, outcome: Outcome, durationMs: number): Promise<void>;
}

/** The steps of the road that keep something beyond configs and usage. */
export interface Steps {
  idempotency: Idempotency;
  quota: Quota;
  approvals: Approvals;
  connections: Connections;
  audit: Audit;
}

/** Steps that nothing stands behind: each refuses the calls that would need it, and lets the others pass. */
export const closedSteps: Steps = {
  idempotency: {
    begin: () => refuse("invalid_parameters", "Idempotency keys are not kept by this build"),
    finish: async () => undefined,
    release: async () => undefined,
  },
  quota: { take: () => refuse("unavailable", "Quotas are not counted by this build") },
  approvals: { request: () => refuse("forbidden", "Nobody can approve this call in this build") },
  connections: { open: () => refuse("not_configured", "Logins to services are not kept by this build") },
  audit: {
    intend: () => refuse("unavailable", "Writes are not recorded by this build, so none is made"),
    settle: async () => undefined,
  },
};

async function refuse(
  code: "invalid_parameters" | "unavailable" | "forbidden" | "not_configured",
  message: string,
): Promise<never> {
  throw new AppError(code, message);
}
