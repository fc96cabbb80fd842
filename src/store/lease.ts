import type { LeaseStore } from "../core/grant.ts";
import type { Connection } from "./database.ts";

export function createLeaseStore(db: Connection): LeaseStore {
  return {
    async take(name, holder, now, ms) {
      const until = new Date(now.getTime() + ms).toISOString();
      return (
        db.run(
          // One that ends long after a fresh one would was taken before the clock stepped back; a little after, by who
          // only looked at the clock later than we did.
          `INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.until <= ? OR leases.until > ?`,
          name,
          holder,
          until,
          now.toISOString(),
          new Date(now.getTime() + 2 * ms).toISOString(),
        ) === 1
      );
    },
    async release(name, holder) {
      db.run("DELETE FROM leases WHERE name = ? AND holder = ?", name, holder);
    },
  };
}
