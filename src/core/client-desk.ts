import type { AuditKind } from "./audit.ts";
import { type Caller, lineageOf } from "./call.ts";
import {
  type ClientLimits,
  ClientLimitsBody,
  type ClientRequest,
  type ClientStore,
  type ListedClient,
  type ListedClientRequest,
  listClient,
  listClientRequest,
} from "./client.ts";
import type { DeviceStore } from "./device.ts";
import { AppError, invalidParameters } from "./errors.ts";
import { cameOfRevoked, type Identity } from "./identity.ts";
import { checkParameters, printable } from "./parameters.ts";
import { type Decision, stricter } from "./policy.ts";
import { hashSecret } from "./secret.ts";
import { activityStepMs } from "./session.ts";
import type { UserStore } from "./user.ts";

/** The programs that a person let in, and the answers to those that want to be. */
export interface ClientDesk {
  list(userId: string): Promise<ListedClient[]>;
  /** A wish that waits. @throws AppError not_found */
  request(number: string): Promise<ListedClientRequest>;
  /** Lets it in as the caller, who must be there in person. @throws AppError forbidden, not_found, conflict */
  allow(by: Caller, number: string, limits: unknown): Promise<ListedClientRequest>;
  /** @throws AppError forbidden, not_found, conflict */
  deny(by: Caller, number: string): Promise<void>;
  /** @throws AppError not_found */
  change(by: Caller, id: string, limits: unknown): Promise<ListedClient>;
  /** Ends it at once, open streams too. @throws AppError not_found */
  revoke(by: Caller, id: string): Promise<void>;
  /** Who an access token is, at the one address that it is for. */
  identify(bearer: string, resource: string): Promise<Identity | undefined>;
}

export interface ClientDeskParts {
  clients: ClientStore;
  users: UserStore;
  devices: Pick<DeviceStore, "find">;
  /** Says no to all that waits for an approval and goes back to a credential. */
  withdraw(by: Caller, credentialId: string): Promise<void>;
  knowsTool(id: string): boolean;
  /** What a caller may do with any tool. */
  limitOf(by: Caller, effect: "write" | "destructive"): Promise<Decision>;
  now(): Date;
  record(by: Caller, kind: AuditKind, detail: string): Promise<void>;
}

export function createClientDesk({
  clients,
  users,
  devices,
  knowsTool,
  now,
  withdraw,
  limitOf,
  record,
}: ClientDeskParts): ClientDesk {
  const find = async (number: string): Promise<ClientRequest> => {
    const request = await clients.requestByNumber(tidyNumber(number), now());
    if (request) return request;
    throw new AppError("not_found", `No program waits with the number ${printable(number)}`, {
      hint: "The number stands on the page that the program opened, and is good for ten minutes.",
    });
  };
  const readLimits = (body: unknown, before: ClientLimits): ClientLimits => {
    const checked = checkParameters(ClientLimitsBody, body ?? {}, {}, "field");
    if (!checked.ok) throw invalidParameters(checked.problems);
    const { tools, read_only } = checked.value as ClientLimitsBody;
    const unknown = (tools ?? []).filter((id) => !knowsTool(id));
    if (unknown.length > 0)
      throw invalidParameters(unknown.map((id) => `Field tools names ${printable(id)}, which is no tool`));
    return {
      tools: tools === undefined ? before.tools : (tools ?? undefined),
      readOnly: read_only ?? before.readOnly,
    };
  };
  /** A door where a person has to approve must not open one where nobody has to. @throws AppError forbidden */
  const requireWithin = async (by: Caller, { readOnly }: ClientLimits): Promise<void> => {
    const program = { ...by, entrance: "mcp", credentialId: "", interactive: true } as const;
    for (const effect of readOnly ? [] : (["write", "destructive"] as const)) {
      const [limit, theirs] = await Promise.all([limitOf(by, effect), limitOf(program, effect)]);
      if (limit === "allow" || limit === "ask" || stricter(limit, theirs) === theirs) continue;
      throw new AppError("forbidden", `A program let in here could do more than "${limit}" for ${effect} actions`, {
        hint: "Let it in for reading only, or at a terminal.",
      });
    }
  };
  const own = async (userId: string, id: string) => {
    const login = (await clients.list(userId)).find((each) => each.id === id);
    if (login) return login;
    throw new AppError("not_found", `There is no program ${printable(id)}`, { hint: "Run: mcqueen clients list" });
  };
  return {
    list: async (userId) => (await clients.list(userId)).map(listClient),
    async request(number) {
      const request = await find(number);
      requirePending(request);
      return listClientRequest(request);
    },
    async allow(by, number, body) {
      requirePerson(by);
      const request = await find(number);
      requirePending(request);
      const limits = readLimits(body, request.limits);
      await requireWithin(by, limits);
      if (!(await clients.allow(request.hash, by.userId, lineageOf(by), limits))) throw answered();
      await record(by, "client", `let in ${request.clientName}, which comes back to ${request.redirectUri}`);
      return listClientRequest(request);
    },
    async deny(by, number) {
      requirePerson(by);
      const request = await find(number);
      if (!(await clients.deny(request.hash))) throw answered();
      await record(by, "client", `turned away ${request.clientName}`);
    },
    async change(by, id, body) {
      const login = await own(by.userId, id);
      const limits = readLimits(body, login.limits);
      if (widens(login.limits, limits)) {
        requirePerson(by);
        await requireWithin(by, limits);
      }
      await clients.change(by.userId, id, limits);
      await record(by, "client", `changed ${id}: ${JSON.stringify(limits)}`);
      return listClient({ ...login, limits });
    },
    async revoke(by, id) {
      const login = await own(by.userId, id);
      await clients.revoke(by.userId, id);
      await withdraw(by, id);
      await record(by, "client", `ended ${id} (${login.clientName})`);
    },
    async identify(bearer, resource) {
      if (!bearer.startsWith("mcq_a_")) return undefined;
      const at = now();
      const login = await clients.access(hashSecret(bearer), at);
      if (login?.resource !== resource || (await cameOfRevoked(devices, login.lineage))) return undefined;
      const user = await users.find(login.userId);
      if (!user) return undefined;
      if (!login.lastUsedAt || at.getTime() - login.lastUsedAt.getTime() >= activityStepMs) clients.touch(login.id, at);
      const { id, userId, lineage, limits } = login;
      return {
        caller: { userId, role: user.role, entrance: "mcp", credentialId: id, interactive: false, lineage, limits },
      };
    },
  };
}

const tidyNumber = (number: string): string => number.replace(/\D/g, "").replace(/^(\d{4})(\d{4})$/, "$1-$2");

const answered = (): AppError => new AppError("conflict", "This program was answered already");

function requirePending({ status }: ClientRequest): void {
  if (status !== "pending") throw answered();
}

const widens = (before: ClientLimits, after: ClientLimits): boolean =>
  (before.readOnly && !after.readOnly) ||
  (before.tools !== undefined && (after.tools?.some((id) => !before.tools?.includes(id)) ?? true));

/** Whoever lets a program in gives a key away, so no program may. @throws AppError forbidden */
function requirePerson(by: Caller): void {
  // What is let in may reach every tool, and would stay within no bounds of the device.
  if (by.bounds) throw new AppError("forbidden", "A device that may not do everything lets no program in");
  const isInPerson =
    by.entrance === "device" ||
    (by.entrance === "cli" && by.interactive) ||
    (by.entrance === "rest" && by.credentialId.startsWith("ses_"));
  if (by.bounds) throw new AppError("forbidden", "A device that may not do everything lets no program in");
  if (by.grant || !isInPerson)
    throw new AppError("forbidden", "Only a person, at a terminal or a phone, can let a program in");
}
