import type { ListedAccount, ListedLogin, ListedService, StartedLogin, Unlinked } from "../src/core/accounts.ts";
import type { AccountBackend } from "./backend.ts";
import type { Field } from "./remote-people.ts";

/** Accounts that a daemon elsewhere keeps. */
export function createRemoteAccounts(field: Field): AccountBackend {
  const service = (name: string): string => `auth/services/${encodeURIComponent(name)}`;
  const login = (id: string): string => `auth/logins/${encodeURIComponent(id)}`;
  return {
    list: () => field<ListedAccount[]>("accounts", "GET", "auth/accounts"),
    services: () => field<ListedService[]>("services", "GET", "auth/services"),
    startLogin: (name, body) => field<StartedLogin>("login", "POST", `${service(name)}/login`, body),
    login: (id, waitMs) => field<ListedLogin>("login", "GET", `${login(id)}?wait_s=${Math.ceil(waitMs / 1000)}`),
    paste: (id, url) => field<ListedLogin>("login", "POST", `${login(id)}/paste`, { url }),
    cancelLogin: async (id) => void (await field("login", "DELETE", login(id))),
    giveToken: (name, body) => field<ListedAccount>("account", "POST", `${service(name)}/token`, body),
    change: (account, body) =>
      field<ListedAccount>("account", "PATCH", `auth/accounts/${encodeURIComponent(account)}`, body),
    unlink: (name, account) =>
      field<Unlinked[]>(
        "unlinked",
        "DELETE",
        service(name) + (account === undefined ? "" : `?${new URLSearchParams({ account })}`),
      ),
  };
}
