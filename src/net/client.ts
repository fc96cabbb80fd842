import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import type { AnswerCache } from "../core/cache.ts";
import { AppError } from "../core/errors.ts";
import type { HttpClient, UpstreamAnswer, UpstreamRequest } from "../core/http-client.ts";
import type { PaceStore } from "../core/pace.ts";
import type { ProviderHealthStore } from "../core/provider-health.ts";
import { readBounded } from "./body.ts";
import { enterCircuit } from "./circuit.ts";
import { statusFault, timeoutError, transportFault, UpstreamFault } from "./faults.ts";
import { expiryOf } from "./headers.ts";
import { waitForTurn } from "./pace.ts";

export interface HttpClientOptions {
  userAgent: string;
  now(): Date;
  health: ProviderHealthStore;
  pace: PaceStore;
  cache?: AnswerCache;
  /** First pause before a second try, in milliseconds; doubles, with jitter. */
  pauseMs?: number;
  /** How long a failing provider is left alone before one request may try again, in milliseconds. */
  halfOpenAfterMs?: number;
}

const defaultDeadlineMs = 10_000;
const retries = 2;

/** What bounds one request with all its tries. */
interface Bounds {
  deadlineMs: number;
  /** By performance.now(). */
  endsAt: number;
  signal: AbortSignal;
  /** Rejects when the signal is aborted. */
  aborted: Promise<never>;
}

/** The one HTTP client of all adapters. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return {
    async json(request) {
      const key = request.cache === undefined ? undefined : keyOf(request);
      const kept = key && !request.renew && (await options.cache?.get(key, options.now()));
      if (kept) return { ...kept, headers: new Headers(), cached: true };
      const answer = await sendWithTries(request, buildUrl(request));
      if (key && options.cache && answer.status < 300 && request.keep?.(answer.json) !== false) {
        const now = options.now();
        const expires = request.cache === "expires" ? expiryOf(answer.headers, now) : after(now, request.cache ?? 0);
        if (expires > now) {
          options.cache.put(key, { status: answer.status, json: answer.json }, expires, now);
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
    const bounds: Bounds = { deadlineMs, endsAt, signal, aborted };
    let met: UpstreamFault | undefined;
    const sendAndRemember = async (): Promise<UpstreamAnswer> => {
      try {
        return await sendOnce(request, url, bounds);
      } catch (error) {
        if (error instanceof UpstreamFault) met = error;
        // A second try that was not let out is no news: what the first one met is.
        throw error instanceof AppError && met ? met.shown : error;
      }
    };
    try {
      return await Promise.race([tries.execute(sendAndRemember, signal), aborted]);
    } catch (error) {
      throw shownError(error, request, deadline, deadlineMs);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async function sendOnce(request: UpstreamRequest, url: URL, bounds: Bounds): Promise<UpstreamAnswer> {
    bounds.signal.throwIfAborted();
    const circuit = await enterCircuit(options, request.provider);
    try {
      if (request.pace) await waitForTurn(options.pace, request.provider, request.pace, bounds);
      const answer = await exchange(request, url, bounds);
      circuit.succeeded();
      return answer;
    } catch (error) {
      if (error instanceof UpstreamFault) circuit.failed(error);
      else circuit.abandoned();
      throw error;
    }
  }

  async function exchange(request: UpstreamRequest, url: URL, bounds: Bounds): Promise<UpstreamAnswer> {
    const { signal, deadlineMs } = bounds;
    const sentAt = performance.now();
    const send = async (): Promise<[Response, string]> => {
      const response = await fetch(url, {
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
      return [response, await readBounded(response, request.mostBytes)];
    };
    try {
      // The race, so that a deadline is counted at once: a command may end before a broken request does.
      const [response, text] = await Promise.race([send(), bounds.aborted]);
      return readAnswer(request, response, text, options.now());
    } catch (error) {
      if (error instanceof UpstreamFault || request.signal?.aborted) throw error;
      // A provider that never answers must be left alone too, or each call would wait for the whole deadline.
      const late = timeoutError(request.provider, deadlineMs);
      const hadTime = performance.now() - sentAt >= deadlineMs / 2;
      if (signal.aborted) throw hadTime ? new UpstreamFault(late, false, true) : late;
      throw transportFault(error, request.provider);
    }
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
  const isUnread = status === 204 || request.ignoreBody || (request.mayBeEmpty && text === "");
  const json = isUnread ? undefined : parse(text, provider);
  const refusal = request.refusal?.(status, json, headers);
  if (refusal) throw new UpstreamFault(refusal, false, false);
  return { status, headers, json, cached: false };
}

function parse(text: string, provider: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UpstreamFault(
      new AppError("upstream_rejected", `${provider} answered something that is not JSON`, {
        hint: "The service has trouble of its own, or a network's page came in between. Try again later.",
        metadata: { provider },
      }),
      true,
      true,
    );
  }
}

function shownError(error: unknown, request: UpstreamRequest, deadline: AbortSignal, deadlineMs: number): unknown {
  const { provider } = request;
  if (error instanceof UpstreamFault) return error.shown;
  if (request.signal?.aborted) return request.signal.reason;
  if (!deadline.aborted) return error;
  return timeoutError(provider, deadlineMs);
}

function buildUrl(request: UpstreamRequest): URL {
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** Hashed, because a URL may hold a key. */
const keyOf = ({ provider, url, query, body, form, audience }: UpstreamRequest): string =>
  Bun.CryptoHasher.hash(
    "sha256",
    JSON.stringify([provider, String(url), query ?? null, body ?? null, form ?? null, audience ?? null]),
    "hex",
  );

const after = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);
