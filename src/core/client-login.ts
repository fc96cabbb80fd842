import type { Client, ClientLogin, ClientRequest, ClientStore, ClientTokens } from "./client.ts";
import type { ClientBook } from "./client-book.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { matchesRedirect } from "./redirect-uri.ts";
import { hashSecret, isSame, makeId, makeSecret, randomText } from "./secret.ts";

/** Where we are reached: who gives tokens, and what they are for. */
export interface Place {
  issuer: string;
  resource: string;
}

export type Authorization =
  /** Nothing may be sent to the address that it names: a page says so. */
  | { kind: "page"; title: string; text: string }
  /** Back to the program. */
  | { kind: "redirect"; url: string }
  /** A person has to answer first. `id` is the secret of this browser. */
  | { kind: "consent"; id: string };

export interface TokenAnswer {
  access_token: string;
  token_type: "Bearer";
  expires_in: number;
  refresh_token: string;
  scope: string;
}

/** The authorization-code flow with PKCE, from the side of who gives tokens. */
export interface ClientLogins {
  authorize(query: URLSearchParams, place: Place): Promise<Authorization>;
  /** How a wish stands; sends the browser back once it is answered. */
  consent(id: string): Promise<{ kind: "wait"; request: ClientRequest } | Authorization>;
  /** @throws OAuthRefusal */
  token(form: URLSearchParams, place: Place): Promise<TokenAnswer>;
  /** RFC 7009: an unknown token is no failure. @throws OAuthRefusal */
  revoke(form: URLSearchParams): Promise<ClientLogin | undefined>;
}

export interface ClientLoginParts {
  clients: ClientStore;
  book: ClientBook;
  now(): Date;
  /** Writes into the audit that a login was opened, or ended because a token came twice. */
  record(login: ClientLogin, detail: string): Promise<void>;
}

const scope = "tools";
const requestLifeMs = 10 * 60 * 1000;
const codeLifeMs = 60 * 1000;
const accessLifeS = 15 * 60;
const refreshLifeMs = 30 * 24 * 60 * 60 * 1000;
const mostOpen = { all: 50, ofOne: 10 };

export function createClientLogins({ clients, book, now, record }: ClientLoginParts): ClientLogins {
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
    async authorize(query, place) {
      const doubled = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1 && name !== "resource");
      if (doubled) return refusalPage(`${doubled} was sent twice.`);
      let client: Client;
      try {
        client = await book.find(need(query, "client_id"));
      } catch (error) {
        if (error instanceof OAuthRefusal) return refusalPage(`${error.message}.`);
        throw error;
      }
      const redirectUri = query.get("redirect_uri") ?? "";
      if (!client.redirectUris.some((registered) => matchesRedirect(registered, redirectUri)))
        return refusalPage("The program asks to send you to an address that it did not register.");
      const state = query.get("state") ?? undefined;
      const back = (fields: Record<string, string>): Authorization => ({
        kind: "redirect",
        url: backTo(redirectUri, state, place.issuer, fields),
      });
      try {
        checkAuthorization(query, place);
      } catch (error) {
        if (!(error instanceof OAuthRefusal)) throw error;
        return back({ error: error.code, error_description: error.message });
      }
      const id = randomText(32, "base64url");
      const createdAt = now();
      const request: ClientRequest = {
        hash: hashSecret(id),
        number: makeNumber(),
        clientId: client.id,
        clientName: client.name,
        redirectUri,
        state,
        challenge: need(query, "code_challenge"),
        ...place,
        status: "pending",
        userId: undefined,
        lineage: [],
        limits: { tools: undefined, readOnly: false },
        createdAt,
        expiresAt: new Date(createdAt.getTime() + requestLifeMs),
      };
      if (await clients.openRequest(request, mostOpen)) return { kind: "consent", id };
      return back({ error: "temporarily_unavailable", error_description: "Too many programs wait to be let in" });
    },
    async consent(id) {
      const request = await clients.request(hashSecret(id), now());
      if (!request || request.status === "done") return refusalPage("This page has had its time. Begin again there.");
      if (request.status === "pending") return { kind: "wait", request };
      const { redirectUri, state, issuer, userId } = request;
      const back = (fields: Record<string, string>): Authorization => ({
        kind: "redirect",
        url: backTo(redirectUri, state, issuer, fields),
      });
      if (request.status === "denied" || userId === undefined)
        return back({ error: "access_denied", error_description: "A person said no" });
      const { clientId, clientName, resource, limits, lineage } = request;
      const login = { id: makeId("mcl"), userId, clientId, clientName, redirectUri, resource, limits, lineage };
      const code = randomText(32, "base64url");
      const opened = { ...login, createdAt: now(), lastUsedAt: undefined };
      if (await clients.finish(request.hash, opened, hashSecret(code), after(codeLifeMs))) return back({ code });
      return refusalPage("This page has had its time. Begin again there.");
    },
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

function checkAuthorization(query: URLSearchParams, place: Place): void {
  if (query.get("response_type") !== "code")
    throw new OAuthRefusal("unsupported_response_type", "response_type must be code");
  if (query.get("code_challenge_method") !== "S256")
    throw new OAuthRefusal("invalid_request", "code_challenge_method must be S256");
  if (!/^[A-Za-z0-9_-]{43}$/.test(query.get("code_challenge") ?? ""))
    throw new OAuthRefusal("invalid_request", "code_challenge must be the S256 of a verifier");
  if ((query.get("state") ?? "").length > 2_000) throw new OAuthRefusal("invalid_request", "state is too long");
  requireTarget(query, place.resource, place);
}

/** A token is for one address. Older programs name none, and get one for the address that they came to. */
function requireTarget(query: URLSearchParams, resource: string, place: Place): void {
  const asked = query.getAll("resource");
  if (resource !== place.resource || asked.some((each) => withoutSlash(each) !== resource))
    throw new OAuthRefusal("invalid_target", "Tokens are given for this daemon's own MCP address only");
}

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

function need(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value) return value;
  throw new OAuthRefusal("invalid_request", `${name} is missing`);
}

function backTo(
  redirectUri: string,
  state: string | undefined,
  issuer: string,
  fields: Record<string, string>,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...fields, ...(state === undefined ? {} : { state }), iss: issuer }))
    url.searchParams.set(name, value);
  return url.href;
}

const refusalPage = (text: string): Authorization => ({ kind: "page", title: "This program is not let in", text });

/** Eight digits, in two halves to be read aloud. */
function makeNumber(): string {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  return `${1_000 + (a % 9_000)}-${1_000 + (b % 9_000)}`;
}
