import type { Caller } from "./call.ts";
import type { ClientLogin } from "./client.ts";
import { type ClientBook, createClientBook } from "./client-book.ts";
import { type ClientDesk, type ClientDeskParts, createClientDesk } from "./client-desk.ts";
import { type ClientLogins, createClientLogins } from "./client-login.ts";
import { type ClientTokenDesk, createClientTokenDesk } from "./client-token.ts";

/** All about programs that log in by themselves: who they are, how they get in, and who let them. */
export interface Clients extends ClientDesk {
  book: ClientBook;
  logins: ClientLogins & ClientTokenDesk;
}

export interface ClientsParts extends ClientDeskParts {
  /** Fetches a document from the network, past the guard. @throws Error with a sentence */
  fetchDocument(url: string): Promise<unknown>;
}

export function createClients(parts: ClientsParts): Clients {
  const book = createClientBook(parts);
  const asCaller = ({ userId, id, lineage }: ClientLogin): Caller => ({
    userId,
    role: "member",
    entrance: "mcp",
    credentialId: id,
    interactive: false,
    lineage,
  });
  const tokens = createClientTokenDesk({
    ...parts,
    record: (login, detail) => parts.record(asCaller(login), "client", detail),
  });
  const logins = { ...createClientLogins({ ...parts, book }), ...tokens };
  return { ...createClientDesk(parts), book, logins };
}
