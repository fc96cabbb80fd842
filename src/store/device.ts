import type { Grant } from "../core/api-token.ts";
import type { Device, DeviceStore } from "../core/device.ts";
import type { Connection, Database } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  name: string;
  lineage: string;
  tools: string | null;
  writes: Grant["writes"];
  destructive: Grant["destructive"];
  created_at: string;
  last_used_at: string | null;
}

const columns = "id, user_id, name, lineage, tools, writes, destructive, created_at, last_used_at";

export function createDeviceStore({ durable, later }: Database): DeviceStore {
  return {
    async find(id) {
      return durable.kept(`device ${id}`, () => {
        const row = durable.get<Row>(`SELECT ${columns} FROM devices WHERE id = ?`, id);
        return row && toDevice(row);
      });
    },
    async byHash(hash) {
      const row = durable.get<Row>(`SELECT ${columns} FROM devices WHERE hash = ?`, hash);
      return row && toDevice(row);
    },
    async list(userId) {
      const rows =
        userId === undefined
          ? durable.all<Row>(`SELECT ${columns} FROM devices ORDER BY created_at, id`)
          : durable.all<Row>(`SELECT ${columns} FROM devices WHERE user_id = ? ORDER BY created_at, id`, userId);
      return rows.map(toDevice);
    },
    rename: async (userId, id, name) =>
      durable.run("UPDATE devices SET name = ? WHERE id = ? AND user_id = ?", name, id, userId) > 0,
    revoke: async (id) =>
      durable.transaction(() => {
        // A lineage is a JSON list of ids of our own making, none of which is a part of another.
        const madeByIt = `%"${id}"%`;
        const sessions = durable.run("DELETE FROM sessions WHERE device_id = ? OR lineage LIKE ?", id, madeByIt);
        const tokens = durable.run("DELETE FROM api_tokens WHERE lineage LIKE ?", madeByIt);
        const programs = durable.run("DELETE FROM client_logins WHERE lineage LIKE ?", madeByIt);
        durable.run("DELETE FROM client_requests WHERE lineage LIKE ?", madeByIt);
        return durable.run("DELETE FROM devices WHERE id = ?", id) > 0 ? { sessions, tokens, programs } : undefined;
      }),
    touch(id, now) {
      later((connection) => connection.run("UPDATE devices SET last_used_at = ? WHERE id = ?", now.toISOString(), id));
    },
  };
}

export function insertDevice(connection: Connection, device: Device, hash: string): void {
  connection.run(
    `INSERT INTO devices (hash, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    hash,
    device.id,
    device.userId,
    device.name,
    JSON.stringify(device.lineage),
    device.tools ? JSON.stringify(device.tools) : null,
    device.writes,
    device.destructive,
    device.createdAt.toISOString(),
    null,
  );
}

const toDevice = (row: Row): Device => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  lineage: JSON.parse(row.lineage) as string[],
  tools: row.tools === null ? undefined : (JSON.parse(row.tools) as string[]),
  writes: row.writes,
  destructive: row.destructive,
  createdAt: new Date(row.created_at),
  lastUsedAt: row.last_used_at === null ? undefined : new Date(row.last_used_at),
});
