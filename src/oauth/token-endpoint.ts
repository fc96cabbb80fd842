import { AppError } from "../core/errors.ts";
import type { Identity, OAuthProvider } from "../core/oauth-provider.ts";
import { isRecord, printable } from "../core/parameters.ts";
import { scrub } from "../core/redaction.ts";
import { addressOf, clientCommand, clientOf, type OAuthParts } from "./parts.ts";

/** What a token endpoint gave, read and checked. */
export interface TokenAnswer {
  accessToken: string;
  refreshToken: string | undefined;
  expiresInS: number | undefined;
  /** Seconds until the grant itself ends, where the provider says so. */
  grantExpiresInS: number | undefined;
  /** Absent where the provider does not repeat them. */
  scopes: readonly string[] | undefined;
  identity: Identity;
}

/** `ended`: the code or the refresh token is good for nothing any more. */
export type TokenOutcome = { ok: true; answer: TokenAnswer } | { ok: false; ended: true; description: string };

/** Trades a code for tokens. Never sent twice: a code works once. @throws AppError */
export function exchangeCode(
  parts: OAuthParts,
  provider: OAuthProvider,
  given: { code: string; redirectUri: string; verifier: string | undefined },
): Promise<TokenOutcome> {
  return ask(parts, provider, false, {
    grant_type: "authorization_code",
    code: given.code,
    redirect_uri: given.redirectUri,
    ...(given.verifier === undefined ? {} : { code_verifier: given.verifier }),
  });
}

/** Gets another access token. @throws AppError */
export function refreshTokens(parts: OAuthParts, provider: OAuthProvider, refreshToken: string): Promise<TokenOutcome> {
  return ask(parts, provider, !provider.rotates, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Ends a grant at the provider. Gives whether the provider took it back; a token that it no longer knows counts. */
export async function revokeToken(parts: OAuthParts, provider: OAuthProvider, token: string): Promise<boolean> {
  const url = await addressOf(parts, provider, "revoke");
  if (url === undefined) return false;
  const { status, json } = await parts.http.json({
    provider: loginName(provider),
    url,
    method: "POST",
    form: { token },
    idempotent: true,
    accept: (code) => code === 400,
    ignoreBody: provider.readTokenAnswer === undefined,
  });
  const { error } = standardForm(provider, json);
  return status === 400 || error === undefined || error === "invalid_grant";
}

/** An answer in the standard's form, which says a refusal by `error`. */
function standardForm({ readTokenAnswer }: OAuthProvider, json: unknown): Record<string, unknown> {
  const said = readTokenAnswer ? readTokenAnswer(json) : json;
  return isRecord(said) ? said : {};
}

async function ask(
  parts: OAuthParts,
  provider: OAuthProvider,
  idempotent: boolean,
  values: Record<string, string>,
): Promise<TokenOutcome> {
  const client = await clientOf(parts, provider);
  parts.secrets.add(client.secret, values.code, values.refresh_token, values.code_verifier);
  const url = await addressOf(parts, provider, "token");
  const { status, json } = await parts.http.json({
    provider: loginName(provider),
    url: url ?? "",
    method: "POST",
    form: { ...values, client_id: client.id, ...(client.secret === undefined ? {} : { client_secret: client.secret }) },
    idempotent,
    deadlineMs: 8_000,
    accept: (code) => code === 400 || code === 401 || code === 403,
  });
  const said = standardForm(provider, json);
  const { error, error_description: description } = said;
  if (status < 300 && error === undefined) return { ok: true, answer: readAnswer(parts, provider, said, client.id) };
  const told = shownText(parts, String(description ?? error ?? `status ${status}`));
  if (error === "invalid_grant") return { ok: false, ended: true, description: told };
  if (error === "invalid_client" || error === "unauthorized_client") {
    throw new AppError("not_configured", `${provider.name} refuses the client id or secret: ${told}`, {
      hint: `Run: ${clientCommand(provider)}`,
      metadata: { provider: provider.id },
    });
  }
  throw new AppError("upstream_rejected", `${provider.name} refused the login: ${told}`, {
    metadata: { provider: provider.id, upstream_status: status },
  });
}

/** What a provider says of a failure, fit to be shown and kept: it may repeat what it was sent. */
export const shownText = ({ secrets }: OAuthParts, text: string): string =>
  printable(scrub(text, secrets.all())).slice(0, 200);

const loginName = ({ name }: OAuthProvider): string => `${name}'s login`;

function readAnswer(
  parts: OAuthParts,
  provider: OAuthProvider,
  answer: Record<string, unknown>,
  clientId: string,
): TokenAnswer {
  const { access_token: accessToken, refresh_token: refreshToken, scope } = answer;
  if (typeof accessToken !== "string" || accessToken === "") {
    throw new AppError("upstream_rejected", `${loginName(provider)} answered without a token`);
  }
  const refresh = typeof refreshToken === "string" && refreshToken !== "" ? refreshToken : undefined;
  parts.secrets.add(accessToken, refresh);
  return {
    accessToken,
    refreshToken: refresh,
    expiresInS: secondsOf(answer.expires_in),
    grantExpiresInS: secondsOf(answer.refresh_token_expires_in),
    scopes: typeof scope === "string" ? scope.split(/[ ,]+/).filter((part) => part !== "") : undefined,
    identity: identityOf(answer.id_token, clientId),
  };
}

const secondsOf = (value: unknown): number | undefined => {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
};

/** The claims need no signature: they came straight from the provider, over TLS. Those for another app count for nothing. */
function identityOf(idToken: unknown, clientId: string): Identity {
  const [, body] = typeof idToken === "string" ? idToken.split(".") : [];
  if (!body) return {};
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
  if (!isRecord(claims) || ![claims.aud].flat().includes(clientId)) return {};
  const label = [claims.email, claims.name].find((value) => typeof value === "string" && value !== "");
  return {
    ...(typeof claims.sub === "string" ? { subject: claims.sub } : {}),
    ...(label === undefined ? {} : { label: printable(String(label)).slice(0, 200) }),
  };
}
