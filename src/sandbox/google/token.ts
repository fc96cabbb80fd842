import { isSame } from "../../core/secret.ts";
import { type Client, findClient } from "./clients.ts";
import { type Code, redeem } from "./codes.ts";
import { type Fields, readFields, readForm } from "./form.ts";
import { type Grant, has, revoke, set } from "./grants.ts";
import { makeIdToken } from "./id-token.ts";
import {
  accessLifeS,
  findAccess,
  findRefresh,
  issueAccess,
  issueRefresh,
  markReplaced,
  noteUse,
  refreshEnd,
} from "./tokens.ts";

const secretFields = ["client_id", "client_secret"];
const takenBy: Record<string, readonly string[]> = {
  authorization_code: ["grant_type", "code", "redirect_uri", "code_verifier", "scope", ...secretFields],
  refresh_token: ["grant_type", "refresh_token", "scope", ...secretFields],
};

/** Answers POST /token. */
export async function answerToken(request: Request, now: Date, folder: string): Promise<Response> {
  const form = await readForm(request);
  const grantType = form.get("grant_type") ?? "";
  const taken = Object.hasOwn(takenBy, grantType) ? takenBy[grantType] : undefined;
  if (!taken) return refuse(400, "unsupported_grant_type", `Invalid grant_type: ${grantType}`);
  const fields = readFields(form, taken);
  if (typeof fields === "string") return refuse(400, "invalid_request", fields);
  const client = authenticate(request, fields);
  if (client instanceof Response) return client;
  return grantType === "refresh_token" ? refresh(client, fields, now, folder) : exchange(client, fields, now, folder);
}

/** Answers POST /revoke: an access or refresh token takes the whole grant with it. */
export async function answerRevocation(request: Request, now: Date, folder: string): Promise<Response> {
  const fields = readFields(await readForm(request), ["token", "token_type_hint"]);
  if (typeof fields === "string") return refuse(400, "invalid_request", fields);
  if (!fields.token) return refuse(400, "invalid_request", "Missing required parameter: token");
  const found = findAccess(folder, fields.token, now) ?? findRefresh(folder, fields.token, now);
  return found && revoke(found.grant) ? answer(200, {}) : refuse(400, "invalid_token", "Token expired or revoked");
}

/** Google's form of a refusal at these two. */
const refuse = (status: number, error: string, error_description: string): Response =>
  answer(status, { error, error_description });

const dead = (): Response => refuse(400, "invalid_grant", "Token has been expired or revoked.");
const badGrant = (sentence = "Bad Request"): Response => refuse(400, "invalid_grant", sentence);

const answer = (status: number, body: object): Response =>
  Response.json(body, { status, headers: { "cache-control": "no-cache, no-store, max-age=0, must-revalidate" } });

/** By the form's fields or by the Authorization header; desktop apps need their secret too. */
function authenticate(request: Request, fields: Fields): Client | Response {
  const basic = /^basic +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const [basicId = "", basicSecret = ""] = basic ? Buffer.from(basic, "base64").toString().split(/:(.*)/s) : [];
  const id = fields.client_id ?? basicId;
  const secret = fields.client_secret ?? basicSecret;
  if (!id) return refuse(400, "invalid_request", "Could not determine client ID from request.");
  const client = findClient(id);
  if (!client) return refuse(401, "invalid_client", "The OAuth client was not found.");
  if (!secret) return refuse(400, "invalid_request", "client_secret is missing.");
  return isSame(secret, client.secret) ? client : refuse(401, "invalid_client", "Unauthorized");
}

function exchange(client: Client, fields: Fields, now: Date, folder: string): Response {
  if (!fields.code) return refuse(400, "invalid_request", "Missing required parameter: code");
  if (!fields.redirect_uri) return refuse(400, "invalid_request", "Missing required parameter: redirect_uri");
  const redeemed = redeem(folder, fields.code, client.id, now);
  if (redeemed === "redeemed") return badGrant("Code was already redeemed.");
  if (redeemed === "unknown") return badGrant("Malformed auth code.");
  if (redeemed === "expired") return badGrant();
  const { grant, code } = redeemed;
  if (fields.redirect_uri !== code.redirectUri) return refuse(400, "redirect_uri_mismatch", "Bad Request");
  const problem = problemWith(fields.code_verifier, code);
  if (problem) return badGrant(problem);
  const refreshToken = code.offline ? issueRefresh(grant, code.scopes, now) : undefined;
  if (code.offline) set(grant, "offline", true);
  return deliver(grant, code.scopes, now, { refreshToken, since: now, nonce: code.nonce });
}

function problemWith(verifier: string | undefined, { challenge, challengeMethod }: Code): string | undefined {
  if (challenge === undefined) return verifier === undefined ? undefined : "code_verifier or verifier is not needed.";
  if (verifier === undefined) return "Missing code verifier.";
  const made =
    challengeMethod === "S256" ? new Bun.CryptoHasher("sha256").update(verifier).digest("base64url") : verifier;
  return /^[A-Za-z0-9._~-]{43,128}$/.test(verifier) && isSame(made, challenge) ? undefined : "Invalid code verifier.";
}

function refresh(client: Client, fields: Fields, now: Date, folder: string): Response {
  if (!fields.refresh_token) return refuse(400, "invalid_request", "Missing required parameter: refresh_token");
  const found = findRefresh(folder, fields.refresh_token, now);
  if (!found) return dead();
  const { grant, hash } = found;
  if (grant.clientId !== client.id) return refuse(401, "unauthorized_client", "Unauthorized");
  const scopes = fields.scope?.split(/\s+/).filter(Boolean) ?? found.scopes;
  if (!scopes.every((scope) => found.scopes.includes(scope))) return refuse(400, "invalid_scope", "Bad Request");
  noteUse(found);
  if (!has(grant, "rotation")) return deliver(grant, scopes, now, {});
  const since = new Date(found.at);
  const refreshToken = issueRefresh(grant, found.scopes, since, hash);
  if (refreshToken === undefined || !markReplaced(found, now)) return dead();
  return deliver(grant, scopes, now, { refreshToken, since, replaces: hash });
}

/** Makes the access token and puts the answer together. */
function deliver(
  grant: Grant,
  scopes: string[],
  now: Date,
  more: { refreshToken?: string | undefined; since?: Date; replaces?: string; nonce?: string | undefined },
): Response {
  const access_token = issueAccess(grant, scopes, now, more.replaces);
  if (access_token === undefined) return dead();
  const end = more.refreshToken && more.since ? refreshEnd(grant, more.since) : undefined;
  return answer(200, {
    access_token,
    expires_in: accessLifeS,
    ...(more.refreshToken ? { refresh_token: more.refreshToken } : {}),
    scope: scopes.join(" "),
    token_type: "Bearer",
    ...(scopes.includes("openid") ? { id_token: makeIdToken(grant, scopes, access_token, now, more.nonce) } : {}),
    // Google's clock has moved on by a second when it answers.
    ...(end ? { refresh_token_expires_in: Math.floor((end.getTime() - now.getTime()) / 1000) - 1 } : {}),
  });
}
