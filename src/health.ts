import { statfsSync } from "node:fs";

export interface Health {
  ok: boolean;
  checks: { database: "ok" | "failing"; vault: "ok" | "failing"; disk: "ok" | "full" };
}

const leastFreeBytes = 20 * 1024 * 1024;

/** Whether the database answers, the vault's key is to be had, and the disk has room. */
export async function checkHealth(
  connection: { get(sql: string): unknown },
  vault: { isOpen(): Promise<boolean> },
  folder: string,
): Promise<Health> {
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
  // Where the database does not answer, nobody can tell of the vault.
  const isOpen = database && (await vault.isOpen().catch(() => false));
  return {
    ok: database && disk && isOpen,
    checks: {
      database: database ? "ok" : "failing",
      vault: isOpen ? "ok" : "failing",
      disk: disk ? "ok" : "full",
    },
  };
}
