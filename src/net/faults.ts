import { AppError } from "../core/errors.ts";
import { OversizedBody } from "./body.ts";
import { retryAfterOf } from "./headers.ts";

/** A failure on the way to a provider, with what the tries and the circuit need to know about it. */
export class UpstreamFault extends Error {
  constructor(
    readonly shown: AppError,
    readonly transient: boolean,
    /** Whether it counts against the provider; a refusal shows that it is alive. */
    readonly theirs: boolean,
  ) {
    super(shown.message);
  }
}

/** A status that nobody wanted. */
export function statusFault(provider: string, status: number, headers: Headers, now: Date): UpstreamFault {
  const metadata = { provider, upstream_status: status };
  const retryAfterS = retryAfterOf(headers, now);
  const waits = retryAfterS === undefined ? {} : { retryAfterS };
  if (status === 429) {
    const error = new AppError("rate_limited", `${provider} is asked too often`, {
      hint: retryAfterS ? `Try again in ${retryAfterS} s.` : "Try again in a minute.",
      metadata,
      ...waits,
    });
    return new UpstreamFault(error, true, false);
  }
  const isTheirs = status >= 500;
  const error = new AppError("upstream_rejected", `${provider} answered ${status}`, {
    hint: isTheirs
      ? "The service has trouble of its own. Try again later."
      : (hints[status] ?? "The service refused the request."),
    metadata,
    ...waits,
  });
  return new UpstreamFault(error, isTheirs, isTheirs);
}

const hints: Record<number, string> = {
  401: "Check the key of this service: mcqueen settings",
  403: "The key or this computer's address is not allowed there.",
};

/** A connection that did not come about, or broke. */
export function transportFault(error: unknown, provider: string): UpstreamFault {
  if (error instanceof OversizedBody) {
    const shown = new AppError("upstream_rejected", `${provider} sent ${error.message}`, { metadata: { provider } });
    return new UpstreamFault(shown, false, true);
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = transportReasons[code] ?? "the connection broke";
  return new UpstreamFault(
    new AppError("upstream_unavailable", `${provider} cannot be reached: ${reason}`, {
      hint: "Check the network connection, then try again.",
      metadata: { provider },
    }),
    true,
    true,
  );
}

const transportReasons: Record<string, string> = {
  ENOTFOUND: "its name was not found",
  EAI_AGAIN: "its name was not found",
  ECONNREFUSED: "the connection was refused",
  ConnectionRefused: "the connection was refused",
  ECONNRESET: "the connection was reset",
  ConnectionClosed: "the connection was closed",
  ENETUNREACH: "there is no route to it",
  EHOSTUNREACH: "there is no route to it",
  UnexpectedRedirect: "it answered with a redirect",
};

export const timeoutError = (provider: string, deadlineMs: number): AppError =>
  new AppError("timeout", `${provider} did not answer within ${deadlineMs / 1000} s`, {
    hint: "Try again, or give it longer with --timeout.",
    metadata: { provider },
  });
