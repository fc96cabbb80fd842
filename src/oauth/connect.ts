import { authRequired } from "../core/auth-required.ts";
import type { Connection } from "../core/connection.ts";
import { AppError } from "../core/errors.ts";
import type { Grant, GrantTokens } from "../core/grant.ts";
import { findServices, type InstallationToken, missingScopes } from "../core/oauth-provider.ts";
import { printable } from "../core/parameters.ts";
import { shellWord } from "../core/shell-word.ts";
import type { Checked } from "../core/steps.ts";
import { ownerId } from "../core/user.ts";
import { isCalled } from "./login.ts";
import type { OAuthParts } from "./parts.ts";
import { GrantEnded, type TokenKeeper, type TokenRequest } from "./token-keeper.ts";

/**
 * Opens the account that a call uses: the one that it names, else the default, else the oldest that has the service.
 * @throws AppError auth_required with the likely causes, not_found for an account that is not there
 */
export async function connectAccount(
  parts: OAuthParts & { keeper: TokenKeeper },
  { call, tool, action }: Checked,
): Promise<Connection> {
  const service = tool.authService ?? "";
  const found = findServices(parts.providers, service);
  if (!found) throw new AppError("not_configured", `${tool.name} needs the service ${service}, which nobody offers`);
  const { provider } = found;
  const { userId } = call.caller;
  const own = (await parts.grants.list(userId, provider.id)).filter(({ services }) => services.includes(service));
  if (own.length === 0 && call.account === undefined && userId === ownerId && provider.installation) {
    const installed = await installationConnection(parts, provider.name, service, provider.installation);
    if (installed) return installed;
  }
  const grant = chooseGrant(own, call.account, service);
  const missing = missingScopes(provider, grant.scopes, action.scopes);
  const account = own.length > 1 ? grant.alias : undefined;
  const named = account === undefined ? {} : { account };
  if (missing.length > 0) throw authRequired({ service, reason: "missing_scopes", ...named, missingScopes: missing });

  let given: GrantTokens | undefined;
  const tokensFor = async (request: TokenRequest): Promise<string> => {
    try {
      given = await parts.keeper.tokensFor(provider, grant, request);
      return given.accessToken;
    } catch (error) {
      if (!(error instanceof GrantEnded)) throw error;
      throw authRequired({ service, reason: "ended", ...named, causes: provider.endings });
    }
  };
  await tokensFor({});
  let renewed: Promise<string> | undefined;
  return {
    account: grant.alias,
    ...(grant.subject === undefined ? {} : { subject: grant.subject }),
    scopes: grant.scopes,
    accessToken({ renew = false } = {}) {
      if (!renew) return tokensFor({});
      // Once a call: requests that ran side by side were all refused the same token, and are told so one after another.
      renewed ??= tokensFor(given ? { stale: given.accessToken } : {});
      return renewed;
    },
  };
}

/** What a token may do is known to the service alone; it refuses what it does not allow. */
async function installationConnection(
  parts: OAuthParts,
  name: string,
  service: string,
  { setting, subject }: InstallationToken,
): Promise<Connection | undefined> {
  const token = await parts.setting(setting);
  if (!token) return undefined;
  parts.secrets.add(token);
  const owned = subject === undefined ? undefined : await parts.setting(subject);
  return {
    account: "installation",
    isInstallation: true,
    ...(owned === undefined ? {} : { subject: owned }),
    scopes: [],
    async accessToken({ renew = false } = {}) {
      if (!renew) return token;
      throw authRequired({
        service,
        reason: "ended",
        causes: [`${name} does not take the token in the setting ${setting}`],
        command: `mcqueen settings set ${setting} -`,
      });
    },
  };
}

function chooseGrant(own: readonly Grant[], wanted: string | undefined, service: string): Grant {
  if (wanted !== undefined) {
    const named = own.find((grant) => isCalled(grant, wanted));
    if (named) return named;
    throw new AppError("not_found", `There is no account ${printable(wanted)} for ${service}`, {
      hint:
        own.length > 0
          ? `One of: ${own.map(({ alias }) => alias).join(", ")}`
          : `Run: mcqueen login ${service} --account ${shellWord(printable(wanted))}`,
    });
  }
  const chosen = own.find(({ isDefault }) => isDefault) ?? own[0];
  if (chosen) return chosen;
  throw authRequired({ service, reason: "not_linked" });
}
