import { TokenBody } from "../core/accounts.ts";
import type { Caller } from "../core/call.ts";
import { AppError, invalidParameters } from "../core/errors.ts";
import type { Grant } from "../core/grant.ts";
import { checkParameters } from "../core/parameters.ts";
import { makeId } from "../core/secret.ts";
import { isCalled, requireServices } from "./login.ts";
import type { OAuthParts } from "./parts.ts";
import type { TokenKeeper } from "./token-keeper.ts";

/**
 * Links an account by a token that a person made at the provider's console.
 * @throws AppError invalid_parameters for providers that hand out none
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
  if (!Object.values(provider.modes).some((modes) => modes.includes("token"))) {
    throw new AppError("invalid_parameters", `${provider.name} hands out no tokens by hand`, {
      hint: `Run: mcqueen login ${name}`,
    });
  }
  const token = String(checked.value.token).trim();
  parts.secrets.add(token);
  const alias = String(checked.value.account ?? "default");
  const known = await parts.grants.list(by.userId, provider.id);
  const before = known.find((grant) => isCalled(grant, alias));
  const ids = services.map(({ id }) => id);
  const grant: Grant = {
    id: before?.id ?? makeId("acc"),
    userId: by.userId,
    provider: provider.id,
    alias: before?.alias ?? alias,
    subject: before?.subject,
    label: before?.label,
    // What such a token may do is known to the provider alone; it refuses what it does not allow.
    scopes: services.flatMap(({ scopes }) => scopes),
    services: [...new Set([...(before?.services ?? []), ...ids])],
    isDefault: before?.isDefault ?? known.length === 0,
    createdAt: before?.createdAt ?? parts.now(),
    refreshedAt: undefined,
    expiresAt: undefined,
    broken: undefined,
  };
  await parts.keeper.write(grant, { accessToken: token });
  await parts.grants.put(grant);
  await parts.record(by, `linked ${ids.join(", ")} of ${grant.alias} by a token`);
  return grant;
}
