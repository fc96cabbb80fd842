import { type Approval, type ApprovalStore, requireApprover } from "./approval.ts";
import { type AuditEntry, type AuditStore, who } from "./audit.ts";
import { type Call, type Caller, lineageOf } from "./call.ts";
import type { DeviceStore } from "./device.ts";
import { AppError } from "./errors.ts";
import type { EventStore } from "./event.ts";
import { cameOfRevoked } from "./identity.ts";
import type { Failure, Outcome } from "./outcome.ts";

/** An approval as every list shows it; field names are the wire's. */
export interface ListedApproval {
  id: string;
  tool: string;
  action: string;
  parameters: Record<string, unknown>;
  /** What would be done, as a question. */
  prompt: string;
  asked_by: { entrance: string; credential_id: string };
  status: string;
  created_at: string;
  expires_at: string;
  settled_at: string | null;
  settled_by: string | null;
}

export interface WaitOptions {
  signal?: AbortSignal | undefined;
  /** Whether the caller still may; asked again and again. */
  isWelcome?: () => Promise<boolean>;
}

export interface ApprovalDesk {
  list(userId: string, all: boolean): Promise<ListedApproval[]>;
  /** @throws AppError not_found, also for another user's */
  show(userId: string, id: string): Promise<ListedApproval>;
  /** Runs the call, once whoever else approves it too, and gives its outcome. @throws AppError forbidden, conflict, not_found */
  approve(approver: Caller, id: string): Promise<Outcome>;
  /** Also open to who asked. @throws AppError forbidden, conflict, not_found */
  deny(caller: Caller, id: string): Promise<void>;
  /** What came of it, for who asked: the outcome, or why there is none yet. */
  outcome(userId: string, id: string): Promise<Outcome>;
  /** Waits until it is settled, or so many milliseconds. */
  wait(userId: string, id: string, waitMs: number, options?: WaitOptions): Promise<Outcome>;
  /** Says no to all that a credential asked for which has ended, and those that go back to it. */
  withdraw(by: Caller, credentialId: string): Promise<void>;
  /** Deletes what was settled long ago, and marks what was taken and never finished. */
  tidy(): Promise<void>;
}

export interface ApprovalDeskParts {
  approvals: ApprovalStore;
  events: EventStore;
  audit: AuditStore;
  devices: Pick<DeviceStore, "find">;
  execute(call: Call): Promise<Outcome>;
  now(): Date;
  /** Receives what went wrong after an act. */
  report(error: unknown): void;
}

/** Longer than any action may run: whatever was taken before that and has no outcome will never have one. */
const lostAfterMs = 11 * 60 * 1000;
const keptMs = 30 * 24 * 60 * 60 * 1000;
const pollMs = 100;
const mostListed = 200;

export function createApprovalDesk(parts: ApprovalDeskParts): ApprovalDesk {
  const { approvals, now } = parts;
  const find = async (userId: string, id: string): Promise<Approval> => {
    const approval = await approvals.find(id);
    if (approval?.userId === userId) return aged(approval, now());
    throw new AppError("not_found", `There is no approval ${id}`);
  };
  const record = async (caller: Caller, approval: Approval, detail: string): Promise<void> => {
    const entry: AuditEntry = {
      ...who(caller),
      kind: "approval",
      at: now(),
      toolId: approval.toolId,
      action: approval.action,
      approvalId: approval.id,
      code: "ok",
      detail,
    };
    await parts.audit.append(entry);
    const { id: approval_id, toolId: tool, action } = approval;
    const data = { approval_id, tool, action, decision: detail };
    await parts.events.append({ userId: approval.userId, kind: "approval.settled", data, at: now() });
  };
  const withdraw = async (by: Caller, credentialId: string): Promise<void> => {
    for (const approval of await approvals.withdraw(credentialId, by.credentialId, now()))
      await record(by, approval, "denied, since who asked for it was revoked");
  };
  const desk: ApprovalDesk = {
    withdraw,
    async list(userId, all) {
      return (await approvals.list(userId, all ? "all" : "pending", mostListed)).map((each) =>
        listApproval(aged(each, now())),
      );
    },
    show: async (userId, id) => listApproval(await find(userId, id)),
    async approve(approver, id) {
      const approval = await find(approver.userId, id);
      requireApprover(approval, approver);
      requirePending(approval);
      // One that was on its way when its device was revoked has come in after the others were settled.
      if (await cameOfRevoked(parts.devices, lineageOf(approval.caller))) {
        await withdraw(approver, approval.caller.credentialId);
        throw notTaken(await find(approver.userId, id));
      }
      if (!(await approvals.take(id, approver.credentialId, now()))) throw notTaken(await find(approver.userId, id));
      try {
        await record(approver, approval, "approved");
      } catch (error) {
        await approvals.settle(id, "failed", notBegun);
        throw error;
      }
      const outcome = await parts.execute(approvedCall(approval));
      await approvals.settle(id, outcome.ok ? "done" : "failed", outcome).catch((error: unknown) => {
        // It has happened; that it could not be written down must not hide its outcome.
        outcome.metadata.unrecorded = true;
        parts.report(error);
      });
      return outcome;
    },
    async deny(caller, id) {
      const approval = await find(caller.userId, id);
      if (caller.credentialId !== approval.caller.credentialId) requireApprover(approval, caller);
      requirePending(approval);
      if (!(await approvals.deny(id, caller.credentialId, now()))) throw notTaken(await find(caller.userId, id));
      await record(caller, approval, "denied");
    },
    outcome: async (userId, id) => outcomeOf(await find(userId, id)),
    async wait(userId, id, waitMs, { signal, isWelcome } = {}) {
      const until = performance.now() + waitMs;
      for (;;) {
        if (isWelcome && !(await isWelcome())) throw new AppError("unauthenticated", "Invalid authentication token");
        const approval = await find(userId, id);
        const isOpen = approval.status === "pending" || approval.status === "running";
        if (!isOpen || performance.now() >= until || signal?.aborted) return outcomeOf(approval);
        await Bun.sleep(pollMs);
      }
    },
    async tidy() {
      await approvals.giveUp(new Date(now().getTime() - lostAfterMs), lost);
      await approvals.prune(new Date(now().getTime() - keptMs));
    },
  };
  return desk;
}

/** What was taken so long ago and has no outcome will never have one. */
function aged(approval: Approval, now: Date): Approval {
  const takenMs = approval.settledAt?.getTime() ?? now.getTime();
  if (approval.status !== "running" || now.getTime() - takenMs <= lostAfterMs) return approval;
  return { ...approval, status: "failed", outcome: lost };
}

function requirePending(approval: Approval): void {
  if (approval.status !== "pending") throw notTaken(approval);
}

/** Whoever did not take it does not run it, whatever a second look says: a clock may have moved in between. */
function notTaken({ id, status }: Approval): AppError {
  const state = {
    pending: "could not be taken",
    running: "is being done already",
    done: "was done",
    failed: "was tried and failed",
    denied: "was denied",
    expired: "has expired",
  }[status];
  return new AppError("conflict", `The approval ${id} ${state}`, { metadata: { status } });
}

const approvedCall = (approval: Approval): Call => ({
  tool: approval.toolId,
  action: approval.action,
  parameters: approval.parameters,
  caller: approval.caller,
  approvedId: approval.id,
  askedAt: approval.createdAt,
  ...(approval.account ? { account: approval.account } : {}),
  ...(approval.idempotencyKey ? { idempotencyKey: approval.idempotencyKey } : {}),
});

function outcomeOf(approval: Approval): Outcome {
  if (approval.outcome)
    return { ...approval.outcome, metadata: { ...approval.outcome.metadata, approval_id: approval.id } };
  const metadata = { approval_id: approval.id, status: approval.status, expires_at: approval.expiresAt.toISOString() };
  if (approval.status === "denied")
    return { ok: false, code: "declined", message: "A person said no, so nothing was done", metadata };
  if (approval.status === "expired")
    return { ok: false, code: "declined", message: "Nobody approved this in time, so nothing was done", metadata };
  if (approval.status === "running") {
    return { ok: false, code: "approval_required", message: "It was approved and is being done", metadata };
  }
  return {
    ok: false,
    code: "approval_required",
    message: "A person has been asked to approve this; nothing was done yet",
    hint: "Come back with the approval's id.",
    metadata,
  };
}

const notBegun: Failure = {
  ok: false,
  code: "unavailable",
  message: "The approval could not be written down, so nothing was done",
  hint: "Ask again.",
  metadata: {},
};

const lost: Failure = {
  ok: false,
  code: "unavailable",
  message: "The program ended while it did this; whether it happened is not known",
  hint: "Look at the service itself before you ask again. It was not tried a second time.",
  metadata: {},
};

const listApproval = (approval: Approval): ListedApproval => ({
  id: approval.id,
  tool: approval.toolId,
  action: approval.action,
  parameters: approval.parameters,
  prompt: approval.prompt,
  asked_by: { entrance: approval.caller.entrance, credential_id: approval.caller.credentialId },
  status: approval.status,
  created_at: approval.createdAt.toISOString(),
  expires_at: approval.expiresAt.toISOString(),
  settled_at: approval.settledAt?.toISOString() ?? null,
  settled_by: approval.settledBy ?? null,
});
