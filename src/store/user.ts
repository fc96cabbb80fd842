import { AppError } from "../core/errors.ts";
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
    async list() {
      return db.all<Row>("SELECT id, role, created_at FROM users ORDER BY created_at, id").map(toUser);
    },
    async create(user) {
      if (insert(db, user) === 0) {
        throw new AppError("conflict", `There is a user ${user.id} already`, { hint: "Run: mcqueen users list" });
      }
    },
    async ensure(user) {
      insert(db, user);
      const row = db.get<Row>("SELECT id, role, created_at FROM users WHERE id = ?", user.id);
      return row ? toUser(row) : user;
    },
    setRole: async (id, role) =>
      db.transaction(() => {
        const row = db.get<Row>("SELECT id, role, created_at FROM users WHERE id = ?", id);
        if (!row) return undefined;
        if (role !== "admin") requireOtherAdmin(db, id);
        db.run("UPDATE users SET role = ? WHERE id = ?", role, id);
        return toUser({ ...row, role });
      }),
    remove: async (id) =>
      db.transaction(() => {
        requireOtherAdmin(db, id);
        return db.run("DELETE FROM users WHERE id = ?", id) > 0;
      }),
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
  if (!db.get("SELECT id FROM users WHERE id = ?", id)) insert(db, { id, role: "admin", createdAt: now });
}

const insert = (db: Connection, { id, role, createdAt }: User): number =>
  db.run(
    "INSERT INTO users (id, role, created_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
    id,
    role,
    createdAt.toISOString(),
  );

function requireOtherAdmin(db: Connection, id: string): void {
  const admins = db.all<{ id: string }>("SELECT id FROM users WHERE role = 'admin'");
  if (admins.length > 1 || admins[0]?.id !== id) return;
  throw new AppError("conflict", `${id} is the last admin and stays one`, {
    hint: "Make somebody else an admin first: mcqueen users add <id> --role admin",
  });
}

const toUser = (row: Row): User => ({ id: row.id, role: row.role, createdAt: new Date(row.created_at) });
