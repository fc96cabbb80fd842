/** The closed list of failures. One row says how each is spoken at every entrance. */
export const codes = {
  internal: { http: 500, exit: 1, means: "a defect of ours; logged with the request id" },
  usage: { http: 400, exit: 2, means: "unknown command or flag, unreadable input" },
  invalid_parameters: { http: 400, exit: 2, means: "parameters that the schema refuses; all named at once" },
  payload_too_large: { http: 413, exit: 2, means: "a body over the limit" },
  unsupported_media_type: { http: 415, exit: 2, means: "a body that is not JSON" },
  misdirected: { http: 421, exit: 2, means: "a Host that this daemon does not serve" },
  unauthenticated: { http: 401, exit: 3, means: "no session or token, or one that is not valid" },
  auth_required: { http: 200, exit: 3, means: "the service needs a login" },
  confirmation_required: { http: 200, exit: 4, means: "a person has to confirm what was understood" },
  approval_required: { http: 200, exit: 4, means: "a person has to approve it at another place" },
  declined: { http: 200, exit: 4, means: "a person said no" },
  upstream_rejected: { http: 502, exit: 5, means: "the service answered no, or something unreadable" },
  not_found: { http: 404, exit: 6, means: "unknown tool, account, place or id" },
  conflict: { http: 409, exit: 6, means: "exists already, in use, or changed meanwhile" },
  rate_limited: { http: 429, exit: 7, means: "too many requests; the answer says when to come back" },
  forbidden: { http: 403, exit: 8, means: "not allowed for this caller" },
  tool_disabled: { http: 403, exit: 8, means: "the user switched this tool off" },
  upstream_unavailable: { http: 503, exit: 9, means: "the service cannot be reached" },
  timeout: { http: 504, exit: 9, means: "the deadline passed" },
  not_configured: { http: 501, exit: 10, means: "a key or client id is missing" },
  unavailable: { http: 503, exit: 1, means: "we cannot: disk full, database busy" },
} as const satisfies Record<string, { http: number; exit: number; means: string }>;

export type ErrorCode = keyof typeof codes;

export interface ErrorDetails {
  /** What mends it: a sentence, or a command after "Run: ". */
  hint?: string;
  /** Machine-readable facts for the envelope's `metadata`. Never a secret. */
  metadata?: Record<string, unknown>;
  /** Seconds after which a new try makes sense. */
  retryAfterS?: number;
  cause?: unknown;
}

/** A failure that we understand. Anything else that is thrown becomes `internal`, and nothing of it is shown. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly metadata: Record<string, unknown>;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = details.hint;
    this.retryAfterS = details.retryAfterS;
    this.metadata = { ...details.metadata, ...(details.retryAfterS ? { retry_after: details.retryAfterS } : {}) };
  }
}

/** The refusal of bad input: all its problems in one sentence, and one by one for programs. */
export function invalidParameters(problems: readonly string[], hint?: string): AppError {
  return new AppError("invalid_parameters", `Parameter validation failed: ${problems.join("; ")}`, {
    ...(hint ? { hint } : {}),
    metadata: { problems },
  });
}
