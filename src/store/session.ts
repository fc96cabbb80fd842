import { type Session, type SessionStore, sessionLifeMs } from "../core/session.ts";
import type { Connection, Database } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  client_type: string;
  lineage: string;
  device_id: string | null;
  created_at: string;
  expires_at: string;
  last_activity: string;
}

const columns = "id, user_id, client_type, lineage, device_id, created_at, expires_at, last_activity";

/** How far a clock may be set back before sessions of the time before wait until it is there again. */
const clockSlackMs = 60 * 60_000;
/** A clock that runs ahead must not make us forget a login token that is good again once the clock is right. */
const burnedKeptMs = 30 * 24 * 60 * 60_000;

export function createSessionStore({ durable, later }: Database): SessionStore {
  return {
    async open(session, hash) {
      durable.run(
        `INSERT INTO sessions (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        hash,
        session.id,
        session.userId,
        session.clientType,
        JSON.stringify(session.lineage),
        session.deviceId ?? null,
        session.createdAt.toISOString(),
        session.expiresAt.toISOString(),
        session.lastActivity.toISOString(),
      );
    },
    async find(hash, now) {
      const session = durable.kept(`session ${hash}`, () => read(durable, hash, new Date(0)));
      return session && session.expiresAt > now && isOfThisTime(session, now) ? session : undefined;
    },
    touch(id, now) {
      later((connection) =>
        connection.run("UPDATE sessions SET last_activity = ? WHERE id = ?", now.toISOString(), id),
      );
    },
    async list(now, userId) {
      const at = now.toISOString();
      const rows =
        userId === undefined
          ? durable.all<Row>(`SELECT ${columns} FROM sessions WHERE expires_at > ? ORDER BY created_at DESC`, at)
          : durable.all<Row>(
              `SELECT ${columns} FROM sessions WHERE expires_at > ? AND user_id = ? ORDER BY created_at DESC`,
              at,
              userId,
            );
      return rows.map(toSession);
    },
    end: async (id) => durable.run("DELETE FROM sessions WHERE id = ?", id) > 0,
    endByHash: async (hash) =>
      durable.transaction(() => {
        const session = read(durable, hash, new Date(0));
        if (session) durable.run("DELETE FROM sessions WHERE hash = ?", hash);
        return session;
      }),
    sweep: async (now) =>
      durable.transaction(() => {
        const longAgo = new Date(now.getTime() - burnedKeptMs);
        durable.run("DELETE FROM used_logins WHERE expires_at <= ?", longAgo.toISOString());
        return durable.run("DELETE FROM sessions WHERE expires_at <= ?", now.toISOString());
      }),
    burn: async (key, expiresAt) =>
      durable.run(
        "INSERT INTO used_logins (key, expires_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
        key,
        expiresAt.toISOString(),
      ) === 1,
  };
}

function read(connection: Connection, hash: string, now: Date): Session | undefined {
  const row = connection.get<Row>(
    `SELECT ${columns} FROM sessions WHERE hash = ? AND expires_at > ?`,
    hash,
    now.toISOString(),
  );
  return row && toSession(row);
}

/** One that lasts longer than any may was opened by a clock that has been set back since. */
function isOfThisTime({ expiresAt }: Session, now: Date): boolean {
  const leftMs = expiresAt.getTime() - now.getTime();
  return leftMs > 0 && leftMs <= sessionLifeMs + clockSlackMs;
}

const toSession = (row: Row): Session => ({
  id: row.id,
  userId: row.user_id,
  clientType: row.client_type,
  lineage: JSON.parse(row.lineage) as string[],
  ...(row.device_id === null ? {} : { deviceId: row.device_id }),
  createdAt: new Date(row.created_at),
  expiresAt: new Date(row.expires_at),
  lastActivity: new Date(row.last_activity),
});
