import type { Connection } from "../core/connection.ts";
import { AppError } from "../core/errors.ts";
import type { HttpClient, UpstreamRequest } from "../core/http-client.ts";
import { type GoogleService, refusedByGoogle } from "./errors.ts";

export interface GoogleOptions extends GoogleService {
  /** Stands for https://www.googleapis.com; may have a path. */
  baseUrl: string;
  http: HttpClient;
  connection: Connection;
  signal: AbortSignal;
  /** Requests that may be sent twice although they are no GET. */
  isRead?: (path: string) => boolean;
  /** As in UpstreamRequest, for whom its usual limits are too narrow. */
  deadlineMs?: number;
  mostBytes?: number;
}

/**
 * What Google's library sends its requests by: our own client, with its deadline, tries and limits. The token is put in
 * here, so that no error of the library ever holds it. A refused token is renewed once.
 * @throws AppError whatever Google refused, in our codes
 */
export function createGoogleFetch(options: GoogleOptions) {
  const { http, connection, signal } = options;
  const send = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    const method = (init.method ?? "GET") as NonNullable<UpstreamRequest["method"]>;
    const etag = new Headers(init.headers).get("if-match");
    const ask = (token: string) =>
      http.json({
        provider: options.name,
        url: `${options.baseUrl.replace(/\/+$/, "")}${pathname}${search}`,
        method,
        headers: { authorization: `Bearer ${token}`, ...(etag ? { "if-match": etag } : {}) },
        ...(typeof init.body === "string" ? { body: JSON.parse(init.body) as unknown } : {}),
        idempotent: method === "GET" || options.isRead?.(pathname) === true,
        signal,
        ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
        ...(options.mostBytes === undefined ? {} : { mostBytes: options.mostBytes }),
        // Our client tries again after 429 and 5xx; the rest is an answer to be read.
        accept: (status) => status >= 400 && status < 500 && status !== 429,
      });
    let answer = await ask(await connection.accessToken());
    if (answer.status === 401) answer = await ask(await connection.accessToken({ renew: true }));
    if (answer.status >= 400) {
      const waits = Number(answer.headers.get("retry-after"));
      throw refusedByGoogle(
        { ...options, account: connection.account },
        answer.status,
        answer.json,
        waits > 0 ? waits : undefined,
      );
    }
    return answer.json === undefined ? new Response(null, { status: answer.status }) : Response.json(answer.json);
  };
  return Object.assign(send, { preconnect: () => undefined });
}

/**
 * Runs a call of Google's library. Its errors carry the whole request, so only ours leave.
 * @throws AppError, or the reason of the abort
 */
export async function callGoogle<Data>(signal: AbortSignal, call: () => Promise<{ data: Data }>): Promise<Data> {
  try {
    return (await call()).data;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof AppError) throw cause;
    }
    throw new Error(`Google's library failed: ${error instanceof Error ? error.name : typeof error}`);
  }
}
