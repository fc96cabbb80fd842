import { type GrantStore, linkedServices } from "./core/grant.ts";
import { installedServices, usersOfAccount } from "./core/installation.ts";
import type { OAuthProvider } from "./core/oauth-provider.ts";
import type { Settings } from "./settings.ts";
import { isSettingName } from "./settings-table.ts";
import type { Connection } from "./store/database.ts";
import { createVaultRows } from "./store/vault-rows.ts";

interface LinkedParts {
  providers: readonly OAuthProvider[];
  grants: GrantStore;
  settings: Settings;
  /** What the stand-ins of the sandbox answer for. */
  standIns: Readonly<Record<string, string>>;
  durable: Connection;
  setting(name: string): Promise<string | undefined>;
}

/** Who has which service: by logins, and the owner by tokens among the settings. Opens no secret to tell. */
export function createLinked({ providers, grants, settings, standIns, durable, setting }: LinkedParts) {
  const rows = createVaultRows(durable);
  const isSet = (name: string): boolean =>
    standIns[name] !== undefined ||
    (isSettingName(name) && (settings.text(name) !== undefined || rows.names("settings").includes(name)));
  return {
    linked: async (userId: string): Promise<ReadonlySet<string>> =>
      new Set([...(await linkedServices(grants, userId)), ...installedServices(providers, userId, isSet)]),
    usersOf: (service: string, subject: string) => usersOfAccount(providers, grants, setting, isSet, service, subject),
  };
}
