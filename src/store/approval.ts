import type { Approval, ApprovalStatus, ApprovalStore } from "../core/approval.ts";
import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  tool_id: string;
  action: string;
  parameters: string;
  digest: string;
  prompt: string;
  caller: string;
  account: string | null;
  idempotency_key: string | null;
  status: Exclude<ApprovalStatus, "expired">;
  created_at: string;
  expires_at: string;
  settled_at: string | null;
  settled_by: string | null;
  outcome: string | null;
}

const columns =
  "id, user_id, tool_id, action, parameters, digest, prompt, caller, account, idempotency_key, status, created_at, expires_at, settled_at, settled_by, outcome";

export function createApprovalStore(db: Connection, now: () => Date): ApprovalStore {
  const settlePending = (id: string, status: "running" | "denied", by: string, at: Date): boolean =>
    db.run(
      "UPDATE approvals SET status = ?, settled_by = ?, settled_at = ? WHERE id = ? AND status = 'pending' AND expires_at > ?",
      status,
      by,
      at.toISOString(),
      id,
      at.toISOString(),
    ) === 1;
  const toApproval = (row: Row): Approval => ({
    id: row.id,
    userId: row.user_id,
    toolId: row.tool_id,
    action: row.action,
    parameters: JSON.parse(row.parameters) as Record<string, unknown>,
    digest: row.digest,
    prompt: row.prompt,
    caller: JSON.parse(row.caller) as Caller,
    account: row.account ?? undefined,
    idempotencyKey: row.idempotency_key ?? undefined,
    status: row.status === "pending" && row.expires_at <= now().toISOString() ? "expired" : row.status,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    settledAt: row.settled_at === null ? undefined : new Date(row.settled_at),
    settledBy: row.settled_by ?? undefined,
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as Outcome),
  });
  return {
    open: async (approval, mostPending) =>
      db.transaction(() => {
        const at = approval.createdAt.toISOString();
        const pending = db
          .all<Row>(
            `SELECT ${columns} FROM approvals WHERE user_id = ? AND status = 'pending' AND expires_at > ?`,
            approval.userId,
            at,
          )
          .map(toApproval);
        const same = pending.find(
          ({ digest, caller }) => digest === approval.digest && caller.credentialId === approval.caller.credentialId,
        );
        if (same) return same;
        const own = pending.filter(({ caller }) => caller.credentialId === approval.caller.credentialId);
        if (own.length >= mostPending) {
          throw new AppError("rate_limited", `${own.length} calls wait for an approval already`, {
            hint: "Settle them first.",
            retryAfterS: 60,
          });
        }
        db.run(
          `INSERT INTO approvals (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, NULL, NULL, NULL)`,
          approval.id,
          approval.userId,
          approval.toolId,
          approval.action,
          JSON.stringify(approval.parameters),
          approval.digest,
          approval.prompt,
          JSON.stringify(approval.caller),
          approval.account ?? null,
          approval.idempotencyKey ?? null,
          at,
          approval.expiresAt.toISOString(),
        );
        return approval;
      }),
    async find(id) {
      const row = db.get<Row>(`SELECT ${columns} FROM approvals WHERE id = ?`, id);
      return row && toApproval(row);
    },
    async list(userId, status, limit) {
      const only = status === "pending" ? "AND status = 'pending' AND expires_at > ?" : "AND created_at <> ?";
      return db
        .all<Row>(
          `SELECT ${columns} FROM approvals WHERE user_id = ? ${only} ORDER BY created_at DESC LIMIT ?`,
          userId,
          status === "pending" ? now().toISOString() : "",
          limit,
        )
        .map(toApproval);
    },
    take: async (id, by, at) => settlePending(id, "running", by, at),
    deny: async (id, by, at) => settlePending(id, "denied", by, at),
    withdraw: async (credentialId, by, at) =>
      db.transaction(() =>
        db
          .all<Row>(
            `SELECT ${columns} FROM approvals WHERE status = 'pending' AND expires_at > ? AND (
               caller ->> '$.credentialId' = ? OR EXISTS (SELECT 1 FROM json_each(caller, '$.lineage') WHERE value = ?))`,
            at.toISOString(),
            credentialId,
            credentialId,
          )
          .filter(({ id }) => settlePending(id, "denied", by, at))
          .map(toApproval),
      ),
    async settle(id, status, outcome) {
      db.run(
        "UPDATE approvals SET status = ?, outcome = ? WHERE id = ? AND status = 'running'",
        status,
        JSON.stringify(outcome),
        id,
      );
    },
    async giveUp(takenBefore, outcome) {
      db.run(
        "UPDATE approvals SET status = 'failed', outcome = ? WHERE status = 'running' AND settled_at < ?",
        JSON.stringify(outcome),
        takenBefore.toISOString(),
      );
    },
    async prune(before) {
      db.run("DELETE FROM approvals WHERE expires_at < ? AND status <> 'running'", before.toISOString());
    },
  };
}
