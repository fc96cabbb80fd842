import { type Caller, lineageOf } from "./call.ts";
import { AppError } from "./errors.ts";
import type { Outcome } from "./outcome.ts";

export type ApprovalStatus = "pending" | "running" | "done" | "denied" | "failed" | "expired";

/** A call that waits for a person at another place than the one it came from. */
export interface Approval {
  id: string;
  userId: string;
  toolId: string;
  action: string;
  parameters: Record<string, unknown>;
  digest: string;
  /** What would be done, as a question. */
  prompt: string;
  /** Who asked, and by which door. */
  caller: Caller;
  account: string | undefined;
  idempotencyKey: string | undefined;
  status: ApprovalStatus;
  createdAt: Date;
  expiresAt: Date;
  settledAt: Date | undefined;
  settledBy: string | undefined;
  outcome: Outcome | undefined;
}

export interface ApprovalStore {
  /** Stores it, or gives the pending one of the same call by the same credential. */
  open(approval: Approval, mostPending: number): Promise<Approval>;
  find(id: string): Promise<Approval | undefined>;
  list(userId: string, status: "pending" | "all", limit: number): Promise<Approval[]>;
  /** Takes a pending one to run it. True for exactly one of many at once. */
  take(id: string, by: string, now: Date): Promise<boolean>;
  deny(id: string, by: string, now: Date): Promise<boolean>;
  /** Denies what waits for this credential, or for one that goes back to it. Gives what it denied. */
  withdraw(credentialId: string, by: string, now: Date): Promise<Approval[]>;
  settle(id: string, status: "done" | "failed", outcome: Outcome): Promise<void>;
  /** Marks as failed what was taken before that time and never settled. */
  giveUp(takenBefore: Date, outcome: Outcome): Promise<void>;
  prune(before: Date): Promise<void>;
}

/** Whether one was made by the other, or both by a third: whoever holds one could have made the other. */
function areKin(approver: Caller, asker: Caller): boolean {
  if (approver.entrance === "cli") return false;
  const family = new Set(lineageOf(asker));
  return lineageOf(approver).some((credential) => family.has(credential));
}

/**
 * Whether somebody may say yes: the same user, at another place, by another credential, in person.
 * A program's token never may, nor the local token, which every program of the user can read.
 * @throws AppError forbidden
 */
export function requireApprover(approval: Approval, approver: Caller): void {
  if (approver.credentialId === approval.caller.credentialId || areKin(approver, approval.caller)) {
    throw new AppError("forbidden", "Who asked for this cannot approve it");
  }
  const isInPerson =
    approver.entrance === "device" ||
    (approver.entrance === "cli" && approver.interactive) ||
    (approver.entrance === "rest" && approver.credentialId.startsWith("ses_"));
  if (approver.bounds) throw new AppError("forbidden", "A device that may not do everything approves nothing");
  if (approver.grant || !isInPerson)
    throw new AppError("forbidden", "Only a person, at a terminal or a phone, can approve this");
}
