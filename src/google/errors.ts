import { authRequired, type LoginReason } from "../core/auth-required.ts";
import { AppError } from "../core/errors.ts";
import { isRecord } from "../core/parameters.ts";

/** Who refused: the name a person knows, and the service whose login mends it. */
export interface GoogleService {
  name: string;
  service: string;
  /** The person's name for the account. */
  account?: string;
}

interface Refusal {
  status: number;
  message: string;
  reasons: readonly string[];
  /** Where the API is switched on, when Google names it. */
  enableUrl: string | undefined;
}

/**
 * Turns a refusal of one of Google's APIs into ours. Nothing but Google's own sentence is taken over, and of that 200
 * characters. `waitS` is what its Retry-After asks. https://developers.google.com/workspace/calendar/api/guides/errors
 */
export function refusedByGoogle(of: GoogleService, status: number, json: unknown, waitS?: number): AppError {
  const refusal = readRefusal(status, json);
  const { name } = of;
  const metadata = { provider: name, upstream_status: status };
  const has = (reasons: RegExp): boolean => refusal.reasons.some((reason) => reasons.test(reason));
  const login = (reason: LoginReason): AppError => {
    const { service, account } = of;
    const needed = authRequired({
      service,
      reason,
      ...(account ? { account } : {}),
      ...(reason === "ended" ? { causes } : {}),
    });
    const hint = needed.hint ?? "";
    return new AppError(needed.code, needed.message, { hint, metadata: { ...metadata, ...needed.metadata } });
  };
  if (status === 401) return login("ended");
  if (has(notEnabled)) {
    return new AppError("not_configured", `${name} is not switched on in the Google project of this client id`, {
      hint: refusal.enableUrl ? `Switch it on: ${refusal.enableUrl}` : "Switch it on in the Google Cloud console.",
      metadata: { ...metadata, ...(refusal.enableUrl ? { enable_url: refusal.enableUrl } : {}) },
    });
  }
  if (has(narrowScope) || /insufficient authentication scopes/i.test(refusal.message)) return login("missing_scopes");
  if (status === 429 || has(tooMany)) {
    const retryAfterS = waitS ?? (has(/^dailyLimitExceeded$/) ? 3_600 : 60);
    const hint = has(/^dailyLimitExceeded$/)
      ? "The day's quota is used up. It begins anew at midnight in California."
      : `Try again in ${retryAfterS} s.`;
    return new AppError("rate_limited", `${name} is asked too often`, { hint, metadata, retryAfterS });
  }
  const sentence = printed(refusal.message);
  if (status === 404 || (status === 400 && unknownId.test(refusal.message)))
    return new AppError("not_found", `${name} has no such entry`, { metadata });
  if (status === 410) return new AppError("not_found", `${name} says that it is gone: ${sentence}`, { metadata });
  if (status === 409) return new AppError("conflict", `${name} has it already: ${sentence}`, { metadata });
  if (status === 412) {
    return new AppError("conflict", "It was changed by somebody else meanwhile, so nothing was done", {
      hint: "Look at it again, then try again.",
      metadata,
    });
  }
  return new AppError("upstream_rejected", `${name} answered ${status}: ${sentence}`, { metadata });
}

const causes = ["access was removed at myaccount.google.com/permissions", "the account's password was changed"];
/** Gmail's answer to an id that has not even the form of one. */
const unknownId = /^Invalid id value\b/;
const notEnabled = /^(accessNotConfigured|SERVICE_DISABLED)$/;
const narrowScope = /^(insufficientPermissions|insufficientScopes|ACCESS_TOKEN_SCOPE_INSUFFICIENT)$/;
const tooMany =
  /^(rateLimitExceeded|userRateLimitExceeded|dailyLimitExceeded|quotaExceeded|calendarUsageLimitsExceeded|RATE_LIMIT_EXCEEDED|RESOURCE_EXHAUSTED)$/;

function readRefusal(status: number, json: unknown): Refusal {
  // Some of Google's front doors wrap the answer in a list.
  const body: unknown = Array.isArray(json) ? json[0] : json;
  const error = isRecord(body) && isRecord(body.error) ? body.error : {};
  const message = typeof error.message === "string" ? error.message : "";
  const details = [...records(error.errors), ...records(error.details)];
  const reasons = [error.status, ...details.map(({ reason }) => reason)].filter((reason) => typeof reason === "string");
  return { status, message, reasons, enableUrl: findConsoleUrl(details, message) };
}

const records = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);

function findConsoleUrl(details: readonly Record<string, unknown>[], message: string): string | undefined {
  const named = details.flatMap(({ metadata, extendedHelp, links }) => [
    isRecord(metadata) ? metadata.activationUrl : undefined,
    extendedHelp,
    ...records(links).map(({ url }) => url),
  ]);
  return [...named, ...(message.match(/https:\/\/\S+/g) ?? [])].find(isConsoleUrl);
}

/** The address is shown to be opened, so it has to be Google's. */
const isConsoleUrl = (url: unknown): url is string =>
  typeof url === "string" &&
  url.length < 300 &&
  /^https:\/\/console\.(developers|cloud)\.google\.com\/[\w./?=&%+:-]+$/.test(url);

const longestSentence = 200;

/** Google's own sentence, bounded, and without what a terminal could act on. */
function printed(message: string): string {
  const text = message.length > longestSentence ? `${message.slice(0, longestSentence).trimEnd()}…` : message;
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim() || "it gave no reason";
}
