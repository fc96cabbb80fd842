import type { Unlinked } from "../core/accounts.ts";
import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import type { Grant } from "../core/grant.ts";
import { wasGiven } from "./given-token.ts";
import { isCalled, requireServices } from "./login.ts";
import { type OAuthParts, tokensPlace } from "./parts.ts";
import { revokeToken } from "./token-endpoint.ts";
import type { TokenKeeper } from "./token-keeper.ts";

type UnlinkParts = OAuthParts & { keeper: TokenKeeper };

/**
 * Stops the use of a service, or of all services of a provider.
 * @param account only this one; all that have the service unless told
 * @throws AppError not_found
 */
export async function unlink(parts: UnlinkParts, by: Caller, name: string, account?: string): Promise<Unlinked[]> {
  const { provider, services } = requireServices(parts.providers, name);
  const ids = services.map(({ id }) => id);
  const own = await parts.grants.list(by.userId, provider.id);
  const meant = own.filter(
    (grant) => (account === undefined || isCalled(grant, account)) && grant.services.some((id) => ids.includes(id)),
  );
  if (meant.length === 0) {
    const which = account === undefined ? "" : ` under the name ${account}`;
    throw new AppError("not_found", `No account is linked to ${name}${which}`, { hint: "Run: mcqueen accounts" });
  }
  const done: Unlinked[] = [];
  for (const grant of meant) {
    const left = grant.services.filter((id) => !ids.includes(id));
    const gone = grant.services.filter((id) => ids.includes(id));
    if (left.length > 0) {
      await parts.grants.change(grant.id, { services: left });
      await parts.record(by, `unlinked ${gone.join(", ")} of ${grant.alias}`);
      done.push({ provider: provider.id, account: grant.alias, services: gone });
    } else {
      done.push(...(await unlinkGrants(parts, by, [grant])));
    }
  }
  return done;
}

/** Revokes grants at their providers and forgets them here, also when a provider cannot be told. */
export async function unlinkGrants(parts: UnlinkParts, by: Caller, grants: readonly Grant[]): Promise<Unlinked[]> {
  const done: Unlinked[] = [];
  for (const grant of grants) {
    const revoked = await revoke(parts, grant);
    await parts.grants.remove(grant.id);
    await parts.vault.remove(tokensPlace(grant.userId, grant.provider, grant.id));
    await parts.record(
      by,
      `unlinked ${grant.services.join(", ")} of ${grant.alias}${revoked ? " and revoked it" : ""}`,
    );
    const manageUrl = parts.providers.find(({ id }) => id === grant.provider)?.manageUrl;
    done.push({
      provider: grant.provider,
      account: grant.alias,
      services: grant.services,
      revoked,
      ...(revoked || manageUrl === undefined ? {} : { manage_url: manageUrl }),
    });
  }
  return done;
}

async function revoke(parts: UnlinkParts, grant: Grant): Promise<boolean> {
  const provider = parts.providers.find(({ id }) => id === grant.provider);
  // Another person may live on the same account, and would be logged out too.
  if (!provider || wasGiven(grant) || (await parts.grants.isShared(grant))) return false;
  try {
    const tokens = await parts.keeper.read(grant);
    return tokens !== undefined && (await revokeToken(parts, provider, tokens.refreshToken ?? tokens.accessToken));
  } catch (error) {
    // A vault that does not open or a provider that is down must not keep a person from logging out; they are told.
    if (error instanceof AppError) return false;
    throw error;
  }
}
