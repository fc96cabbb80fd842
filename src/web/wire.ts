/** Why the daemon refused, or that it was not reached. */
export interface Refusal {
  /** 0 when there was no answer. */
  status: number;
  code: string;
  message: string;
  hint?: string;
  metadata: Record<string, unknown>;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export interface Asking {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
}

export const api = "/api/v1";

/** Asks the daemon and reads its envelope. Never throws: what goes wrong is a refusal. */
export async function send<T>(path: string, asking: Asking, bearer?: string): Promise<Answer<T>> {
  let response: Response;
  let envelope: unknown;
  try {
    response = await fetch(api + path, {
      method: asking.method ?? (asking.body === undefined ? "GET" : "POST"),
      headers: headersOf(asking.body !== undefined, bearer),
      cache: "no-store",
      credentials: "omit",
      ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
      ...(asking.signal ? { signal: asking.signal } : {}),
    });
    envelope = await response.json();
  } catch {
    return { ok: false, refusal: unreachable };
  }
  const read = envelope as Record<string, unknown>;
  if (read.success === true) return { ok: true, value: envelope as T };
  return {
    ok: false,
    refusal: {
      status: response.status,
      code: String(read.error_code ?? "internal"),
      message: String(read.error ?? "The computer sent an answer that this page does not understand"),
      ...(typeof read.hint === "string" ? { hint: read.hint } : {}),
      metadata: (read.metadata ?? {}) as Record<string, unknown>,
    },
  };
}

export function headersOf(hasBody: boolean, bearer?: string): Record<string, string> {
  return {
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
  };
}

/** What is told while the computer does not answer. */
const unreachable: Refusal = {
  status: 0,
  code: "offline",
  message: "Your computer does not answer",
  hint: "Is this phone in its network, and does mcqueen run there? Look with: mcqueen daemon status",
  metadata: {},
};
