import type { ListedApproval } from "../src/core/approval-desk.ts";
import type { Envelope } from "../src/core/outcome.ts";
import type { ApprovalBackend } from "./backend.ts";
import type { Field, Whole } from "./remote-people.ts";

type Send = (method: string, path: string, body?: unknown, options?: { timeoutMs?: number }) => Promise<Envelope>;

/** Approvals of a daemon elsewhere. */
export function createRemoteApprovals(field: Field, whole: Whole, send: Send): ApprovalBackend {
  const path = (id: string): string => `mcp/approvals/${encodeURIComponent(id)}`;
  return {
    list: (all) => field<ListedApproval[]>("approvals", "GET", `mcp/approvals${all ? "?all=true" : ""}`),
    show: (id) => field<ListedApproval>("approval", "GET", path(id)),
    approve: (id) => send("POST", `${path(id)}/approve`),
    deny: async (id) => void (await whole("POST", `${path(id)}/deny`)),
    outcome: (id, waitMs) =>
      send("GET", `${path(id)}/outcome?wait_s=${Math.ceil(waitMs / 1000)}`, undefined, { timeoutMs: waitMs + 40_000 }),
  };
}
