import type { HttpClient } from "./http-client.ts";

/** How the browser comes back to us after a person has consented. */
export type RedirectMode = "loopback" | "registered" | "paste" | "token";

/** An address at the provider: a setting with its base, and the path below it. */
export interface Endpoint {
  setting: string;
  path: string;
}

/** One service of a provider, such as its mail, and what it may need there. */
export interface OAuthService {
  id: string;
  name: string;
  scopes: readonly string[];
}

/** Who a grant belongs to, as the provider says it. */
export interface Identity {
  subject?: string;
  /** What a person recognises: a mail address, a name. */
  label?: string;
}

/** What a provider is asked by, beside the login itself. */
export interface Asking {
  http: HttpClient;
  setting(name: string): Promise<string | undefined>;
  now(): Date;
}

/** What a provider says of a token. */
export interface ConfirmedToken {
  identity: Identity;
  /** Absent where the provider does not tell. */
  scopes?: readonly string[];
  /** When the token ends by itself. */
  expiresAt?: Date;
}

/** A token among the settings. It is the installation's, so it serves its owner alone, and gives way to a linked account. */
export interface InstallationToken {
  setting: string;
  /** The setting that says whose account at the service it opens. */
  subject?: string;
}

/** Everything that the engine has to know of a provider. It owns the client id and the grant; its services own scopes. */
export interface OAuthProvider {
  id: string;
  name: string;
  services: readonly OAuthService[];
  /** None where accounts are linked by a token alone. */
  endpoints: { authorize?: Endpoint; token?: Endpoint; revoke?: Endpoint };
  /** Names of settings; absent where accounts are linked by a token alone. */
  client?: { id: string; secret: string; type?: string } | undefined;
  /** The redirect modes that it takes, for each type of client; the first is the usual one on this computer. */
  modes: Readonly<Record<string, readonly RedirectMode[]>>;
  pkce: boolean;
  /** Compared with the `iss` of a callback, where there is one. */
  issuer?: string;
  /** Further parameters of the authorization request. */
  parameters: Readonly<Record<string, string>>;
  /** How that request names scopes; `scope`, with blanks between them, unless told. */
  scopeParameter?: { name: string; separator: string };
  /** Whether that request may name the account that is meant. */
  loginHint?: true;
  /** Those that differ where a further account is to be linked, so that the person is asked which one. */
  chooseParameters?: Readonly<Record<string, string>>;
  /** Asked for beside those of services, so that we learn whose account it is. */
  identityScopes: readonly string[];
  /** Scopes that the provider writes otherwise in its answers. */
  sameScopes: Readonly<Record<string, string>>;
  /** A scope, and those that it holds within. */
  widerScopes: Readonly<Record<string, readonly string[]>>;
  /** Whether each renewal may bring another refresh token, so that the old one must not be sent twice. */
  rotates: boolean;
  /** Why a grant may have ended, in words for people; the likeliest first. */
  endings: readonly string[];
  /** Where a person can take access away by hand. */
  manageUrl: string;
  /** How to get a client id, step by step. @param callback the address for a registered redirect */
  setup(callback: string | undefined): readonly string[];
  /** Reads the file that the provider's console offers. @throws AppError invalid_parameters */
  readClientFile?(text: string): Record<string, string>;
  /** Says an answer of the token or the revocation endpoint as the standard has it, where the provider does not. */
  readTokenAnswer?(json: unknown): unknown;
  /**
   * Asks whose token it is and what it may do. Nothing is linked by a token that was not confirmed.
   * @throws AppError invalid_parameters for one that the provider does not take
   */
  confirmToken?(token: string, asking: Asking): Promise<ConfirmedToken>;
  installation?: InstallationToken;
}

/** The service of a name, or all services of a provider's name. */
export function findServices(
  providers: readonly OAuthProvider[],
  name: string,
): { provider: OAuthProvider; services: readonly OAuthService[] } | undefined {
  for (const provider of providers) {
    if (provider.id === name) return { provider, services: provider.services };
    const service = provider.services.find(({ id }) => id === name);
    if (service) return { provider, services: [service] };
  }
  return undefined;
}

/** A scope in the spelling that we compare. */
export const plainScope = ({ sameScopes }: OAuthProvider, scope: string): string => sameScopes[scope] ?? scope;

/** Those of the needed scopes that the granted ones do not hold. */
export function missingScopes(
  provider: OAuthProvider,
  granted: readonly string[],
  needed: readonly string[],
): readonly string[] {
  const held = new Set(
    granted
      .map((scope) => plainScope(provider, scope))
      .flatMap((scope) => [scope, ...(provider.widerScopes[scope] ?? [])]),
  );
  return needed.filter((scope) => !held.has(plainScope(provider, scope)));
}
