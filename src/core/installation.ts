import type { GrantStore } from "./grant.ts";
import { findServices, type OAuthProvider } from "./oauth-provider.ts";
import { ownerId } from "./user.ts";

/** The services that a token among the settings opens, for the owner. @param isSet whether a setting has a value; opens none */
export function installedServices(
  providers: readonly OAuthProvider[],
  userId: string,
  isSet: (name: string) => boolean,
): readonly string[] {
  if (userId !== ownerId) return [];
  return providers
    .filter(({ installation }) => installation !== undefined && isSet(installation.setting))
    .flatMap(({ services }) => services.map(({ id }) => id));
}

/**
 * The users who have an account of a service: by a login of theirs, or the owner by a token among the settings.
 * @param isSet whether a setting has a value; opens none
 */
export async function usersOfAccount(
  providers: readonly OAuthProvider[],
  grants: GrantStore,
  setting: (name: string) => Promise<string | undefined>,
  isSet: (name: string) => boolean,
  service: string,
  subject: string,
): Promise<readonly string[]> {
  const provider = findServices(providers, service)?.provider;
  if (!provider) return [];
  const users = new Set(await grants.usersOf(provider.id, subject, service));
  const { installation } = provider;
  const isOurs = installation?.subject !== undefined && (await setting(installation.subject)) === subject;
  if (isOurs && isSet(installation.setting)) users.add(ownerId);
  return [...users];
}
