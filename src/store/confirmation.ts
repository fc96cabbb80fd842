import { type ConfirmationStore, confirmationLifeMs } from "../core/confirmation.ts";
import { makeId } from "../core/secret.ts";
import type { Connection } from "./database.ts";

interface Row {
  tool_id: string;
  action: string;
  parameters: string;
  digest: string;
  expires_at: string;
}

export function createConfirmationStore(db: Connection): ConfirmationStore {
  return {
    async create(kept, now) {
      const id = makeId("cnf");
      db.transaction(() => {
        db.run("DELETE FROM confirmations WHERE expires_at <= ?", now.toISOString());
        db.run(
          "INSERT INTO confirmations (id, user_id, tool_id, action, parameters, digest, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
          id,
          kept.userId,
          kept.toolId,
          kept.action,
          JSON.stringify(kept.parameters ?? null),
          kept.digest,
          kept.expiresAt.toISOString(),
        );
      });
      return id;
    },
    async find(id, userId, now) {
      const row = db.get<Row>(
        "SELECT tool_id, action, parameters, digest, expires_at FROM confirmations WHERE id = ? AND user_id = ? AND expires_at > ?",
        id,
        userId,
        now.toISOString(),
      );
      return (
        row && {
          toolId: row.tool_id,
          action: row.action,
          parameters: (JSON.parse(row.parameters) as Record<string, unknown> | null) ?? undefined,
          digest: row.digest,
          askedAt: new Date(Date.parse(row.expires_at) - confirmationLifeMs),
        }
      );
    },
    async sweep(now) {
      db.run("DELETE FROM confirmations WHERE expires_at <= ?", now.toISOString());
    },
    use: async (id) => db.run("UPDATE confirmations SET used = 1 WHERE id = ? AND used = 0", id) === 1,
  };
}
