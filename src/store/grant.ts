import { AppError } from "../core/errors.ts";
import type { Grant, GrantStore } from "../core/grant.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  user_id: string;
  provider: string;
  alias: string;
  subject: string | null;
  label: string | null;
  scopes: string;
  services: string;
  is_default: number;
  created_at: string;
  refreshed_at: string | null;
  expires_at: string | null;
  broken_at: string | null;
  broken_reason: string | null;
}

const columns =
  "id, user_id, provider, alias, subject, label, scopes, services, is_default, created_at, refreshed_at, expires_at, broken_at, broken_reason";

export function createGrantStore(db: Connection): GrantStore {
  const find = (id: string): Grant | undefined => {
    const row = db.get<Row>(`SELECT ${columns} FROM grants WHERE id = ?`, id);
    return row && toGrant(row);
  };
  const list = (userId: string, provider?: string): Grant[] =>
    (provider === undefined
      ? db.all<Row>(`SELECT ${columns} FROM grants WHERE user_id = ? ORDER BY provider, created_at, id`, userId)
      : db.all<Row>(
          `SELECT ${columns} FROM grants WHERE user_id = ? AND provider = ? ORDER BY created_at, id`,
          userId,
          provider,
        )
    ).map(toGrant);
  const requireFree = ({ id, userId, provider, alias }: Pick<Grant, "id" | "userId" | "provider" | "alias">): void => {
    const taken = list(userId, provider).some((other) => other.alias === alias && other.id !== id);
    if (taken)
      throw new AppError("conflict", `There is an account ${alias} already`, { hint: "Run: mcqueen accounts" });
  };
  const setDefault = (userId: string, provider: string, id: string): void => {
    db.run("UPDATE grants SET is_default = 0 WHERE user_id = ? AND provider = ?", userId, provider);
    db.run("UPDATE grants SET is_default = 1 WHERE id = ?", id);
  };
  return {
    list: async (userId, provider) => [...db.kept(`grants ${userId} ${provider ?? ""}`, () => list(userId, provider))],
    find: async (id) => find(id),
    isShared: async ({ id = "", provider, subject }) =>
      subject !== undefined &&
      db.get("SELECT id FROM grants WHERE provider = ? AND subject = ? AND id <> ?", provider, subject, id) !==
        undefined,
    usersOf: async (provider, subject, service) =>
      db
        .all<Row>(`SELECT ${columns} FROM grants WHERE provider = ? AND subject = ? ORDER BY id`, provider, subject)
        .filter((row) => toGrant(row).services.includes(service))
        .map((row) => row.user_id),
    put: async (grant) =>
      db.transaction(() => {
        requireFree(grant);
        const others = list(grant.userId, grant.provider).filter(({ id }) => id !== grant.id);
        db.run(
          `INSERT INTO grants (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)
           ON CONFLICT (id) DO UPDATE SET alias = excluded.alias, subject = excluded.subject, label = excluded.label,
             scopes = excluded.scopes, services = excluded.services, refreshed_at = excluded.refreshed_at,
             expires_at = excluded.expires_at, broken_at = NULL, broken_reason = NULL`,
          grant.id,
          grant.userId,
          grant.provider,
          grant.alias,
          grant.subject ?? null,
          grant.label ?? null,
          JSON.stringify(grant.scopes),
          JSON.stringify(grant.services),
          !others.some(({ isDefault }) => isDefault),
          grant.createdAt.toISOString(),
          grant.refreshedAt?.toISOString() ?? null,
          grant.expiresAt?.toISOString() ?? null,
        );
      }),
    change: async (id, patch) =>
      db.transaction(() => {
        const before = find(id);
        if (!before) return;
        const after = { ...before, ...patch };
        db.run(
          "UPDATE grants SET scopes = ?, services = ?, refreshed_at = ?, expires_at = ? WHERE id = ?",
          JSON.stringify(after.scopes),
          JSON.stringify(after.services),
          after.refreshedAt?.toISOString() ?? null,
          after.expiresAt?.toISOString() ?? null,
          id,
        );
      }),
    async markBroken(id, reason, at) {
      db.run("UPDATE grants SET broken_at = ?, broken_reason = ? WHERE id = ?", at.toISOString(), reason, id);
    },
    setDefault: async (userId, provider, id) => db.transaction(() => setDefault(userId, provider, id)),
    rename: async (id, alias) =>
      db.transaction(() => {
        const before = find(id);
        if (!before) return;
        requireFree({ ...before, alias });
        db.run("UPDATE grants SET alias = ? WHERE id = ?", alias, id);
      }),
    remove: async (id) =>
      db.transaction(() => {
        const before = find(id);
        if (!before) return false;
        db.run("DELETE FROM grants WHERE id = ?", id);
        const [next] = list(before.userId, before.provider);
        if (before.isDefault && next) setDefault(before.userId, before.provider, next.id);
        return true;
      }),
  };
}

const toGrant = (row: Row): Grant => ({
  id: row.id,
  userId: row.user_id,
  provider: row.provider,
  alias: row.alias,
  subject: row.subject ?? undefined,
  label: row.label ?? undefined,
  scopes: JSON.parse(row.scopes) as string[],
  services: JSON.parse(row.services) as string[],
  isDefault: row.is_default === 1,
  createdAt: new Date(row.created_at),
  refreshedAt: row.refreshed_at === null ? undefined : new Date(row.refreshed_at),
  expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
  broken: row.broken_at === null ? undefined : { at: new Date(row.broken_at), reason: row.broken_reason ?? "" },
});
