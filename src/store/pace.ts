import { nextTurn, type PaceState, type PaceStore } from "../core/pace.ts";
import type { Connection } from "./database.ts";

export function createPaceStore(db: Connection, now: () => Date): PaceStore {
  return {
    take: async (key, everyMs, patienceMs, burst) =>
      db.transaction(() => {
        const known = db.get<PaceState>("SELECT taken_at AS takenAt, next_at AS nextAt FROM pace WHERE key = ?", key);
        // Read here, where this process owns the lock: a time from before would look like a clock that was set back.
        const { waitMs, state } = nextTurn(known, everyMs, now().getTime(), burst);
        if (waitMs > patienceMs) return { waitMs, taken: false };
        db.run(
          `INSERT INTO pace (key, taken_at, next_at) VALUES (?, ?, ?)
           ON CONFLICT (key) DO UPDATE SET taken_at = excluded.taken_at, next_at = excluded.next_at`,
          key,
          state.takenAt,
          state.nextAt,
        );
        return { waitMs, taken: true };
      }),
  };
}
