import type { Profile, Role, User, UserStore } from "../core/user.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  role: Role;
  created_at: string;
}

export function createUserStore(db: Connection): UserStore {
  return {
    async find(id) {
      const row = db.get<Row>("SELECT id, role, created_at FROM users WHERE id = ?", id);
      return row && toUser(row);
    },
    async profile(id) {
      const row = db.get<{ profile: string }>("SELECT profile FROM users WHERE id = ?", id);
      return row ? (JSON.parse(row.profile) as Profile) : {};
    },
    async saveProfile(id, profile) {
      db.run("UPDATE users SET profile = ? WHERE id = ?", JSON.stringify(profile), id);
    },
  };
}

/** Makes the owner of this computer's database at the first run. */
export function ensureOwner(db: Connection, id: string, now: Date): void {
  if (db.get("SELECT id FROM users WHERE id = ?", id)) return;
  db.run(
    "INSERT INTO users (id, role, created_at) VALUES (?, 'admin', ?) ON CONFLICT (id) DO NOTHING",
    id,
    now.toISOString(),
  );
}

const toUser = (row: Row): User => ({ id: row.id, role: row.role, createdAt: new Date(row.created_at) });
