import { type Client, type ClientStore, RegistrationBody } from "./client.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { faults, isRecord } from "./parameters.ts";
import { redirectFault } from "./redirect-uri.ts";
import { makeId } from "./secret.ts";

/** The programs that may ask to be let in: those that registered, and those that describe themselves at an address. */
export interface ClientBook {
  /** @throws OAuthRefusal invalid_redirect_uri, invalid_client_metadata */
  register(body: unknown): Promise<Client>;
  /** @throws OAuthRefusal invalid_client */
  find(id: string): Promise<Client>;
}

export interface ClientBookParts {
  clients: ClientStore;
  /** Fetches a document from the network, past the guard. @throws Error with a sentence */
  fetchDocument(url: string): Promise<unknown>;
  now(): Date;
}

const mostIdle = 500;
const freshMs = 60 * 60 * 1000;

export function createClientBook({ clients, fetchDocument, now }: ClientBookParts): ClientBook {
  return {
    async register(body) {
      const { name, redirectUris } = readMetadata(body);
      const client: Client = { id: makeId("mcc"), kind: "registered", name, redirectUris, createdAt: now() };
      await clients.keep(client, mostIdle);
      return client;
    },
    async find(id) {
      const known = await clients.find(id);
      if (!id.startsWith("https://")) {
        if (known) return known;
        throw new OAuthRefusal("invalid_client", "No program of that id is known; it may have to register anew");
      }
      if (known && now().getTime() - known.createdAt.getTime() < freshMs) return known;
      const fetched = await describe(id, fetchDocument);
      const client: Client = { ...fetched, id, kind: "document", createdAt: now() };
      await clients.keep(client, mostIdle);
      return client;
    },
  };
}

async function describe(id: string, fetchDocument: ClientBookParts["fetchDocument"]) {
  const url = URL.canParse(id) ? new URL(id) : undefined;
  if (!url || url.pathname === "/" || url.href !== id || id.includes("#") || url.username !== "")
    throw new OAuthRefusal("invalid_client", "The client id is no address of a document");
  let document: unknown;
  try {
    document = await fetchDocument(id);
  } catch (error) {
    throw new OAuthRefusal("invalid_client", `The client's document cannot be had: ${(error as Error).message}`);
  }
  if (!isRecord(document) || document.client_id !== id)
    throw new OAuthRefusal("invalid_client", "The client's document names another client");
  try {
    return readMetadata(document);
  } catch (error) {
    if (!(error instanceof OAuthRefusal)) throw error;
    throw new OAuthRefusal("invalid_client", `The client's document is refused: ${error.message}`);
  }
}

function readMetadata(body: unknown): Pick<Client, "name" | "redirectUris"> {
  const problems = isRecord(body) ? faults(RegistrationBody, body, "field") : ["The body must be a JSON object"];
  if (problems.length > 0 || !isRecord(body)) throw new OAuthRefusal("invalid_client_metadata", problems.join("; "));
  const redirectUris = body.redirect_uris as string[];
  for (const [at, uri] of redirectUris.entries()) {
    const fault = redirectFault(uri);
    if (fault) throw new OAuthRefusal("invalid_redirect_uri", `redirect_uris[${at}] is refused: ${fault}`);
  }
  const method = body.token_endpoint_auth_method ?? "none";
  if (method !== "none")
    throw new OAuthRefusal(
      "invalid_client_metadata",
      "token_endpoint_auth_method must be none: clients keep no secret",
    );
  const grants = (body.grant_types as string[] | undefined) ?? ["authorization_code"];
  if (!grants.includes("authorization_code"))
    throw new OAuthRefusal("invalid_client_metadata", "grant_types must include authorization_code");
  const responses = (body.response_types as string[] | undefined) ?? ["code"];
  if (!responses.includes("code"))
    throw new OAuthRefusal("invalid_client_metadata", "response_types must include code");
  return { name: nameOf(body.client_name), redirectUris };
}

const longestName = 64;

/** What it calls itself, without signs that could make it look like something else, or like nothing. */
function nameOf(given: unknown): string {
  const text = typeof given === "string" ? given.normalize("NFKC") : "";
  const plain = text
    .replace(/\p{Default_Ignorable_Code_Point}|[^\p{L}\p{M}\p{N} ._()+-]/gu, " ")
    .replace(/(?<=[ ._()+-]|^)\p{M}+|(?<=\p{M}{2})\p{M}+/gu, "")
    .replace(/ +/g, " ");
  return [...plain.trim()].slice(0, longestName).join("").trim() || "A program without a name";
}
