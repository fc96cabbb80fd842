import { TokenBody } from "../core/accounts.ts";
import type { Caller } from "../core/call.ts";
import { AppError, invalidParameters } from "../core/errors.ts";
import type { Grant } from "../core/grant.ts";
import { type ConfirmedToken, missingScopes, type OAuthProvider } from "../core/oauth-provider.ts";
import { checkParameters } from "../core/parameters.ts";
import { makeId } from "../core/secret.ts";
import { aliasFor } from "./finish.ts";
import { isCalled, requireServices } from "./login.ts";
import type { OAuthParts } from "./parts.ts";
import type { TokenKeeper } from "./token-keeper.ts";

/**
 * Links an account by a token that a person made at the provider's console, once the provider has confirmed it.
 * @throws AppError invalid_parameters for providers that hand out none, and for a token that was not confirmed
 */
export async function giveToken(
  parts: OAuthParts & { keeper: TokenKeeper },
  by: Caller,
  name: string,
  body: unknown,
): Promise<Grant> {
  const checked = checkParameters(TokenBody, body, {}, "field");
  if (!checked.ok) throw invalidParameters(checked.problems);
  const { provider, services } = requireServices(parts.providers, name);
  const takesTokens = Object.values(provider.modes).some((modes) => modes.includes("token"));
  if (!takesTokens || !provider.confirmToken) {
    throw new AppError("invalid_parameters", `${provider.name} hands out no tokens by hand`, {
      hint: `Run: mcqueen login ${name}`,
    });
  }
  const token = String(checked.value.token).trim();
  parts.secrets.add(token);
  const confirmed = await provider.confirmToken(token, parts);
  const known = await parts.grants.list(by.userId, provider.id);
  const before = targetOf(known, confirmed, checked.value.account as string | undefined);
  const scopes = confirmed.scopes ?? services.flatMap((service) => service.scopes);
  const usable = services.filter(
    (service) => missingScopes(provider, scopes, service.scopes).length < service.scopes.length,
  );
  if (usable.length === 0) throw uselessToken(provider, name);
  const ids = usable.map(({ id }) => id);
  const now = parts.now();
  const grant: Grant = {
    id: before?.id ?? makeId("acc"),
    userId: by.userId,
    provider: provider.id,
    alias: (checked.value.account as string | undefined) ?? before?.alias ?? aliasFor(confirmed.identity, known),
    subject: confirmed.identity.subject,
    label: confirmed.identity.label,
    scopes,
    services: [...new Set([...(before?.services ?? []), ...ids])],
    isDefault: before?.isDefault ?? known.length === 0,
    createdAt: before?.createdAt ?? now,
    refreshedAt: undefined,
    expiresAt: confirmed.expiresAt,
    broken: undefined,
  };
  const expiry = confirmed.expiresAt ? { expiresAt: confirmed.expiresAt.getTime() } : {};
  await parts.keeper.write(grant, { accessToken: token, ...expiry });
  await parts.grants.put(grant);
  await parts.record(by, `linked ${ids.join(", ")} of ${grant.alias} by a token`);
  return grant;
}

/**
 * The grant that the token replaces: the one of that name, or else the one of that account.
 * @throws AppError conflict when that name is another account's
 */
function targetOf(known: readonly Grant[], { identity }: ConfirmedToken, alias: string | undefined): Grant | undefined {
  // Those without an identity are taken for the same.
  const bySubject = known.find(({ subject }) => subject === identity.subject);
  const named = alias === undefined ? undefined : known.find((grant) => isCalled(grant, alias));
  if (named?.subject !== undefined && identity.subject !== undefined && named.subject !== identity.subject) {
    const whose = identity.label ?? "another account";
    throw new AppError(
      "conflict",
      `${named.alias} is ${named.label ?? "another account"}, but this token is ${whose}'s`,
      {
        hint: "Give it a name of its own with --account.",
      },
    );
  }
  return named ?? bySubject;
}

const uselessToken = ({ name }: OAuthProvider, service: string): AppError =>
  new AppError("invalid_parameters", `${name} knows this token, but it may do nothing that ${service} needs`, {
    hint: "Add the scopes at the provider's console, make the token anew, and give it again.",
  });

/** A token made by hand may serve other programs too, so it is forgotten here and not revoked. */
export const wasGiven = ({ refreshedAt }: Grant): boolean => refreshedAt === undefined;
