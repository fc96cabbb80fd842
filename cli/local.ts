import type { App } from "../src/app.ts";
import type { Caller } from "../src/core/call.ts";
import { toEnvelope } from "../src/core/outcome.ts";
import { ownerId } from "../src/core/user.ts";
import type { Backend } from "./backend.ts";

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
  };
}
