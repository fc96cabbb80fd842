import type { App } from "../src/app.ts";
import type { Caller } from "../src/core/call.ts";
import { listDevice } from "../src/core/device.ts";
import { listAudit, listUsage, readHistoryQuery } from "../src/core/history-listing.ts";
import { toEnvelope } from "../src/core/outcome.ts";
import { listSession, listToken, listUser } from "../src/core/people-listing.ts";
import { ownerId } from "../src/core/user.ts";
import type { AccountBackend, Backend, PeopleBackend } from "./backend.ts";

/** The caller of a command: a person at a terminal, or a program that runs us without one. */
export const localCaller = (interactive: boolean): Caller => ({
  userId: ownerId,
  role: "admin",
  entrance: "cli",
  credentialId: interactive ? "terminal" : "local",
  interactive,
});

/** The backend that opens the database itself: no daemon is needed. */
export function createLocalBackend(app: App, interactive: boolean): Backend {
  const caller = localCaller(interactive);
  return {
    listTools: (all) => app.listTools(ownerId, { all }),
    showTool: (id) => app.showTool(ownerId, id),
    listProviders: () => app.listProviders(),
    interpret: (transcript) => app.interpret(caller, { transcript }),
    execute: async ({ waitMs, ...execution }) => toEnvelope(await app.execute({ ...execution, caller }, waitMs)),
    readConfig: (id) => app.readConfig(ownerId, id),
    changeConfig: (id, body) => app.changeConfig(caller, id, body),
    resetConfig: (id) => app.resetConfig(caller, id),
    readProfile: () => app.readProfile(ownerId),
    changeProfile: (patch) => app.changeProfile(caller, patch),
    places: {
      list: () => app.places.list(ownerId),
      add: (body) => app.places.add(caller, body),
      change: (id, body) => app.places.change(caller, id, body),
      remove: (id) => app.places.remove(caller, id),
      importFile: (body, tell) => app.places.importFile(caller, body, tell),
    },
    people: createLocalPeople(app, caller),
    devices: {
      list: async (all) => (await app.devices.list(all ? undefined : ownerId)).map(listDevice),
      rename: async (id, name) => listDevice(await app.devices.rename(caller, id, { name })),
      revoke: (id) => app.devices.revoke(caller, id),
    },
    approvals: {
      list: (all) => app.approvals.list(ownerId, all),
      show: (id) => app.approvals.show(ownerId, id),
      approve: async (id) => toEnvelope(await app.approvals.approve(caller, id)),
      deny: (id) => app.approvals.deny(caller, id),
      outcome: async (id, waitMs) => toEnvelope(await app.approvals.wait(ownerId, id, waitMs)),
    },
    accounts: createLocalAccounts(app, caller),
    clients: {
      list: () => app.clients.list(ownerId),
      request: (number) => app.clients.request(number),
      allow: (number, limits) => app.clients.allow(caller, number, limits),
      deny: (number) => app.clients.deny(caller, number),
      change: (id, limits) => app.clients.change(caller, id, limits),
      revoke: (id) => app.clients.revoke(caller, id),
    },
    async history(query) {
      const { filter, before, limit } = readHistoryQuery(ownerId, query);
      const rows = await app.audit.page(filter, before, limit);
      return { entries: rows.map(listAudit), next_cursor: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null };
    },
    async usage(since) {
      const [usage, tools] = await Promise.all([
        app.usage(ownerId, new Date(since ?? 0)),
        app.listTools(ownerId, { all: true }),
      ]);
      return {
        usage: usage.map(listUsage),
        quotas: tools.flatMap(({ id, quota }) => (quota ? [{ tool: id, ...quota }] : [])),
      };
    },
  };
}

function createLocalAccounts({ accounts }: App, caller: Caller): AccountBackend {
  return {
    list: () => accounts.list(ownerId),
    services: () => accounts.services(ownerId),
    startLogin: (service, body) => accounts.startLogin(caller, service, body),
    login: (id, ms) => accounts.login(ownerId, id, { ms }),
    paste: (id, url) => accounts.paste(caller, id, { url }),
    cancelLogin: (id) => accounts.cancelLogin(caller, id),
    giveToken: (service, body) => accounts.giveToken(caller, service, body),
    change: (account, body) => accounts.change(caller, account, body),
    unlink: (service, account) => accounts.unlink(caller, service, account),
  };
}

function createLocalPeople({ people }: App, caller: Caller): PeopleBackend {
  return {
    listUsers: async () => (await people.users()).map(listUser),
    addUser: async (body) => listUser(await people.addUser(caller, body)),
    changeUser: async (id, body) => listUser(await people.changeUser(caller, id, body)),
    removeUser: (id, confirmedId) => people.removeUser(caller, id, confirmedId),
    loginToken: async (id, body) => (await people.loginToken(caller, id, body)).token,
    listSessions: async (all) => (await people.sessions(all ? undefined : ownerId)).map(listSession),
    endSession: (id) => people.endSession(caller, id),
    listTokens: async () => (await people.tokens(ownerId)).map(listToken),
    async createToken(body) {
      const { secret, token } = await people.createToken(caller, body);
      return { secret, token: listToken(token) };
    },
    revokeToken: (id) => people.revokeToken(caller, id),
  };
}
