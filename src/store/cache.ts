import type { AnswerCache, KeptAnswer } from "../core/cache.ts";
import type { Connection, Database } from "./database.ts";

const mostAnswers = 2_000;

export function createAnswerCache(db: Database): AnswerCache {
  return {
    async get(key, now) {
      const kept = db.durable.kept(`answer ${key}`, () => read(db.durable, key));
      return kept && kept.expiresAt > now.getTime() ? kept.answer : undefined;
    },
    put(key, answer, expiresAt, now) {
      const text = JSON.stringify(answer);
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

function read(connection: Connection, key: string): { answer: KeptAnswer; expiresAt: number } | undefined {
  const row = connection.get<{ answer: string; expires_at: string }>(
    "SELECT answer, expires_at FROM answer_cache WHERE key = ?",
    key,
  );
  return row && { answer: JSON.parse(row.answer) as KeptAnswer, expiresAt: Date.parse(row.expires_at) };
}
