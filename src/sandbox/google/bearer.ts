import { findAccess, noteUse } from "./tokens.ts";

const realm = 'Bearer realm="https://accounts.google.com/"';

/**
 * Who calls one of Google's APIs, by the access token of the request.
 * @param folder the sandbox's
 * @param scopes sets of scopes, of which any one suffices
 * @param called the service and method that a refusal names, such as gmail.googleapis.com
 * @returns the person and the token's scopes, or Google's own refusal
 */
export function authorize(
  folder: string,
  request: Request,
  now: Date,
  scopes: readonly (readonly string[])[],
  called?: { service: string; method: string },
): { email: string; scopes: string[] } | Response {
  const header = request.headers.get("authorization");
  const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  const found = token === undefined ? undefined : findAccess(folder, token, now);
  if (!found) return unauthenticated(header !== null);
  noteUse(found);
  if (scopes.some((set) => set.every((scope) => found.scopes.includes(scope)))) {
    return { email: found.grant.email, scopes: found.scopes };
  }
  return insufficient(scopes.flat(), called);
}

function unauthenticated(isGiven: boolean): Response {
  const [what, message, reason] = isGiven
    ? ["Request had invalid authentication credentials.", "Invalid Credentials", "authError"]
    : ["Request is missing required authentication credential.", "Login Required.", "required"];
  const error = {
    code: 401,
    message: `${what} Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.`,
    errors: [{ message, domain: "global", reason, location: "Authorization", locationType: "header" }],
    status: "UNAUTHENTICATED",
  };
  const challenge = isGiven ? `${realm}, error="invalid_token"` : realm;
  return Response.json({ error }, { status: 401, headers: { "www-authenticate": challenge } });
}

function insufficient(needed: readonly string[], called?: { service: string; method: string }): Response {
  const error = {
    code: 403,
    message: "Request had insufficient authentication scopes.",
    errors: [{ message: "Insufficient Permission", domain: "global", reason: "insufficientPermissions" }],
    status: "PERMISSION_DENIED",
    ...(called
      ? {
          details: [
            {
              "@type": "type.googleapis.com/google.rpc.ErrorInfo",
              reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
              domain: "googleapis.com",
              metadata: { method: called.method, service: called.service },
            },
          ],
        }
      : {}),
  };
  const challenge = `${realm}, error="insufficient_scope", scope="${[...new Set(needed)].join(" ")}"`;
  return Response.json({ error }, { status: 403, headers: { "www-authenticate": challenge } });
}
