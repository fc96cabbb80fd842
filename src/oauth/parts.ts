import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import type { GrantStore, LeaseStore, LoginFlowStore } from "../core/grant.ts";
import type { HttpClient } from "../core/http-client.ts";
import type { KnownSecrets } from "../core/known-secrets.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import type { SecretPlace, Vault } from "../core/vault.ts";

/** What the engine is handed. */
export interface OAuthParts {
  providers: readonly OAuthProvider[];
  grants: GrantStore;
  flows: LoginFlowStore;
  leases: LeaseStore;
  vault: Vault;
  secrets: KnownSecrets;
  http: HttpClient;
  setting(name: string): Promise<string | undefined>;
  /** Where others reach this daemon, for registered redirects. */
  publicUrl: string | undefined;
  /** Whether stand-ins answer, which every result says. */
  sandbox: boolean;
  now(): Date;
  /** Writes into the audit what was linked and unlinked. */
  record(by: Caller, detail: string): Promise<void>;
  /** Receives defects. */
  report(defect: unknown): void;
}

/** Where the tokens of a grant lie. */
export const tokensPlace = (userId: string, provider: string, grantId: string): SecretPlace => ({
  userId,
  service: provider,
  account: grantId,
});

export interface OAuthClient {
  id: string;
  secret: string | undefined;
  type: string;
}

/** The app that we are at the provider. @throws AppError not_configured with the steps to become one */
export async function clientOf(parts: OAuthParts, provider: OAuthProvider): Promise<OAuthClient> {
  if (!provider.client) {
    throw new AppError("invalid_parameters", `${provider.name} has no login page: an account is linked by a token`, {
      hint: [...provider.setup(undefined), `Run: mcqueen login ${provider.id} --token`].join("\n"),
    });
  }
  const { id, secret, type } = provider.client;
  const found = await parts.setting(id);
  if (found === undefined) {
    throw new AppError("not_configured", `${provider.name} does not know this mcqueen yet: no client id is set`, {
      hint: [...provider.setup(callbackOf(parts, provider)), `Run: ${clientCommand(provider)}`].join("\n"),
      metadata: { provider: provider.id, settings: [id, secret] },
    });
  }
  const kind = type === undefined ? undefined : await parts.setting(type);
  return { id: found, secret: await parts.setting(secret), type: kind ?? Object.keys(provider.modes)[0] ?? "" };
}

/** What a person runs to tell us the client of their app. */
export const clientCommand = ({ id, client, readClientFile }: OAuthProvider): string =>
  readClientFile
    ? `mcqueen login ${id} --client-file <file>`
    : `mcqueen settings set ${client?.id} - and mcqueen settings set ${client?.secret} -`;

/** The apps of the sandbox are registered at this address, which is nobody's, so the browser's last address is pasted. */
const standInUrl = "https://mcqueen.example";

/** The address for the registered redirect, where this daemon has one. */
export function callbackOf({ publicUrl, sandbox }: OAuthParts, { id }: OAuthProvider): string | undefined {
  const base = publicUrl ?? (sandbox ? standInUrl : undefined);
  return base === undefined ? undefined : `${base.replace(/\/$/, "")}/connect/${id}/callback`;
}

export async function addressOf(
  parts: OAuthParts,
  provider: OAuthProvider,
  which: "authorize" | "token" | "revoke",
): Promise<string | undefined> {
  const endpoint = provider.endpoints[which];
  if (!endpoint) return undefined;
  const base = await parts.setting(endpoint.setting);
  if (base === undefined) throw new AppError("not_configured", `${endpoint.setting} is not set`);
  return base.replace(/\/$/, "") + endpoint.path;
}
