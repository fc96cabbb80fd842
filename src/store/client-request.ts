import type { ClientRequest, ClientStore } from "../core/client.ts";
import type { Connection } from "./database.ts";

interface Row {
  hash: string;
  number: string;
  client_id: string;
  client_name: string;
  redirect_uri: string;
  state: string | null;
  challenge: string;
  issuer: string;
  resource: string;
  status: ClientRequest["status"];
  user_id: string | null;
  lineage: string;
  tools: string | null;
  read_only: number;
  created_at: string;
  expires_at: string;
}

const columns =
  "hash, number, client_id, client_name, redirect_uri, state, challenge, issuer, resource, status, user_id, lineage, tools, read_only, created_at, expires_at";

type Requests = Pick<ClientStore, "openRequest" | "request" | "requestByNumber" | "allow" | "deny">;

/** Wishes of programs to be let in. */
export function createClientRequests(db: Connection): Requests {
  const find = (field: "hash" | "number", value: string, now: Date): ClientRequest | undefined => {
    const row = db.get<Row>(
      `SELECT ${columns} FROM client_requests WHERE ${field} = ? AND expires_at > ?`,
      value,
      now.toISOString(),
    );
    return row && toRequest(row);
  };
  return {
    openRequest: async (request, most) =>
      db.transaction(() => {
        db.run("DELETE FROM client_requests WHERE expires_at <= ?", request.createdAt.toISOString());
        const open = db.get<{ n: number; own: number }>(
          "SELECT count(*) AS n, count(*) FILTER (WHERE client_id = ?) AS own FROM client_requests WHERE status = 'pending'",
          request.clientId,
        );
        if (open && (open.n >= most.all || open.own >= most.ofOne)) return false;
        db.run(
          `INSERT INTO client_requests (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL, '[]', NULL, 0, ?, ?)`,
          request.hash,
          request.number,
          request.clientId,
          request.clientName,
          request.redirectUri,
          request.state ?? null,
          request.challenge,
          request.issuer,
          request.resource,
          request.createdAt.toISOString(),
          request.expiresAt.toISOString(),
        );
        return true;
      }),
    request: async (hash, now) => find("hash", hash, now),
    requestByNumber: async (number, now) => find("number", number, now),
    allow: async (hash, userId, lineage, { tools, readOnly }) =>
      db.run(
        `UPDATE client_requests SET status = 'allowed', user_id = ?, lineage = ?, tools = ?, read_only = ?
         WHERE hash = ? AND status = 'pending'`,
        userId,
        JSON.stringify(lineage),
        tools ? JSON.stringify(tools) : null,
        readOnly ? 1 : 0,
        hash,
      ) === 1,
    deny: async (hash) =>
      db.run("UPDATE client_requests SET status = 'denied' WHERE hash = ? AND status = 'pending'", hash) === 1,
  };
}

const toRequest = (row: Row): ClientRequest => ({
  hash: row.hash,
  number: row.number,
  clientId: row.client_id,
  clientName: row.client_name,
  redirectUri: row.redirect_uri,
  state: row.state ?? undefined,
  challenge: row.challenge,
  issuer: row.issuer,
  resource: row.resource,
  status: row.status,
  userId: row.user_id ?? undefined,
  lineage: JSON.parse(row.lineage) as string[],
  limits: {
    tools: row.tools === null ? undefined : (JSON.parse(row.tools) as string[]),
    readOnly: row.read_only === 1,
  },
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
});
