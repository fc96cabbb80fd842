import { AppError } from "../core/errors.ts";
import { noRestrictions } from "../core/restrictions.ts";
import type { Profile, Role, User, UserStore } from "../core/user.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  role: Role;
  created_at: string;
  read_only: number;
  tools_allow: string;
  tools_deny: string;
}

const columns = "id, role, created_at, read_only, tools_allow, tools_deny";

export function createUserStore(db: Connection): UserStore {
  const find = (id: string): User | undefined => {
    const row = db.get<Row>(`SELECT ${columns} FROM users WHERE id = ?`, id);
    return row && toUser(row);
  };
  return {
    find: async (id) => db.kept(`user ${id}`, () => find(id)),
    async list() {
      return db.all<Row>(`SELECT ${columns} FROM users ORDER BY created_at, id`).map(toUser);
    },
    async create(user) {
      if (insert(db, user) === 0) {
        throw new AppError("conflict", `There is a user ${user.id} already`, { hint: "Run: mcqueen users list" });
      }
    },
    async ensure(user) {
      insert(db, user);
      return find(user.id) ?? user;
    },
    change: async (id, { role, restrictions }) =>
      db.transaction(() => {
        const before = find(id);
        if (!before) return undefined;
        if (role === "member") requireOtherAdmin(db, id);
        const rules = { ...before.restrictions, ...restrictions };
        db.run(
          "UPDATE users SET role = ?, read_only = ?, tools_allow = ?, tools_deny = ? WHERE id = ?",
          role ?? before.role,
          rules.readOnly,
          JSON.stringify(rules.allow),
          JSON.stringify(rules.deny),
          id,
        );
        return find(id);
      }),
    remove: async (id) =>
      db.transaction(() => {
        requireOtherAdmin(db, id);
        return db.run("DELETE FROM users WHERE id = ?", id) > 0;
      }),
    async profile(id) {
      const text = db.kept(
        `profile ${id}`,
        () => db.get<{ profile: string }>("SELECT profile FROM users WHERE id = ?", id)?.profile,
      );
      return text === undefined ? {} : (JSON.parse(text) as Profile);
    },
    updateProfile: async (id, change) =>
      db.transaction(() => {
        const row = db.get<{ profile: string }>("SELECT profile FROM users WHERE id = ?", id);
        if (!row) throw new AppError("conflict", "The user was removed meanwhile");
        const after = change(JSON.parse(row.profile) as Profile);
        db.run("UPDATE users SET profile = ? WHERE id = ?", JSON.stringify(after), id);
        return after;
      }),
  };
}

/** Makes the owner of this computer's database at the first run. */
export function ensureOwner(db: Connection, id: string, now: Date): void {
  if (!db.get("SELECT id FROM users WHERE id = ?", id)) {
    insert(db, { id, role: "admin", createdAt: now, restrictions: noRestrictions });
  }
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

const toUser = (row: Row): User => ({
  id: row.id,
  role: row.role,
  createdAt: new Date(row.created_at),
  restrictions: {
    readOnly: row.read_only === 1,
    allow: JSON.parse(row.tools_allow) as string[],
    deny: JSON.parse(row.tools_deny) as string[],
  },
});
