import { type Static, Type } from "@sinclair/typebox";

/** What a person lets a program reach at most. */
export interface ClientLimits {
  /** Tool ids; undefined means every tool. */
  tools: readonly string[] | undefined;
  readOnly: boolean;
}

/** A program that may ask to be let in. Being known opens nothing. */
export interface Client {
  /** An id that we gave, or the address of its own description. */
  id: string;
  kind: "registered" | "document";
  /** What it calls itself; nobody vouches for it. */
  name: string;
  redirectUris: readonly string[];
  createdAt: Date;
}

/** A program's wish to be let in, until a person answers. */
export interface ClientRequest {
  /** Hash of the secret in the browser's address. */
  hash: string;
  /** What the person compares and types. */
  number: string;
  clientId: string;
  clientName: string;
  redirectUri: string;
  state: string | undefined;
  challenge: string;
  issuer: string;
  resource: string;
  status: "pending" | "allowed" | "denied" | "done";
  /** Set once somebody allowed it. */
  userId: string | undefined;
  lineage: readonly string[];
  limits: ClientLimits;
  createdAt: Date;
  expiresAt: Date;
}

/** A program that a person let in. */
export interface ClientLogin {
  /** Names it in lists and in the audit; no credential. */
  id: string;
  userId: string;
  clientId: string;
  clientName: string;
  redirectUri: string;
  /** The address that its tokens are for. */
  resource: string;
  limits: ClientLimits;
  lineage: readonly string[];
  createdAt: Date;
  lastUsedAt: Date | undefined;
}

export interface ClientCode {
  loginId: string;
  challenge: string;
  isUsed: boolean;
}

export interface ClientTokens {
  accessHash: string;
  accessUntil: Date;
  refreshHash: string;
  refreshUntil: Date;
}

export interface ClientStore {
  /** Adds or renews it; the oldest that were never let in go when there are too many. */
  keep(client: Client, mostIdle: number): Promise<void>;
  find(id: string): Promise<Client | undefined>;
  /** False when too many wait already, of all programs or of this one. */
  openRequest(request: ClientRequest, most: { all: number; ofOne: number }): Promise<boolean>;
  request(hash: string, now: Date): Promise<ClientRequest | undefined>;
  requestByNumber(number: string, now: Date): Promise<ClientRequest | undefined>;
  /** Settles a pending one. True for exactly one of many at once. */
  allow(hash: string, userId: string, lineage: readonly string[], limits: ClientLimits): Promise<boolean>;
  deny(hash: string): Promise<boolean>;
  /** Ends an allowed request and opens the login with its code. False when it was ended before. */
  finish(requestHash: string, login: ClientLogin, codeHash: string, codeUntil: Date): Promise<boolean>;
  /** An expired code is not found; a used one is. */
  code(hash: string, now: Date): Promise<{ code: ClientCode; login: ClientLogin } | undefined>;
  /** Uses the code and keeps the first tokens. False when it was used before; then the login is gone. */
  redeem(codeHash: string, tokens: ClientTokens, now: Date): Promise<boolean>;
  /** The login of an access token that has not expired. */
  access(hash: string, now: Date): Promise<ClientLogin | undefined>;
  /** An expired refresh token is not found; a used one is. */
  refresh(hash: string, now: Date): Promise<{ login: ClientLogin; isUsed: boolean } | undefined>;
  /** Trades the refresh token. False when it was used before; then the login is gone. */
  rotate(refreshHash: string, tokens: ClientTokens, now: Date): Promise<boolean>;
  /** The login that a token of either kind belongs to, used or not. */
  ownerOf(hash: string): Promise<ClientLogin | undefined>;
  list(userId: string): Promise<ClientLogin[]>;
  change(userId: string, id: string, limits: ClientLimits): Promise<boolean>;
  /** Ends it with all its tokens. */
  revoke(userId: string, id: string): Promise<boolean>;
  touch(id: string, now: Date): void;
  sweep(now: Date): Promise<void>;
}

/** What a program says of itself (RFC 7591). Fields that mean nothing here are ignored, as the standard wants. */
export const RegistrationBody = Type.Object({
  redirect_uris: Type.Array(Type.String({ minLength: 1, maxLength: 2_000 }), { minItems: 1, maxItems: 20 }),
  client_name: Type.Optional(Type.String({ maxLength: 200 })),
  token_endpoint_auth_method: Type.Optional(Type.String()),
  grant_types: Type.Optional(Type.Array(Type.String())),
  response_types: Type.Optional(Type.Array(Type.String())),
});

/** The body that lets a program in, or changes what it may reach. */
export const ClientLimitsBody = Type.Object(
  {
    tools: Type.Optional(
      Type.Union([Type.Array(Type.String(), { minItems: 1, maxItems: 100 }), Type.Null()], {
        description: "Only these tools; null or absent means every tool",
      }),
    ),
    read_only: Type.Optional(Type.Boolean({ description: "Refuse whatever would write" })),
  },
  { additionalProperties: false },
);
export type ClientLimitsBody = Static<typeof ClientLimitsBody>;

/** A program in a list; field names are the wire's. */
export interface ListedClient {
  id: string;
  name: string;
  client_id: string;
  /** Where its logins come back to. */
  redirect_host: string;
  resource: string;
  /** null means every tool */
  tools: readonly string[] | null;
  read_only: boolean;
  created_at: string;
  last_used_at: string | null;
}

/** A wish to be let in, as the person who answers sees it. */
export interface ListedClientRequest {
  number: string;
  name: string;
  client_id: string;
  redirect_host: string;
  resource: string;
  expires_at: string;
}

/** The host of a redirect, or the scheme of a program's own. */
export function redirectHost(uri: string): string {
  const url = new URL(uri);
  return url.host === "" || !/^https?:$/.test(url.protocol) ? `${url.protocol}//${url.host}` : url.host;
}

export const listClient = (login: ClientLogin): ListedClient => ({
  id: login.id,
  name: login.clientName,
  client_id: login.clientId,
  redirect_host: redirectHost(login.redirectUri),
  resource: login.resource,
  tools: login.limits.tools ?? null,
  read_only: login.limits.readOnly,
  created_at: login.createdAt.toISOString(),
  last_used_at: login.lastUsedAt?.toISOString() ?? null,
});

export const listClientRequest = (request: ClientRequest): ListedClientRequest => ({
  number: request.number,
  name: request.clientName,
  client_id: request.clientId,
  redirect_host: redirectHost(request.redirectUri),
  resource: request.resource,
  expires_at: request.expiresAt.toISOString(),
});
