import type { App } from "../src/app.ts";
import type { Caller } from "../src/core/call.ts";
import { toEnvelope } from "../src/core/outcome.ts";
import { listSession, listToken, listUser } from "../src/core/people-listing.ts";
import { ownerId } from "../src/core/user.ts";
import type { Backend, PeopleBackend } from "./backend.ts";

/** The backend that opens the database itself: no daemon is needed. */
export function createLocalBackend(app: App, interactive: boolean): Backend {
  const caller: Caller = { userId: ownerId, role: "admin", entrance: "cli", credentialId: "local", interactive };
  return {
    listTools: (all) => app.listTools(ownerId, { all }),
    showTool: (id) => app.showTool(ownerId, id),
    execute: async (execution) => toEnvelope(await app.execute({ ...execution, caller })),
    readConfig: (id) => app.readConfig(ownerId, id),
    changeConfig: (id, body) => app.changeConfig(ownerId, id, body),
    resetConfig: (id) => app.resetConfig(ownerId, id),
    readProfile: () => app.readProfile(ownerId),
    changeProfile: (patch) => app.changeProfile(ownerId, patch),
    people: createLocalPeople(app),
  };
}

function createLocalPeople({ people }: App): PeopleBackend {
  return {
    listUsers: async () => (await people.users()).map(listUser),
    addUser: async (body) => listUser(await people.addUser(body)),
    changeUser: async (id, body) => listUser(await people.changeUser(id, body)),
    removeUser: (id, confirmedId) => people.removeUser(id, confirmedId),
    loginToken: async (id, body) => (await people.loginToken(id, body)).token,
    listSessions: async (all) => (await people.sessions(all ? undefined : ownerId)).map(listSession),
    endSession: (id) => people.endSession(ownerId, id, true),
    listTokens: async () => (await people.tokens(ownerId)).map(listToken),
    async createToken(body) {
      const { secret, token } = await people.createToken(ownerId, body);
      return { secret, token: listToken(token) };
    },
    revokeToken: (id) => people.revokeToken(ownerId, id),
  };
}
