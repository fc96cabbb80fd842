import type { Caller } from "../core/call.ts";
import type { ConnectTicket, ConnectTicketStore } from "../core/connect-ticket.ts";
import type { Connection } from "./database.ts";

export function createConnectTicketStore(db: Connection): ConnectTicketStore {
  return {
    async keep(hash, { service, caller }, expiresAt) {
      db.run(
        "INSERT INTO connect_tickets (hash, user_id, service, caller, expires_at) VALUES (?, ?, ?, ?, ?)",
        hash,
        caller.userId,
        service,
        JSON.stringify(caller),
        expiresAt.toISOString(),
      );
    },
    find: async (hash, now) => read(db, hash, now),
    take: async (hash, now) =>
      db.transaction(() => {
        const ticket = read(db, hash, now);
        db.run("DELETE FROM connect_tickets WHERE hash = ?", hash);
        return ticket;
      }),
    async sweep(now) {
      db.run("DELETE FROM connect_tickets WHERE expires_at <= ?", now.toISOString());
    },
  };
}

function read(db: Connection, hash: string, now: Date): ConnectTicket | undefined {
  const row = db.get<{ service: string; caller: string }>(
    "SELECT service, caller FROM connect_tickets WHERE hash = ? AND expires_at > ?",
    hash,
    now.toISOString(),
  );
  return row && { service: row.service, caller: JSON.parse(row.caller) as Caller };
}
