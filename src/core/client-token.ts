import type { ClientLogin, ClientStore, ClientTokens } from "./client.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { hashSecret, isSame, makeSecret } from "./secret.ts";

/** Where we are reached: who gives tokens, and what they are for. */
export interface Place {
  issuer: string;
  resource: string;
}

export interface TokenAnswer {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
  scope: string;
}

/** Trades codes and refresh tokens for new tokens, each once. */
export interface ClientTokenDesk {
  /** @throws OAuthRefusal */
  token(form: URLSearchParams, place: Place): Promise<TokenAnswer>;
  /** RFC 7009: an unknown token is no failure. @throws OAuthRefusal */
  revoke(form: URLSearchParams): Promise<ClientLogin | undefined>;
}

export interface ClientTokenParts {
  clients: ClientStore;
  now(): Date;
  /** Writes into the audit that a login was opened, or ended because a token came twice. */
  record(login: ClientLogin, detail: string): Promise<void>;
}

const scope = "tools";
const accessLifeS = 15 * 60;
const refreshLifeMs = 30 * 24 * 60 * 60 * 1000;

export function createClientTokenDesk({ clients, now, record }: ClientTokenParts): ClientTokenDesk {
  const after = (ms: number): Date => new Date(now().getTime() + ms);
  const makeTokens = (): { tokens: ClientTokens; answer: TokenAnswer } => {
    const [access, refresh] = [makeSecret("a"), makeSecret("r")];
    return {
      tokens: {
        accessHash: hashSecret(access),
        accessUntil: after(accessLifeS * 1000),
        refreshHash: hashSecret(refresh),
        refreshUntil: after(refreshLifeMs),
      },
      answer: { access_token: access, token_type: "Bearer", expires_in: accessLifeS, refresh_token: refresh, scope },
    };
  };
  const endStolen = async (login: ClientLogin, what: string): Promise<OAuthRefusal> => {
    await clients.revoke(login.userId, login.id);
    await record(login, `ended ${login.id} (${login.clientName}): ${what} was used twice`);
    return new OAuthRefusal("invalid_grant", `The ${what} was used before, so this login has ended`);
  };

  const byCode = async (form: URLSearchParams, clientId: string, place: Place): Promise<TokenAnswer> => {
    const hash = hashSecret(need(form, "code"));
    const redirectUri = need(form, "redirect_uri");
    const verifier = need(form, "code_verifier");
    const found = await clients.code(hash, now());
    if (!found) throw new OAuthRefusal("invalid_grant", "The code is unknown or has expired");
    const { code, login } = found;
    if (login.clientId !== clientId) throw new OAuthRefusal("invalid_grant", "The code was given to another client");
    if (code.isUsed) throw await endStolen(login, "code");
    if (login.redirectUri !== redirectUri)
      throw new OAuthRefusal("invalid_grant", "The redirect_uri differs from the one of the authorization");
    if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier) || !isSame(challengeOf(verifier), code.challenge))
      throw new OAuthRefusal("invalid_grant", "The code_verifier does not fit the challenge");
    requireTarget(form, login.resource, place);
    const { tokens, answer } = makeTokens();
    if (!(await clients.redeem(hash, tokens, now()))) throw await endStolen(login, "code");
    await record(login, `opened ${login.id} (${login.clientName})`);
    return answer;
  };
  const byRefresh = async (form: URLSearchParams, clientId: string, place: Place): Promise<TokenAnswer> => {
    const hash = hashSecret(need(form, "refresh_token"));
    const found = await clients.refresh(hash, now());
    if (!found) throw new OAuthRefusal("invalid_grant", "The refresh token is unknown or has expired");
    const { login, isUsed } = found;
    if (login.clientId !== clientId) throw new OAuthRefusal("invalid_grant", "The refresh token is another client's");
    if (isUsed) throw await endStolen(login, "refresh token");
    requireTarget(form, login.resource, place);
    const { tokens, answer } = makeTokens();
    if (!(await clients.rotate(hash, tokens, now()))) throw await endStolen(login, "refresh token");
    return answer;
  };

  return {
    async token(form, place) {
      const doubled = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1);
      if (doubled) throw new OAuthRefusal("invalid_request", "A parameter was sent twice");
      if (form.has("client_secret")) throw new OAuthRefusal("invalid_client", "No client here has a secret");
      const grant = need(form, "grant_type");
      const clientId = need(form, "client_id");
      if (grant === "authorization_code") return byCode(form, clientId, place);
      if (grant === "refresh_token") return byRefresh(form, clientId, place);
      throw new OAuthRefusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token");
    },
    async revoke(form) {
      const login = await clients.ownerOf(hashSecret(need(form, "token")));
      if (!login) return undefined;
      if (login.clientId !== need(form, "client_id"))
        throw new OAuthRefusal("invalid_client", "The token is another client's");
      await clients.revoke(login.userId, login.id);
      await record(login, `${login.clientName} ended ${login.id}`);
      return login;
    },
  };
}

/** The S256 challenge of a verifier. */
const challengeOf = (verifier: string): string =>
  new Bun.CryptoHasher("sha256").update(verifier).digest("base64url").replace(/=+$/, "");

/** A token is for one address. Older programs name none, and get one for the address that they came to. */
export function requireTarget(query: URLSearchParams, resource: string, place: Place): void {
  const asked = query.getAll("resource");
  if (resource !== place.resource || asked.some((each) => withoutSlash(each) !== resource))
    throw new OAuthRefusal("invalid_target", "Tokens are given for this daemon's own MCP address only");
}

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

/** A parameter that must be there. @throws OAuthRefusal invalid_request */
export function need(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value) return value;
  throw new OAuthRefusal("invalid_request", `${name} is missing`);
}
