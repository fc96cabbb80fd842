import type { openStores } from "./app-stores.ts";
import type { AuditKind } from "./core/audit.ts";
import type { Caller } from "./core/call.ts";
import { type Clients, createClients } from "./core/clients.ts";
import { type ConnectTickets, createConnectTickets } from "./core/connect-ticket.ts";
import type { Policy } from "./core/policy.ts";

/** What the program keeps for other people's programs. */
export interface AgentParts {
  /** Programs that people let in. */
  clients: Clients;
  /** Links that begin a person's login to a service. */
  connectTickets: ConnectTickets;
}

export function openAgentParts(
  stores: ReturnType<typeof openStores>,
  knowsTool: (id: string) => boolean,
  record: (by: Caller, kind: AuditKind, detail: string) => Promise<void>,
  withdraw: (by: Caller, credentialId: string) => Promise<void>,
  policy: Policy,
): AgentParts {
  return {
    connectTickets: createConnectTickets(stores.connectTickets, stores.now),
    clients: createClients({
      ...stores,
      knowsTool,
      record,
      withdraw,
      limitOf: policy.limit,
      fetchDocument: async (url) => (await import("./net/guarded.ts")).fetchGuardedJson(url),
    }),
  };
}
