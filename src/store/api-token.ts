import type { ApiToken, ApiTokenStore, Grant } from "../core/api-token.ts";
import { AppError } from "../core/errors.ts";
import type { Database } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  name: string;
  lineage: string;
  tools: string | null;
  writes: Grant["writes"];
  destructive: Grant["destructive"];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

const columns = "id, user_id, name, lineage, tools, writes, destructive, created_at, expires_at, last_used_at";

export function createApiTokenStore({ durable, later }: Database): ApiTokenStore {
  return {
    async create(token, hash) {
      const added = durable.run(
        `INSERT INTO api_tokens (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_id, name) DO NOTHING`,
        hash,
        token.id,
        token.userId,
        token.name,
        JSON.stringify(token.lineage),
        token.tools ? JSON.stringify(token.tools) : null,
        token.writes,
        token.destructive,
        token.createdAt.toISOString(),
        token.expiresAt?.toISOString() ?? null,
        null,
      );
      if (added === 0) {
        throw new AppError("conflict", `There is a token named ${token.name} already`, {
          hint: "Choose another name, or revoke it first: mcqueen tokens list",
        });
      }
    },
    async find(hash, now) {
      const token = durable.kept(`token ${hash}`, () => {
        const row = durable.get<Row>(`SELECT ${columns} FROM api_tokens WHERE hash = ?`, hash);
        return row && toToken(row);
      });
      return token?.expiresAt && token.expiresAt <= now ? undefined : token;
    },
    async list(userId) {
      return durable
        .all<Row>(`SELECT ${columns} FROM api_tokens WHERE user_id = ? ORDER BY created_at, id`, userId)
        .map(toToken);
    },
    revoke: async (userId, id) => durable.run("DELETE FROM api_tokens WHERE user_id = ? AND id = ?", userId, id) > 0,
    touch(id, now) {
      later((connection) =>
        connection.run("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", now.toISOString(), id),
      );
    },
  };
}

const toToken = (row: Row): ApiToken => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  lineage: JSON.parse(row.lineage) as string[],
  tools: row.tools === null ? undefined : (JSON.parse(row.tools) as string[]),
  writes: row.writes,
  destructive: row.destructive,
  createdAt: new Date(row.created_at),
  expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
  lastUsedAt: row.last_used_at === null ? undefined : new Date(row.last_used_at),
});
