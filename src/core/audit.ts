import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import type { Call, Caller } from "./call.ts";
import type { ErrorCode } from "./errors.ts";
import type { Outcome } from "./outcome.ts";
import type { Action, Tool } from "./tool.ts";

export type AuditKind =
  | "intent"
  | "run"
  | "config"
  | "profile"
  | "places"
  | "login"
  | "session"
  | "user"
  | "token"
  | "account"
  | "approval"
  | "policy"
  | "device"
  | "client"
  | "restore";

/** One line of what was done in a person's name. */
export interface AuditEntry {
  userId: string;
  kind: AuditKind;
  at: Date;
  /** Another user that the line is about. */
  subjectId?: string;
  toolId?: string;
  action?: string;
  effect?: string;
  entrance: string;
  credentialId: string;
  /** What was asked for, without what the schema marks as not to be kept. */
  parameters?: Record<string, unknown>;
  code: ErrorCode | "ok" | "pending";
  message?: string;
  durationMs?: number;
  provider?: string;
  /** The row of the intent that this outcome settles. */
  intent?: number;
  approvalId?: string;
  detail?: string;
  requestId?: string;
}

export interface AuditRow extends AuditEntry {
  seq: number;
}

export interface AuditFilter {
  userId?: string;
  toolId?: string;
  kind?: AuditKind;
  code?: string;
  since?: Date;
  until?: Date;
}

export interface AuditStore {
  /** Durable when it returns. Gives the row's number. */
  append(entry: AuditEntry): Promise<number>;
  /** May reach the disk a moment later. */
  appendLater(entry: AuditEntry): void;
  /** Newest first, from below the cursor. Erased rows are left out. */
  page(filter: AuditFilter, before: number | undefined, limit: number): Promise<AuditRow[]>;
  /** Walks the chain. @param head a digest that was noted earlier, which has to be in it still */
  verify(head?: string): Promise<AuditVerdict>;
  /** Takes a user's payloads away; the chain stays. */
  erase(userId: string): Promise<void>;
  /** Deletes the beginning, and keeps its last digest as the anchor. */
  prune(before: Date): Promise<number>;
}

export interface AuditVerdict {
  ok: boolean;
  rows: number;
  erased: number;
  /** The digest of the newest row: keep it elsewhere to notice a chain that was rewritten whole. */
  head: string;
  /** The first row that does not fit. */
  broken?: { seq: number; reason: string };
}

/** A schema option: "hide" keeps nothing of a value in the audit, "length" only how long it is. */
export const auditMark = "x-audit";

/** The parameters as they are kept. */
export function forAudit(schema: TObject, parameters: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, keep(schema.properties[name], value)]),
  );
}

/** Schemas with nothing inside them, so that a mark can only be their own. */
const plainKinds: ReadonlySet<string> = new Set(["String", "Number", "Integer", "Boolean", "Literal", "Null"]);

function keep(schema: TSchema | undefined, value: unknown): unknown {
  if (!schema || (plainKinds.has(schema[Kind]) && !(auditMark in schema))) return value;
  if (schema[auditMark] === "length") return `[${String(value).length} characters]`;
  if (schema[auditMark] === "hide") return "[hidden]";
  if (schema[Kind] === "Object" && typeof value === "object" && value !== null) {
    return forAudit(schema as TObject, value as Record<string, unknown>);
  }
  if (schema[Kind] === "Array" && Array.isArray(value)) return value.map((item) => keep(schema.items as TSchema, item));
  // A mark anywhere inside another kind of schema hides the whole value: rather too much than too little.
  return JSON.stringify(schema).includes(`"${auditMark}"`) ? "[hidden]" : value;
}

/** The line of a call, before (`pending`) or after it ran. */
export function entryOf(
  call: Call,
  tool: Tool,
  action: Action,
  parameters: Record<string, unknown> | undefined,
  at: Date,
  outcome?: Outcome,
): AuditEntry {
  return {
    ...who(call.caller),
    kind: outcome ? "run" : "intent",
    at,
    toolId: tool.id,
    action: action.id,
    effect: action.effect,
    ...(parameters ? { parameters: forAudit(action.input, parameters) } : {}),
    code: outcome ? (outcome.ok ? "ok" : outcome.code) : "pending",
    ...(outcome && !outcome.ok ? { message: outcome.message } : {}),
    ...(outcome?.metadata.provider ? { provider: String(outcome.metadata.provider) } : {}),
    ...(outcome?.metadata.dry_run ? { detail: "dry run" } : {}),
    ...(outcome?.metadata.replayed ? { detail: "an earlier outcome, told again" } : {}),
    ...(call.approvedId ? { approvalId: call.approvedId } : {}),
    ...(call.requestId ? { requestId: call.requestId } : {}),
  };
}

export const who = ({ userId, entrance, credentialId }: Caller) => ({ userId, entrance, credentialId });
