import type { Approval, ApprovalStore } from "./approval.ts";
import { type AuditStore, entryOf } from "./audit.ts";
import type { Call } from "./call.ts";
import {
  type ConfirmationStore,
  confirmationLifeMs,
  confirmationRequired,
  isKeepable,
  type KeptCall,
  type Missing,
} from "./confirmation.ts";
import type { Connection } from "./connection.ts";
import { callDigest } from "./digest.ts";
import { AppError } from "./errors.ts";
import type { EventStore } from "./event.ts";
import { type HeldKey, type IdempotencyStore, idempotencyLifeMs } from "./idempotency.ts";
import type { Outcome } from "./outcome.ts";
import { type QuotaStore, takeQuota } from "./quota.ts";
import { makeId } from "./secret.ts";
import type { Action, Tool } from "./tool.ts";

/** A call as far as it has come: found and checked. */
export interface Checked {
  call: Call;
  tool: Tool;
  action: Action;
  parameters: Record<string, unknown>;
}

/** The steps of the road that keep something beyond configs and usage. */
export interface Steps {
  confirmations: {
    /** The call that an id stands for. @throws AppError not_found */
    recall(call: Call): Promise<KeptCall & { askedAt: Date }>;
    /** Keeps a call that nobody confirmed yet. @throws AppError confirmation_required, always */
    refuse(checked: Checked, missing: Missing): Promise<never>;
    /** @throws AppError conflict when it was used already */
    use(id: string): Promise<void>;
  };
  idempotency: {
    /** Takes the key. Gives the first outcome when the same call ran before. @throws AppError conflict */
    begin(checked: Checked): Promise<Outcome | undefined>;
    /** The same look, without taking the key. */
    peek(checked: Checked): Promise<Outcome | undefined>;
    finish(call: Call, outcome: Outcome): Promise<void>;
    /** Frees a key whose call was refused before anything ran. */
    release(call: Call): Promise<void>;
  };
  /** Takes one call of the hour. @throws AppError rate_limited */
  quota(userId: string, tool: Tool): Promise<void>;
  /** Stores the call until someone settles it. @throws AppError approval_required, always */
  approvals(checked: Checked, prompt: string): Promise<never>;
  /** Opens a person's own service. @throws AppError auth_required */
  connections(checked: Checked): Promise<Connection>;
  audit: {
    /** Durable before a write acts. Gives the row that the outcome refers to. */
    intend(checked: Checked): Promise<number>;
    settle(checked: Checked, intent: number, outcome: Outcome, durationMs: number): Promise<void>;
    /** Reads, and what was refused before it ran. */
    note(
      found: Omit<Checked, "parameters"> & { parameters?: Record<string, unknown> },
      outcome: Outcome,
      durationMs: number,
    ): void;
  };
}

export interface StepStores {
  confirmations: ConfirmationStore;
  idempotency: IdempotencyStore;
  quotas: QuotaStore;
  approvals: ApprovalStore;
  events: EventStore;
  audit: AuditStore;
  now(): Date;
  /** Milliseconds that an approval waits for a person. */
  approvalLifeMs: number;
}

const mostPending = 50;

export function createSteps(stores: StepStores, connections: Steps["connections"]): Steps {
  const { now } = stores;
  const digest = ({ call, tool, action, parameters }: Checked): string =>
    callDigest(call.caller.userId, tool.id, action.id, parameters, call.account);
  return {
    confirmations: {
      async recall({ confirmationId = "", caller }) {
        const kept = await stores.confirmations.find(confirmationId, caller.userId, now());
        if (kept) return kept;
        throw new AppError("not_found", "This confirmation has expired, or never was", {
          hint: "Call again without confirmation_id.",
        });
      },
      async refuse(checked, missing) {
        const { call, tool, action, parameters } = checked;
        const expiresAt = new Date(now().getTime() + confirmationLifeMs);
        const isWhole = isKeepable(parameters);
        const kept = {
          toolId: tool.id,
          action: action.id,
          parameters: isWhole ? parameters : undefined,
          digest: digest(checked),
        };
        const id = await stores.confirmations.create({ ...kept, userId: call.caller.userId, expiresAt }, now());
        throw confirmationRequired(missing, id, isWhole);
      },
      async use(id) {
        if (!(await stores.confirmations.use(id))) {
          throw new AppError("conflict", "This confirmation was used already", { hint: "Look at mcqueen history." });
        }
      },
    },
    idempotency: {
      async begin(checked) {
        const { caller, idempotencyKey: key = "" } = checked.call;
        const expiresAt = new Date(now().getTime() + idempotencyLifeMs);
        return heldOutcome(
          await stores.idempotency.take(caller.userId, key, digest(checked), expiresAt, now()),
          digest(checked),
        );
      },
      async peek(checked) {
        const { caller, idempotencyKey: key = "" } = checked.call;
        return heldOutcome(await stores.idempotency.find(caller.userId, key, now()), digest(checked));
      },
      finish: ({ caller, idempotencyKey: key = "" }, outcome) => stores.idempotency.finish(caller.userId, key, outcome),
      release: ({ caller, idempotencyKey: key = "" }) => stores.idempotency.release(caller.userId, key),
    },
    quota: (userId, tool) => takeQuota(stores.quotas, userId, tool, now()),
    async approvals(checked, prompt) {
      if (!isKeepable(checked.parameters)) {
        throw new AppError(
          "payload_too_large",
          "This call has over 1 MiB, and one that waits for an approval takes less",
          {
            hint: "Make it with smaller files, or make it in a terminal.",
          },
        );
      }
      const fresh = newApproval(checked, prompt, digest(checked), stores);
      const approval = await stores.approvals.open(fresh, mostPending);
      if (approval.id === fresh.id)
        await stores.events.append({
          userId: approval.userId,
          kind: "approval.opened",
          data: { approval_id: approval.id, tool: approval.toolId, action: approval.action, prompt },
          at: now(),
        });
      throw new AppError("approval_required", "A person has been asked to approve this; nothing was done yet", {
        hint: "Come back with the approval's id.",
        metadata: { approval_id: approval.id, expires_at: approval.expiresAt.toISOString() },
      });
    },
    connections,
    audit: {
      intend: ({ call, tool, action, parameters }) =>
        stores.audit.append(entryOf(call, tool, action, parameters, now())),
      async settle({ call, tool, action, parameters }, intent, outcome, durationMs) {
        const entry = entryOf(call, tool, action, parameters, now(), outcome);
        await stores.audit.append({ ...entry, intent, durationMs: Math.round(durationMs) });
      },
      note({ call, tool, action, parameters }, outcome, durationMs) {
        stores.audit.appendLater({
          ...entryOf(call, tool, action, parameters, now(), outcome),
          durationMs: Math.round(durationMs),
        });
      },
    },
  };
}

/** @throws AppError conflict: a key of another call, or one whose call has no outcome */
function heldOutcome(held: HeldKey | undefined, digest: string): Outcome | undefined {
  if (!held) return undefined;
  if (held.digest !== digest) {
    throw new AppError("conflict", "This idempotency key belongs to a call with other parameters");
  }
  if (held.outcome) return held.outcome;
  throw new AppError(
    "conflict",
    "The call with this idempotency key is still running, or ended without telling its outcome",
    { hint: "Look at mcqueen history before you try again with another key." },
  );
}

function newApproval(
  { call, tool, action, parameters }: Checked,
  prompt: string,
  digest: string,
  stores: StepStores,
): Approval {
  const createdAt = stores.now();
  return {
    id: makeId("apr"),
    userId: call.caller.userId,
    toolId: tool.id,
    action: action.id,
    parameters,
    digest,
    prompt,
    caller: call.caller,
    account: call.account,
    idempotencyKey: call.idempotencyKey,
    status: "pending",
    createdAt,
    expiresAt: new Date(createdAt.getTime() + stores.approvalLifeMs),
    settledAt: undefined,
    settledBy: undefined,
    outcome: undefined,
  };
}
