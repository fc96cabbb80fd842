import type { AppError } from "./errors.ts";

/** One request to an upstream provider, as an adapter states it. The client in `net` adds the rest. */
export interface UpstreamRequest {
  /** The name a person knows, used in sentences and as the circuit's key: "Open-Meteo". */
  provider: string;
  url: string | URL;
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as a form, instead of `body`. */
  form?: Record<string, string>;
  /** Whether a second try is harmless. Default: true for GET. */
  idempotent?: boolean;
  /** Milliseconds for all tries together. Default 10,000. */
  deadlineMs?: number;
  /** Bytes that an answer may have at most, after decompression. Default 10 MiB. */
  mostBytes?: number;
  signal?: AbortSignal;
  /** HTTP statuses, beside 2xx, that the adapter wants to read itself. */
  accept?: (status: number) => boolean;
  /** The status says all, so the answer's body may be anything, also nothing. */
  ignoreBody?: boolean;
  /**
   * Reads a refusal out of an answer that has a good or an accepted status, in the provider's own words. What it gives
   * is thrown, counts as this provider's failure, and is neither kept nor tried again.
   */
  refusal?: (status: number, json: unknown, headers: Headers) => AppError | undefined;
  /**
   * The least milliseconds between two requests to this provider, over all processes of one home; after a rest, `burst` of
   * them (1) may go at once. `key` defaults to the provider.
   */
  pace?: { everyMs: number; burst?: number; key?: string };
  /** Keep the answer this many seconds in the shared cache; `expires` follows the answer's own header. */
  cache?: number | "expires";
  /** Ask the service although an answer may be kept; the new one is kept in its place. */
  renew?: boolean;
  /** Whose answer it is: a kept one is given to requests of the same audience only. Everyone's unless told. */
  audience?: string;
  /** Whether an answer is worth keeping; without it, every good status is. */
  keep?: (json: unknown) => boolean;
  /** The body may be empty, for answers that say all in their headers. */
  mayBeEmpty?: true;
}

export interface UpstreamAnswer {
  status: number;
  headers: Headers;
  /** The parsed JSON body; undefined for 204, which has none, and for an empty one that was allowed to be. */
  json: unknown;
  /** True when the shared cache answered. */
  cached: boolean;
}

export interface HttpClient {
  /**
   * Sends a request and reads a JSON answer.
   * @throws AppError upstream_unavailable (no route, refused, reset, circuit open), timeout, rate_limited (429, or its
   *   turn would come after the deadline), upstream_rejected (other statuses, unreadable or oversized bodies)
   */
  json(request: UpstreamRequest): Promise<UpstreamAnswer>;
}
