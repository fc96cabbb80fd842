import type { Grant } from "./api-token.ts";
import type { ClientLimits } from "./client.ts";
import type { Role } from "./user.ts";

export type Entrance = "cli" | "rest" | "mcp" | "device";

/** Who asks, and by which door. Made by an entrance from the credential alone. */
export interface Caller {
  userId: string;
  role: Role;
  entrance: Entrance;
  credentialId: string;
  /** The door that its credential is for, where it came in by another. */
  door?: Entrance;
  /** Whether a person sits at the other end and can be asked now. */
  interactive: boolean;
  /** The credentials that this one was made by, nearest first; a person at a terminal is none. */
  lineage?: readonly string[];
  /** The limits of an API token; absent for a person. */
  grant?: Grant;
  /** The paired device behind a session, which rules may name. */
  deviceId?: string;
  /** The bounds of that device; absent when it has none. */
  bounds?: Grant;
  /** What a person let this program reach at most; absent where nobody held it back. */
  limits?: ClientLimits;
}

/** The only tools that a credential is for; undefined means every tool. */
export const toolsOf = ({ grant, bounds }: Caller): readonly string[] | undefined => grant?.tools ?? bounds?.tools;

/** Whether a credential may see what belongs to a tool; what belongs to none is for those that are for every tool. */
export const isFor = (caller: Caller, toolId: unknown): boolean =>
  toolsOf(caller)?.some((each) => each === toolId) ?? true;

/** What a credential made by this caller goes back to. */
export const lineageOf = ({ credentialId, lineage = [] }: Caller): string[] =>
  credentialId === "terminal" ? [...lineage] : [credentialId, ...lineage];

/** One request to run one action. */
export interface Call {
  tool: string;
  action?: string;
  parameters: unknown;
  caller: Caller;
  account?: string;
  /** `true`, or the value that was read back, by field. */
  confirmations?: Record<string, unknown>;
  confirmationId?: string;
  /** Set when an approved call runs; never taken from a wire. */
  approvedId?: string;
  /** When a person was asked about it, where that was before: what "tomorrow" meant then, it still means. */
  askedAt?: Date;
  idempotencyKey?: string;
  dryRun?: boolean;
  /** Milliseconds for the run of the action. */
  timeoutMs?: number;
  requestId?: string;
  signal?: AbortSignal;
  progress?: (text: string) => void;
}
