import { AppError } from "./errors.ts";
import { shellWord } from "./shell-word.ts";

/** Why a login is needed, for programs. */
export type LoginReason = "not_linked" | "missing_scopes" | "ended";

export interface LoginNeed {
  service: string;
  reason: LoginReason;
  /** The account that was to be used. */
  account?: string;
  missingScopes?: readonly string[];
  /** What may have happened, in words for people. */
  causes?: readonly string[];
  /** What mends it, where it is not a login. */
  command?: string;
}

/** The refusal of a call that wants a login first. It names the likely causes and the command. */
export function authRequired(need: LoginNeed): AppError {
  const { service, reason, account, missingScopes, causes } = need;
  const command =
    need.command ?? `mcqueen login ${service}${account === undefined ? "" : ` --account ${shellWord(account)}`}`;
  const why =
    reason === "missing_scopes"
      ? "The account is linked, but was not given the permissions that this needs.\n"
      : reason === "ended"
        ? `The login of ${account ?? "the account"} has ended. Likely causes: ${(causes ?? []).join("; ")}.\n`
        : "";
  return new AppError("auth_required", `Authentication required for service ${service}`, {
    hint: `${why}Run: ${command}`,
    metadata: {
      requires_auth: service,
      login_url: `/api/v1/auth/services/${service}/login`,
      reason,
      ...(account === undefined ? {} : { account }),
      ...(missingScopes ? { missing_scopes: missingScopes } : {}),
      ...(causes ? { causes } : {}),
    },
  });
}
