import type { AnswerCache } from "../core/cache.ts";
import type { Database } from "./database.ts";

const mostAnswers = 2_000;

export function createAnswerCache(db: Database): AnswerCache {
  return {
    async get(key, now) {
      const kept = db.durable.kept(`answer ${key}`, () =>
        db.durable.get<{ answer: string; expires_at: string }>(
          "SELECT answer, expires_at FROM answer_cache WHERE key = ?",
          key,
        ),
      );
      return kept && kept.expires_at > now.toISOString() ? kept.answer : undefined;
    },
    put(key, text, expiresAt, now) {
      db.later((connection) => {
        connection.run("DELETE FROM answer_cache WHERE expires_at <= ?", now.toISOString());
        connection.run(
          `DELETE FROM answer_cache WHERE key IN
           (SELECT key FROM answer_cache ORDER BY expires_at DESC LIMIT 1000 OFFSET ?)`,
          mostAnswers - 1,
        );
        connection.run(
          `INSERT INTO answer_cache (key, answer, expires_at) VALUES (?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at`,
          key,
          text,
          expiresAt.toISOString(),
        );
      });
    },
  };
}
