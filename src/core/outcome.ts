import { AppError, type ErrorCode } from "./errors.ts";

export type Metadata = Record<string, unknown>;

export interface Success {
  ok: true;
  data: unknown;
  metadata: Metadata;
}

export interface Failure {
  ok: false;
  code: ErrorCode;
  message: string;
  hint?: string;
  metadata: Metadata;
}

/** What a call led to. A failure that the caller can act on is a value here, not an exception. */
export type Outcome = Success | Failure;

/** The envelope on the wire, the same over REST and in `--json`. */
export type Envelope =
  | { success: true; data: unknown; metadata: Metadata }
  | { success: false; error: string; error_code?: ErrorCode; hint?: string; message?: string; metadata: Metadata };

export function failure(error: AppError, metadata: Metadata = {}): Failure {
  return {
    ok: false,
    code: error.code,
    message: error.message,
    ...(error.hint ? { hint: error.hint } : {}),
    metadata: { ...metadata, ...error.metadata },
  };
}

/** Turns an outcome into its wire form. Of an internal failure only the two fixed sentences leave. */
export function toEnvelope(outcome: Outcome): Envelope {
  if (outcome.ok) return { success: true, data: outcome.data, metadata: outcome.metadata };
  const { code, message, hint, metadata } = outcome;
  if (code === "internal") {
    return {
      success: false,
      error: "Internal server error",
      error_code: code,
      message: "Something went wrong",
      metadata,
    };
  }
  return { success: false, error: message, error_code: code, ...(hint ? { hint } : {}), metadata };
}

/** Gives an AppError for whatever was thrown; `report` receives what must not be shown. */
export function understand(thrown: unknown, report: (unknown: unknown) => void): AppError {
  if (thrown instanceof AppError) {
    if (thrown.code === "internal") report(thrown);
    return thrown;
  }
  report(thrown);
  return new AppError("internal", "Internal server error", { cause: thrown });
}
