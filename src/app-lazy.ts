import type { Accounts } from "./core/accounts.ts";
import type { Suggest } from "./core/interpret/suggest.ts";
import type { OAuthProvider } from "./core/oauth-provider.ts";
import type { Vault } from "./core/vault.ts";

/** Runs `load` at the first use and never again. */
function once<T>(load: () => Promise<T>): { get(): Promise<T>; isLoaded(): boolean } {
  let loaded: Promise<T> | undefined;
  return {
    get() {
      loaded ??= load();
      return loaded;
    },
    isLoaded: () => loaded !== undefined,
  };
}

/** Most commands open no secret, so the vault is loaded when one does. */
export function lazyVault(load: () => Promise<Vault>): Vault {
  const vault = once(load);
  return {
    read: async (place) => (await vault.get()).read(place),
    write: async (place, secret) => (await vault.get()).write(place, secret),
    remove: async (place) => (await vault.get()).remove(place),
    names: async (service) => (await vault.get()).names(service),
    isOpen: async () => (await vault.get()).isOpen(),
    keys: async () => (await vault.get()).keys(),
    check: async () => (await vault.get()).check(),
    rotate: async (backend) => (await vault.get()).rotate(backend),
    reset: async () => (await vault.get()).reset(),
  };
}

/** The same for understanding words, which few commands do. */
export function lazySuggest(load: () => Promise<Suggest>): Suggest {
  const suggest = once(load);
  return async (by, body) => (await suggest.get())(by, body);
}

/** The same for the login engine. What listings ask needs none of it and is answered by `linked`. */
export function lazyAccounts(
  load: () => Promise<Accounts>,
  providers: readonly OAuthProvider[],
  linked: Accounts["linked"],
): Accounts {
  const accounts = once(load);
  return {
    providers,
    linked,
    services: async (userId) => (await accounts.get()).services(userId),
    list: async (userId) => (await accounts.get()).list(userId),
    startLogin: async (by, name, body) => (await accounts.get()).startLogin(by, name, body),
    login: async (userId, id, wait) => (await accounts.get()).login(userId, id, wait),
    cancelLogin: async (by, id) => (await accounts.get()).cancelLogin(by, id),
    paste: async (by, id, body) => (await accounts.get()).paste(by, id, body),
    callback: async (provider, query) => (await accounts.get()).callback(provider, query),
    giveToken: async (by, name, body) => (await accounts.get()).giveToken(by, name, body),
    change: async (by, account, body) => (await accounts.get()).change(by, account, body),
    unlink: async (by, name, account) => (await accounts.get()).unlink(by, name, account),
    unlinkAll: async (by, userId) => (await accounts.get()).unlinkAll(by, userId),
    connect: async (checked) => (await accounts.get()).connect(checked),
    check: async (userId) => (await accounts.get()).check(userId),
    sweep: async () => (await accounts.get()).sweep(),
    async close() {
      if (accounts.isLoaded()) await (await accounts.get()).close();
    },
  };
}
