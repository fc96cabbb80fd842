import type { LoginFailure, LoginFlow, LoginFlowStore, LoginStatus } from "../core/grant.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  provider: string;
  services: string;
  alias: string | null;
  scopes: string;
  mode: string;
  redirect_uri: string;
  status: LoginStatus;
  failure: string | null;
  grant_id: string | null;
  created_at: string;
  expires_at: string;
}

const columns =
  "id, user_id, provider, services, alias, scopes, mode, redirect_uri, status, failure, grant_id, created_at, expires_at";

export function createLoginFlowStore(db: Connection): LoginFlowStore {
  return {
    open: async (flow, stateHash, mostPending) =>
      db.transaction(() => {
        db.run(
          `INSERT INTO login_flows (${columns}, state_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', NULL, NULL, ?, ?, ?)`,
          flow.id,
          flow.userId,
          flow.provider,
          JSON.stringify(flow.services),
          flow.alias ?? null,
          JSON.stringify(flow.scopes),
          flow.mode,
          flow.redirectUri,
          flow.createdAt.toISOString(),
          flow.expiresAt.toISOString(),
          stateHash,
        );
        db.run(
          `UPDATE login_flows SET status = 'cancelled' WHERE user_id = ? AND status = 'pending' AND id NOT IN
             (SELECT id FROM login_flows WHERE user_id = ? AND status = 'pending' ORDER BY created_at DESC LIMIT ?)`,
          flow.userId,
          flow.userId,
          mostPending,
        );
      }),
    async find(id) {
      const row = db.get<Row>(`SELECT ${columns} FROM login_flows WHERE id = ?`, id);
      return row && toFlow(row);
    },
    async byState(stateHash) {
      const row = db.get<Row>(`SELECT ${columns} FROM login_flows WHERE state_hash = ?`, stateHash);
      return row && toFlow(row);
    },
    take: async (id, now) =>
      db.run(
        "UPDATE login_flows SET status = 'exchanging' WHERE id = ? AND status = 'pending' AND expires_at > ?",
        id,
        now.toISOString(),
      ) === 1,
    async settle(id, status, { failure, grantId }) {
      db.run(
        // What is being exchanged ends linked or failed: to call it cancelled would be no longer true.
        `UPDATE login_flows SET status = ?, failure = ?, grant_id = ?
           WHERE id = ? AND (status = 'pending' OR (status = 'exchanging' AND ? <> 'cancelled'))`,
        status,
        failure ? JSON.stringify(failure) : null,
        grantId ?? null,
        id,
        status,
      );
    },
    sweep: async (before) =>
      db.transaction(() => {
        const over = db.all<{ id: string; user_id: string }>(
          "SELECT id, user_id FROM login_flows WHERE expires_at < ?",
          before.toISOString(),
        );
        db.run("DELETE FROM login_flows WHERE expires_at < ?", before.toISOString());
        return over.map(({ id, user_id }) => ({ id, userId: user_id }));
      }),
  };
}

const toFlow = (row: Row): LoginFlow => ({
  id: row.id,
  userId: row.user_id,
  provider: row.provider,
  services: JSON.parse(row.services) as string[],
  alias: row.alias ?? undefined,
  scopes: JSON.parse(row.scopes) as string[],
  mode: row.mode,
  redirectUri: row.redirect_uri,
  status: row.status,
  failure: row.failure === null ? undefined : (JSON.parse(row.failure) as LoginFailure),
  grantId: row.grant_id ?? undefined,
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
});
