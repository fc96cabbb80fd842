/** Gmail's failures, in its own form. */
function refuse(
  code: number,
  message: string,
  reason: string,
  status: string,
  more: Record<string, unknown> = {},
): Response {
  const error = { code, message, errors: [{ message, domain: "global", reason }], status, ...more };
  return Response.json({ error }, { status: code });
}

export const badRequest = (message: string, reason = "invalidArgument"): Response =>
  refuse(400, message, reason, "INVALID_ARGUMENT");

export const notFound = (): Response => refuse(404, "Requested entity was not found.", "notFound", "NOT_FOUND");

/** A page that no method answers at. */
export const noSuchPage = (path: string): Response =>
  new Response(
    `<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p>The requested URL <code>${path.replace(/[<&]/g, "")}</code> was not found on this server.`,
    {
      status: 404,
      headers: { "content-type": "text/html; charset=UTF-8" },
    },
  );

const words: Record<number, [message: string, reason: string, status: string]> = {
  401: ["Request had invalid authentication credentials.", "authError", "UNAUTHENTICATED"],
  403: ["User-rate limit exceeded.  Retry after a minute.", "userRateLimitExceeded", "PERMISSION_DENIED"],
  429: ["Resource has been exhausted (e.g. check quota).", "rateLimitExceeded", "RESOURCE_EXHAUSTED"],
  500: ["Internal error encountered.", "backendError", "INTERNAL"],
  503: ["The service is currently unavailable.", "backendError", "UNAVAILABLE"],
};

export function failureBody(status: number): unknown {
  const [message, reason, name] = words[status] ?? [`Refused with ${status}.`, "failed", "UNKNOWN"];
  return { error: { code: status, message, errors: [{ message, domain: "global", reason }], status: name } };
}

/** What Google says of a parameter or field that it does not know. */
export function unknownName(name: string, isBody: boolean): Response {
  const what = isBody
    ? "Cannot find field."
    : `Cannot bind query parameter. Field '${name}' could not be found in request message.`;
  const message = `Invalid JSON payload received. Unknown name "${name}": ${what}`;
  return refuse(400, message, "invalid", "INVALID_ARGUMENT", {
    details: [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ description: message }] }],
  });
}
