import type { Client, ClientRequest, ClientStore } from "./client.ts";
import type { ClientBook } from "./client-book.ts";
import { need, type Place, requireTarget } from "./client-token.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { matchesRedirect } from "./redirect-uri.ts";
import { hashSecret, makeId, randomText } from "./secret.ts";

export type Authorization =
  /** Nothing may be sent to the address that it names: a page says so. */
  | { kind: "page"; title: string; text: string }
  /** Back to the program. */
  | { kind: "redirect"; url: string }
  /** A person has to answer first. `id` is the secret of this browser. */
  | { kind: "consent"; id: string };

/** How a program asks to be let in, and hears what a person said: the authorization-code flow with PKCE, up to the code. */
export interface ClientLogins {
  authorize(query: URLSearchParams, place: Place): Promise<Authorization>;
  /** How a wish stands; sends the browser back once it is answered. */
  consent(id: string): Promise<{ kind: "wait"; request: ClientRequest } | Authorization>;
}

export interface ClientLoginParts {
  clients: ClientStore;
  book: ClientBook;
  now(): Date;
}

const requestLifeMs = 10 * 60 * 1000;
const codeLifeMs = 60 * 1000;
const mostOpen = { all: 50, ofOne: 10 };

export function createClientLogins({ clients, book, now }: ClientLoginParts): ClientLogins {
  const after = (ms: number): Date => new Date(now().getTime() + ms);
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
  };
}

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
