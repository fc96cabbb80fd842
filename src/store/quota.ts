import type { QuotaStore } from "../core/quota.ts";
import type { Connection } from "./database.ts";

interface Count {
  calls: number;
  oldest: number | null;
}

export function createQuotaStore(db: Connection): QuotaStore {
  /** Later than a window from now is what a clock counted that has been set back since. */
  const count = (userId: string, toolId: string, windowMs: number, now: number): Count =>
    db.get<Count>(
      "SELECT CAST(COUNT(*) AS INTEGER) AS calls, MIN(at) AS oldest FROM quota_hits WHERE user_id = ? AND tool_id = ? AND at > ? AND at <= ?",
      userId,
      toolId,
      now - windowMs,
      now + windowMs,
    ) ?? { calls: 0, oldest: null };
  return {
    take: async (userId, toolId, limit, windowMs, now) =>
      db.transaction(() => {
        db.run(
          "DELETE FROM quota_hits WHERE user_id = ? AND tool_id = ? AND (at <= ? OR at > ?)",
          userId,
          toolId,
          now - windowMs,
          now + windowMs,
        );
        const { calls, oldest } = count(userId, toolId, windowMs, now);
        if (calls >= limit) return { taken: false, calls, oldest: oldest ?? undefined };
        db.run("INSERT INTO quota_hits (user_id, tool_id, at) VALUES (?, ?, ?)", userId, toolId, now);
        return { taken: true, calls: calls + 1, oldest: oldest ?? now };
      }),
    async read(userId, toolId, windowMs, now) {
      const kept = db.kept(`quota ${toolId} ${userId}`, () => ({
        since: now - windowMs,
        ...count(userId, toolId, windowMs, now),
      }));
      const isStill = kept.since <= now - windowMs && (kept.oldest === null || kept.oldest > now - windowMs);
      const { calls, oldest } = isStill ? kept : count(userId, toolId, windowMs, now);
      return { calls, oldest: oldest ?? undefined };
    },
  };
}
