import type { Event, EventStore } from "../core/event.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: number;
  user_id: string;
  kind: Event["kind"];
  data: string;
  at: string;
}

const keptMs = 60 * 60 * 1000;

export function createEventStore(db: Connection): EventStore {
  return {
    append: async (event) => db.transaction(() => appendEvent(db, event)),
    async since(userId, id, limit) {
      return db
        .all<Row>(
          "SELECT id, user_id, kind, data, at FROM events WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?",
          userId,
          id,
          limit,
        )
        .map((row) => ({
          id: row.id,
          userId: row.user_id,
          kind: row.kind,
          data: JSON.parse(row.data) as Record<string, unknown>,
          at: new Date(row.at),
        }));
    },
    async sweep(now) {
      db.run("DELETE FROM events WHERE at < ?", new Date(now.getTime() - keptMs).toISOString());
    },
    lastId: async () => db.get<{ id: number }>("SELECT id FROM events ORDER BY id DESC LIMIT 1")?.id ?? 0,
  };
}

/** Within a transaction of the caller's. */
export function appendEvent(db: Connection, { userId, kind, data, at }: Omit<Event, "id">): void {
  db.run("DELETE FROM events WHERE at < ?", new Date(at.getTime() - keptMs).toISOString());
  // Never below an id that was given out: a reader remembers the last one that it saw.
  const last = db.get<{ id: number }>("SELECT id FROM events ORDER BY id DESC LIMIT 1")?.id ?? 0;
  db.run(
    "INSERT INTO events (id, user_id, kind, data, at) VALUES (?, ?, ?, ?, ?)",
    Math.max(at.getTime() * 1000, last + 1),
    userId,
    kind,
    JSON.stringify(data),
    at.toISOString(),
  );
}
