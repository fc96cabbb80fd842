import type { Client, ClientLimits, ClientLogin, ClientStore, ClientTokens } from "../core/client.ts";
import { createClientRequests } from "./client-request.ts";
import type { Connection, Database } from "./database.ts";

interface LoginRow {
  id: string;
  user_id: string;
  client_id: string;
  client_name: string;
  redirect_uri: string;
  resource: string;
  lineage: string;
  tools: string | null;
  read_only: number;
  created_at: string;
  last_used_at: string | null;
}

const fields =
  "id, user_id, client_id, client_name, redirect_uri, resource, lineage, tools, read_only, created_at, last_used_at";
const columns = fields
  .split(", ")
  .map((name) => `client_logins.${name}`)
  .join(", ");

/** A program that is known and was never let in, nor asks now. */
const isIdle = `NOT EXISTS (SELECT 1 FROM client_logins WHERE client_logins.client_id = clients.id)
  AND NOT EXISTS (SELECT 1 FROM client_requests WHERE client_requests.client_id = clients.id)`;

const forgottenAfterMs = 24 * 60 * 60 * 1000;

export function createClientStore({ durable: db, later }: Database): ClientStore {
  return {
    ...createClientRequests(db),
    async keep(client, mostIdle) {
      db.transaction(() => {
        db.run(
          `INSERT INTO clients (id, kind, name, redirect_uris, created_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET name = excluded.name, redirect_uris = excluded.redirect_uris, created_at = excluded.created_at`,
          client.id,
          client.kind,
          client.name,
          JSON.stringify(client.redirectUris),
          client.createdAt.toISOString(),
        );
        db.run(
          `DELETE FROM clients WHERE id IN
           (SELECT id FROM clients WHERE ${isIdle} ORDER BY created_at DESC, id LIMIT -1 OFFSET ?)`,
          mostIdle,
        );
      });
    },
    async find(id) {
      const row = db.get<{ id: string; kind: Client["kind"]; name: string; redirect_uris: string; created_at: string }>(
        "SELECT id, kind, name, redirect_uris, created_at FROM clients WHERE id = ?",
        id,
      );
      if (!row) return undefined;
      const { kind, name } = row;
      const redirectUris = JSON.parse(row.redirect_uris) as string[];
      return { id, kind, name, redirectUris, createdAt: new Date(row.created_at) };
    },
    finish: async (requestHash, login, codeHash, codeUntil) =>
      db.transaction(() => {
        const ended = db.run(
          "UPDATE client_requests SET status = 'done' WHERE hash = ? AND status = 'allowed'",
          requestHash,
        );
        if (ended === 0) return false;
        db.run(
          `INSERT INTO client_logins (${fields}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
          login.id,
          login.userId,
          login.clientId,
          login.clientName,
          login.redirectUri,
          login.resource,
          JSON.stringify(login.lineage),
          login.limits.tools ? JSON.stringify(login.limits.tools) : null,
          login.limits.readOnly ? 1 : 0,
          login.createdAt.toISOString(),
        );
        db.run(
          "INSERT INTO client_codes (hash, login_id, challenge, expires_at) VALUES (?, ?, ?, ?)",
          codeHash,
          login.id,
          pair(db, requestHash),
          codeUntil.toISOString(),
        );
        return true;
      }),
    async code(hash, now) {
      const row = db.get<LoginRow & { challenge: string; used_at: string | null }>(
        `SELECT ${columns}, client_codes.challenge, client_codes.used_at FROM client_codes
         JOIN client_logins ON client_logins.id = client_codes.login_id
         WHERE client_codes.hash = ? AND client_codes.expires_at > ?`,
        hash,
        now.toISOString(),
      );
      if (!row) return undefined;
      return { code: { loginId: row.id, challenge: row.challenge, isUsed: row.used_at !== null }, login: toLogin(row) };
    },
    redeem: async (hash, tokens, now) => trade(db, "client_codes", hash, tokens, now),
    async access(hash, now) {
      const row = db.kept(`access ${hash}`, () =>
        db.get<LoginRow & { until: string }>(
          `SELECT ${columns}, client_tokens.expires_at AS until FROM client_tokens
           JOIN client_logins ON client_logins.id = client_tokens.login_id
           WHERE client_tokens.hash = ? AND client_tokens.kind = 'access'`,
          hash,
        ),
      );
      return row && row.until > now.toISOString() ? toLogin(row) : undefined;
    },
    async refresh(hash, now) {
      const row = db.get<LoginRow & { used_at: string | null }>(
        `SELECT ${columns}, client_tokens.used_at FROM client_tokens
         JOIN client_logins ON client_logins.id = client_tokens.login_id
         WHERE client_tokens.hash = ? AND client_tokens.kind = 'refresh' AND client_tokens.expires_at > ?`,
        hash,
        now.toISOString(),
      );
      return row && { login: toLogin(row), isUsed: row.used_at !== null };
    },
    rotate: async (hash, tokens, now) => trade(db, "client_tokens", hash, tokens, now),
    async ownerOf(hash) {
      const row = db.get<LoginRow>(
        `SELECT ${columns} FROM client_tokens JOIN client_logins ON client_logins.id = client_tokens.login_id
         WHERE client_tokens.hash = ?`,
        hash,
      );
      return row && toLogin(row);
    },
    list: async (userId) =>
      db
        .all<LoginRow>(`SELECT ${columns} FROM client_logins WHERE user_id = ? ORDER BY created_at, id`, userId)
        .map(toLogin),
    change: async (userId, id, { tools, readOnly }) =>
      db.run(
        "UPDATE client_logins SET tools = ?, read_only = ? WHERE user_id = ? AND id = ?",
        tools ? JSON.stringify(tools) : null,
        readOnly ? 1 : 0,
        userId,
        id,
      ) > 0,
    revoke: async (userId, id) => db.run("DELETE FROM client_logins WHERE user_id = ? AND id = ?", userId, id) > 0,
    touch(id, now) {
      later((connection) =>
        connection.run("UPDATE client_logins SET last_used_at = ? WHERE id = ?", now.toISOString(), id),
      );
    },
    async sweep(now) {
      const at = now.toISOString();
      db.transaction(() => {
        db.run("DELETE FROM client_requests WHERE expires_at <= ?", at);
        db.run("DELETE FROM client_codes WHERE expires_at <= ?", at);
        db.run("DELETE FROM client_tokens WHERE expires_at <= ?", at);
        db.run(
          `DELETE FROM client_logins WHERE NOT EXISTS (SELECT 1 FROM client_tokens WHERE login_id = client_logins.id)
           AND NOT EXISTS (SELECT 1 FROM client_codes WHERE login_id = client_logins.id)`,
        );
        db.run(
          `DELETE FROM clients WHERE created_at <= ? AND ${isIdle}`,
          new Date(now.getTime() - forgottenAfterMs).toISOString(),
        );
      });
    },
  };
}

const pair = (db: Connection, requestHash: string): string =>
  db.get<{ challenge: string }>("SELECT challenge FROM client_requests WHERE hash = ?", requestHash)?.challenge ?? "";

/** Uses what is good once. What was used before may be in a thief's hands, so the whole login ends. */
function trade(
  db: Connection,
  table: "client_codes" | "client_tokens",
  hash: string,
  tokens: ClientTokens,
  now: Date,
): boolean {
  return db.transaction(() => {
    const row = db.get<{ login_id: string }>(`SELECT login_id FROM ${table} WHERE hash = ?`, hash);
    if (!row) return false;
    const used = db.run(`UPDATE ${table} SET used_at = ? WHERE hash = ? AND used_at IS NULL`, now.toISOString(), hash);
    if (used === 0) {
      db.run("DELETE FROM client_logins WHERE id = ?", row.login_id);
      return false;
    }
    const add = "INSERT INTO client_tokens (hash, login_id, kind, expires_at) VALUES (?, ?, ?, ?)";
    db.run(add, tokens.accessHash, row.login_id, "access", tokens.accessUntil.toISOString());
    db.run(add, tokens.refreshHash, row.login_id, "refresh", tokens.refreshUntil.toISOString());
    return true;
  });
}

const limitsOf = ({ tools, read_only }: Pick<LoginRow, "tools" | "read_only">): ClientLimits => ({
  tools: tools === null ? undefined : (JSON.parse(tools) as string[]),
  readOnly: read_only === 1,
});

const toLogin = (row: LoginRow): ClientLogin => ({
  id: row.id,
  userId: row.user_id,
  clientId: row.client_id,
  clientName: row.client_name,
  redirectUri: row.redirect_uri,
  resource: row.resource,
  limits: limitsOf(row),
  lineage: JSON.parse(row.lineage) as string[],
  createdAt: new Date(row.created_at),
  lastUsedAt: row.last_used_at === null ? undefined : new Date(row.last_used_at),
});
