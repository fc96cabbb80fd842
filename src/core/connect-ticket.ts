import type { Caller } from "./call.ts";
import { hashSecret, randomText } from "./secret.ts";

/** Whose login a link begins, and to which service. */
export interface ConnectTicket {
  service: string;
  caller: Caller;
}

export interface ConnectTicketStore {
  keep(hash: string, ticket: ConnectTicket, expiresAt: Date): Promise<void>;
  find(hash: string, now: Date): Promise<ConnectTicket | undefined>;
  /** Gives it to exactly one of many at once. */
  take(hash: string, now: Date): Promise<ConnectTicket | undefined>;
  sweep(now: Date): Promise<void>;
}

/** Links that begin the login of the person whose program asked for it. Each opens once. */
export interface ConnectTickets {
  /** The path of the link, with its secret. */
  issue(ticket: ConnectTicket): Promise<string>;
  /** Whose it is, without using it. */
  find(secret: string): Promise<ConnectTicket | undefined>;
  take(secret: string): Promise<ConnectTicket | undefined>;
  sweep(): Promise<void>;
}

const lifeMs = 10 * 60 * 1000;

export function createConnectTickets(store: ConnectTicketStore, now: () => Date): ConnectTickets {
  return {
    async issue(ticket) {
      const secret = randomText(32, "base64url");
      await store.keep(hashSecret(secret), ticket, new Date(now().getTime() + lifeMs));
      return `/connect/${encodeURIComponent(ticket.service)}?ticket=${secret}`;
    },
    find: (secret) => store.find(hashSecret(secret), now()),
    take: (secret) => store.take(hashSecret(secret), now()),
    sweep: () => store.sweep(now()),
  };
}
