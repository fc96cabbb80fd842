import type { HeldKey, IdempotencyStore } from "../core/idempotency.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Connection } from "./database.ts";

interface Row {
  digest: string;
  outcome: string | null;
}

/** A clock that runs ahead must not make us forget what was done: a retry comes once the clock is right again. */
const expiredKeptMs = 30 * 24 * 60 * 60_000;

export function createIdempotencyStore(db: Connection): IdempotencyStore {
  const read = (userId: string, key: string, now: Date): HeldKey | undefined => {
    const row = db.get<Row>(
      "SELECT digest, outcome FROM idempotency WHERE user_id = ? AND key = ? AND expires_at > ?",
      userId,
      key,
      now.toISOString(),
    );
    return (
      row && { digest: row.digest, outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as Outcome) }
    );
  };
  return {
    take: async (userId, key, digest, expiresAt, now) =>
      db.transaction(() => {
        forgetOutcomes(db, now);
        db.run(
          "DELETE FROM idempotency WHERE user_id = ? AND key = ? AND expires_at <= ?",
          userId,
          key,
          now.toISOString(),
        );
        const added = db.run(
          "INSERT INTO idempotency (user_id, key, digest, outcome, expires_at) VALUES (?, ?, ?, NULL, ?) ON CONFLICT (user_id, key) DO NOTHING",
          userId,
          key,
          digest,
          expiresAt.toISOString(),
        );
        if (added === 1) return undefined;
        return read(userId, key, now);
      }),
    find: async (userId, key, now) => read(userId, key, now),
    sweep: async (now) => db.transaction(() => forgetOutcomes(db, now)),
    async finish(userId, key, outcome) {
      db.run("UPDATE idempotency SET outcome = ? WHERE user_id = ? AND key = ?", JSON.stringify(outcome), userId, key);
    },
    async release(userId, key) {
      db.run("DELETE FROM idempotency WHERE user_id = ? AND key = ? AND outcome IS NULL", userId, key);
    },
  };
}

/** What came of a call is told for as long as its key lives; that it ran is known for longer. */
function forgetOutcomes(db: Connection, now: Date): void {
  const longAgo = new Date(now.getTime() - expiredKeptMs);
  db.run("DELETE FROM idempotency WHERE expires_at <= ?", longAgo.toISOString());
  db.run("UPDATE idempotency SET outcome = NULL WHERE expires_at <= ? AND outcome IS NOT NULL", now.toISOString());
}
