import { statfsSync } from "node:fs";

export interface Health {
  ok: boolean;
  checks: { database: "ok" | "failing"; disk: "ok" | "full" };
}

const leastFreeBytes = 20 * 1024 * 1024;

/** Whether the database answers and its disk has room. */
export function checkHealth(connection: { get(sql: string): unknown }, folder: string): Health {
  const passes = (check: () => boolean): boolean => {
    try {
      return check();
    } catch {
      return false;
    }
  };
  const database = passes(() => connection.get("SELECT id FROM users LIMIT 1") !== undefined);
  const disk = passes(() => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > leastFreeBytes;
  });
  return { ok: database && disk, checks: { database: database ? "ok" : "failing", disk: disk ? "ok" : "full" } };
}
