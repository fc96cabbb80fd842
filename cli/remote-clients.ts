import type { ListedClient, ListedClientRequest } from "../src/core/client.ts";
import type { ClientBackend } from "./backend.ts";
import type { Field, Whole } from "./remote-people.ts";

/** Programs that log in to a daemon elsewhere. */
export function createRemoteClients(field: Field, whole: Whole): ClientBackend {
  const request = (number: string): string => `clients/requests/${encodeURIComponent(number)}`;
  return {
    list: () => field<ListedClient[]>("clients", "GET", "clients"),
    request: (number) => field<ListedClientRequest>("request", "GET", request(number)),
    allow: (number, limits) => field<ListedClientRequest>("request", "POST", `${request(number)}/allow`, limits),
    deny: async (number) => void (await whole("POST", `${request(number)}/deny`)),
    change: (id, limits) => field<ListedClient>("client", "PATCH", `clients/${encodeURIComponent(id)}`, limits),
    revoke: async (id) => void (await whole("DELETE", `clients/${encodeURIComponent(id)}`)),
  };
}
