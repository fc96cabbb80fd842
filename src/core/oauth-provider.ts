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

/** Everything that the engine has to know of a provider. It owns the client id and the grant; its services own scopes. */
export interface OAuthProvider {
  id: string;
  name: string;
  services: readonly OAuthService[];
  endpoints: { authorize: Endpoint; token: Endpoint; revoke?: Endpoint };
  /** Names of settings. */
  client: { id: string; secret: string; type?: string };
  /** The redirect modes that it takes, for each type of client; the first is the usual one on this computer. */
  modes: Readonly<Record<string, readonly RedirectMode[]>>;
  pkce: boolean;
  /** Compared with the `iss` of a callback, where there is one. */
  issuer?: string;
  /** Further parameters of the authorization request. */
  parameters: Readonly<Record<string, string>>;
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
