import { AppError, type ErrorCode } from "../../core/errors.ts";

/** A provider that was asked and failed, as it appears in `metadata.failed_providers`. */
export interface Fallthrough {
  provider: string;
  code: ErrorCode;
  reason: string;
}

interface Provider<Answer> {
  name: string;
  ask(): Promise<Answer>;
}

const providerCodes: readonly ErrorCode[] = ["upstream_rejected", "upstream_unavailable", "timeout", "rate_limited"];

/**
 * Asks one provider after the other until one answers.
 * @param failed receives those that failed before
 * @param problem begins the sentence when all failed: "The weather could not be fetched"
 * @throws AppError with the most telling code of the failures; at once for a failure that no other provider would mend
 */
export async function fallThrough<Answer>(
  providers: readonly Provider<Answer>[],
  signal: AbortSignal,
  failed: Fallthrough[],
  problem: string,
  hint: string,
): Promise<Answer> {
  const errors: AppError[] = [];
  for (const { name, ask } of providers) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError) || !providerCodes.includes(error.code)) throw error;
      errors.push(error);
      failed.push({ provider: name, code: error.code, reason: error.message });
    }
  }
  throw allFailed(errors, failed.slice(-errors.length), failed, problem, hint);
}

function allFailed(
  errors: readonly AppError[],
  these: readonly Fallthrough[],
  failed: readonly Fallthrough[],
  problem: string,
  hint: string,
): AppError {
  const reasons = these.map(({ provider, reason }) =>
    reason.startsWith(provider) ? reason : `${provider}: ${reason}`,
  );
  const [first] = errors;
  const code = tellingCode(errors.map((error) => error.code));
  const waits = code === "rate_limited" && first?.retryAfterS !== undefined ? { retryAfterS: first.retryAfterS } : {};
  return new AppError(code, `${problem}: ${reasons.join("; ")}`, {
    hint: errors.length === 1 && first?.hint && code === "rate_limited" ? first.hint : hint,
    metadata: { failed_providers: failed },
    ...waits,
  });
}

function tellingCode(found: readonly ErrorCode[]): ErrorCode {
  if (found.every((code) => code === "timeout")) return "timeout";
  if (found.every((code) => code === "timeout" || code === "upstream_unavailable")) return "upstream_unavailable";
  return found[0] === "rate_limited" ? "rate_limited" : "upstream_rejected";
}
