import type { AuditFilter, AuditKind, AuditRow } from "./audit.ts";
import { AppError } from "./errors.ts";
import type { UsageSummary } from "./usage.ts";

/** A line of the history; field names are the wire's. */
export interface ListedAudit {
  seq: number;
  at: string;
  kind: string;
  tool: string | null;
  action: string | null;
  effect: string | null;
  entrance: string;
  credential_id: string;
  parameters: Record<string, unknown> | null;
  code: string;
  message: string | null;
  provider: string | null;
  duration_ms: number | null;
  /** The line of the intent that this outcome belongs to. */
  intent: number | null;
  approval_id: string | null;
  detail: string | null;
  request_id: string | null;
}

export const listAudit = (row: AuditRow): ListedAudit => ({
  seq: row.seq,
  at: row.at.toISOString(),
  kind: row.kind,
  tool: row.toolId ?? null,
  action: row.action ?? null,
  effect: row.effect ?? null,
  entrance: row.entrance,
  credential_id: row.credentialId,
  parameters: row.parameters ?? null,
  code: row.code,
  message: row.message ?? null,
  provider: row.provider ?? null,
  duration_ms: row.durationMs ?? null,
  intent: row.intent ?? null,
  approval_id: row.approvalId ?? null,
  detail: row.detail ?? null,
  request_id: row.requestId ?? null,
});

/** What a person typed to narrow the history down. */
export interface HistoryQuery {
  tool?: string | undefined;
  kind?: string | undefined;
  code?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  cursor?: string | undefined;
  limit?: string | undefined;
}

const kinds: readonly AuditKind[] = [
  "intent",
  "run",
  "config",
  "profile",
  "places",
  "login",
  "session",
  "user",
  "token",
  "account",
  "approval",
  "policy",
  "device",
  "client",
  "restore",
];
const defaultLimit = 50;
const mostRows = 500;

/** @throws AppError invalid_parameters naming each bad field */
export function readHistoryQuery(
  userId: string,
  query: HistoryQuery,
): { filter: AuditFilter; before: number | undefined; limit: number } {
  const problems: string[] = [];
  const moment = (name: "since" | "until"): Date | undefined => {
    const given = query[name];
    if (given === undefined) return undefined;
    const at = new Date(given);
    if (Number.isNaN(at.getTime())) problems.push(`Field ${name} must be a time like 2026-01-31T00:00:00Z`);
    return at;
  };
  const whole = (name: "cursor" | "limit", most: number): number | undefined => {
    const given = query[name];
    if (given === undefined) return undefined;
    if (/^[1-9]\d{0,15}$/.test(given) && Number(given) <= most) return Number(given);
    problems.push(`Field ${name} must be a whole number from 1 to ${most}`);
    return undefined;
  };
  if (query.kind !== undefined && !kinds.includes(query.kind as AuditKind)) {
    problems.push(`Field kind must be one of: ${kinds.join(", ")}`);
  }
  const since = moment("since");
  const until = moment("until");
  const before = whole("cursor", Number.MAX_SAFE_INTEGER);
  const limit = whole("limit", mostRows) ?? defaultLimit;
  if (problems.length > 0) {
    throw new AppError("invalid_parameters", `Parameter validation failed: ${problems.join("; ")}`, {
      metadata: { problems },
    });
  }
  const filter: AuditFilter = {
    userId,
    ...(query.tool === undefined ? {} : { toolId: query.tool }),
    ...(query.kind === undefined ? {} : { kind: query.kind as AuditKind }),
    ...(query.code === undefined ? {} : { code: query.code }),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
  return { filter, before, limit };
}

export interface ListedUsage {
  tool: string;
  calls: number;
  failures: Record<string, number>;
  latency_ms: { p50: number; p95: number };
  providers: { provider: string; calls: number; failures: number }[];
}

export const listUsage = (usage: UsageSummary): ListedUsage => ({
  tool: usage.toolId,
  calls: usage.calls,
  failures: usage.failures as Record<string, number>,
  latency_ms: { p50: usage.p50Ms, p95: usage.p95Ms },
  providers: usage.providers,
});
