import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
} from "cockatiel";
import type { AnswerCache } from "../core/cache.ts";
import { AppError } from "../core/errors.ts";
import type { HttpClient, UpstreamAnswer, UpstreamRequest } from "../core/http-client.ts";
import { OversizedBody, readBounded } from "./body.ts";
import { expiryOf, retryAfterOf } from "./headers.ts";

export interface HttpClientOptions {
  userAgent: string;
  now(): Date;
  cache?: AnswerCache;
  /** First pause before a second try, in milliseconds; doubles, with jitter. */
  pauseMs?: number;
  /** How long an open circuit waits before it lets one request try again, in milliseconds. */
  halfOpenAfterMs?: number;
}

const defaultDeadlineMs = 10_000;
const retries = 2;
const failuresThatOpen = 5;

/** A failure on the way to a provider, with what the retry and the circuit need to know about it. */
class UpstreamFault extends Error {
  constructor(
    readonly shown: AppError,
    readonly transient: boolean,
    readonly countsAgainstCircuit: boolean,
  ) {
    super(shown.message);
  }
}

/** The one HTTP client of all adapters. Circuits are kept per provider, for the life of the client. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const circuits = new Map<string, CircuitBreakerPolicy>();
  const circuitOf = (provider: string): CircuitBreakerPolicy => {
    const known = circuits.get(provider);
    if (known) return known;
    const made = circuitBreaker(
      handleWhen((error) => error instanceof UpstreamFault && error.countsAgainstCircuit),
      { halfOpenAfter: options.halfOpenAfterMs ?? 30_000, breaker: new ConsecutiveBreaker(failuresThatOpen) },
    );
    circuits.set(provider, made);
    return made;
  };

  return {
    async json(request) {
      const url = buildUrl(request);
      const key = request.cache === undefined ? undefined : keyOf(request.provider, url);
      const kept = key && (await options.cache?.get(key, options.now()));
      if (kept)
        return { ...(JSON.parse(kept) as { status: number; json: unknown }), headers: new Headers(), cached: true };
      const answer = await sendWithTries(request, url);
      if (key && options.cache && answer.status < 300 && request.keep?.(answer.json) !== false) {
        const now = options.now();
        const expires = request.cache === "expires" ? expiryOf(answer.headers, now) : after(now, request.cache ?? 0);
        if (expires > now) {
          options.cache.put(key, JSON.stringify({ status: answer.status, json: answer.json }), expires, now);
        }
      }
      return answer;
    },
  };

  async function sendWithTries(request: UpstreamRequest, url: URL): Promise<UpstreamAnswer> {
    const deadlineMs = request.deadlineMs ?? defaultDeadlineMs;
    const endsAt = performance.now() + deadlineMs;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    const idempotent = request.idempotent ?? (request.method ?? "GET") === "GET";
    const pauseMs = options.pauseMs ?? 200;

    const pauseAfter = (error: unknown, attempt: number): number => {
      const asked = error instanceof UpstreamFault ? (error.shown.retryAfterS ?? 0) * 1000 : 0;
      return Math.max(asked, pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
    };
    // A pause that would outlast the deadline is not worth starting: the answer then says when to come back.
    const worthRetrying = (error: unknown): boolean =>
      idempotent &&
      error instanceof UpstreamFault &&
      error.transient &&
      performance.now() + Math.max((error.shown.retryAfterS ?? 0) * 1000, pauseMs) < endsAt;
    const tries = retry(handleWhen(worthRetrying), {
      maxAttempts: retries,
      backoff: new DelegateBackoff(({ attempt, result }) =>
        pauseAfter("error" in result ? result.error : undefined, attempt),
      ),
    }).dangerouslyUnref();

    const { promise: aborted, reject } = Promise.withResolvers<never>();
    aborted.catch(() => undefined);
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const circuit = circuitOf(request.provider);
      const sending = tries.execute(() => circuit.execute(() => sendOnce(request, url, signal, deadlineMs)), signal);
      return await Promise.race([sending, aborted]);
    } catch (error) {
      throw shownError(error, request, deadline, deadlineMs);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async function sendOnce(
    request: UpstreamRequest,
    url: URL,
    signal: AbortSignal,
    deadlineMs: number,
  ): Promise<UpstreamAnswer> {
    signal.throwIfAborted();
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: request.method ?? "GET",
        headers: {
          "user-agent": options.userAgent,
          accept: "application/json",
          ...contentTypeOf(request),
          ...request.headers,
        },
        ...bodyOf(request),
        redirect: "error",
        signal,
      });
      text = await readBounded(response);
    } catch (error) {
      if (request.signal?.aborted) throw error;
      // A provider that never answers must open its circuit too, or each call would wait for the whole deadline.
      if (signal.aborted) throw new UpstreamFault(timeoutError(request.provider, deadlineMs), false, true);
      throw transportFault(error, request.provider);
    }
    return readAnswer(request, response, text, options.now());
  }
}

const contentTypeOf = ({ body, form }: UpstreamRequest): Record<string, string> =>
  form ? { "content-type": "application/x-www-form-urlencoded" } : body === undefined ? {} : jsonType;

const jsonType = { "content-type": "application/json" };

const bodyOf = ({ body, form }: UpstreamRequest): { body?: string } =>
  form ? { body: String(new URLSearchParams(form)) } : body === undefined ? {} : { body: JSON.stringify(body) };

function readAnswer(request: UpstreamRequest, response: Response, text: string, now: Date): UpstreamAnswer {
  const { provider } = request;
  const { status, headers } = response;
  const wanted = response.ok || request.accept?.(status) === true;
  if (!wanted) throw statusFault(provider, status, headers, now);
  if (status === 204) return { status, headers, json: undefined, cached: false };
  try {
    return { status, headers, json: JSON.parse(text), cached: false };
  } catch {
    throw new UpstreamFault(
      new AppError("upstream_rejected", `${provider} answered something that is not JSON`, { metadata: { provider } }),
      true,
      true,
    );
  }
}

function statusFault(provider: string, status: number, headers: Headers, now: Date): UpstreamFault {
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

function transportFault(error: unknown, provider: string): UpstreamFault {
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

function shownError(error: unknown, request: UpstreamRequest, deadline: AbortSignal, deadlineMs: number): unknown {
  const { provider } = request;
  if (error instanceof UpstreamFault) return error.shown;
  if (error instanceof BrokenCircuitError) {
    return new AppError(
      "upstream_unavailable",
      `${provider} failed several times in a row and is left alone for a while`,
      {
        hint: "Try again in half a minute.",
        metadata: { provider },
        retryAfterS: 30,
      },
    );
  }
  if (request.signal?.aborted) return request.signal.reason;
  if (!deadline.aborted) return error;
  return timeoutError(provider, deadlineMs);
}

const timeoutError = (provider: string, deadlineMs: number): AppError =>
  new AppError("timeout", `${provider} did not answer within ${deadlineMs / 1000} s`, {
    hint: "Try again, or give it longer with --timeout.",
    metadata: { provider },
  });

function buildUrl(request: UpstreamRequest): URL {
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** Hashed, because a URL may hold a key. */
const keyOf = (provider: string, url: URL): string =>
  new Bun.CryptoHasher("sha256").update(`${provider}\n${url}`).digest("hex");

const after = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
