import { AppError, codes } from "../core/errors.ts";
import { failure, type Outcome, toEnvelope } from "../core/outcome.ts";

/** Headers that every answer bears; the values are those that helmet sets. */
export const securityHeaders: Record<string, string> = {
  "content-security-policy":
    "default-src 'self';base-uri 'self';font-src 'self';form-action 'self';frame-ancestors 'none';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' 'unsafe-inline'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
};

const jsonHeaders = new Headers({
  ...securityHeaders,
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
});

/** An outcome as an HTTP answer: the envelope, its status, and `Retry-After` where it has one. */
export function reply(outcome: Outcome): Response {
  const status = outcome.ok ? 200 : codes[outcome.code].http;
  const retryAfter = outcome.metadata.retry_after;
  return json(toEnvelope(outcome), status, typeof retryAfter === "number" ? { "retry-after": String(retryAfter) } : {});
}

/** Answers with `{success: true, …fields}`. */
export function succeed(
  fields: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
  status = 200,
): Response {
  return json({ success: true, ...fields, metadata }, status);
}

export function refuse(error: AppError, metadata: Record<string, unknown> = {}): Response {
  return reply(failure(error, metadata));
}

/** The fixed answer for a path that does not exist. */
export const noEndpoint = (): AppError => new AppError("not_found", "Endpoint not found");

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return jsonText(JSON.stringify(body), status, headers);
}

/** The same for a body that is JSON already. */
export function jsonText(text: string | Blob, status = 200, headers: Record<string, string> = {}): Response {
  const response = new Response(text, { status, headers: jsonHeaders });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
