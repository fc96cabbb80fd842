import type { KeyBackend, SecretPlace, VaultKeyState } from "../core/vault.ts";
import type { Binding } from "./cipher.ts";
import type { Connection } from "./database.ts";
import type { MasterKey } from "./key-source.ts";

/** One secret as the table has it. */
export interface VaultRow {
  id: string;
  user_id: string | null;
  service: string;
  account: string;
  key_id: string;
  wrapped: string;
  sealed: string;
}

export interface KeyRow {
  id: string;
  backend: KeyBackend;
  is_current: number;
  created_at: string;
}

const columns = "id, user_id, service, account, key_id, wrapped, sealed";
const keyColumns = "id, backend, is_current, created_at";

/** What the vault asks its two tables. */
export function createVaultRows(db: Connection) {
  const find = ({ userId, service, account }: SecretPlace): VaultRow | undefined =>
    userId === undefined
      ? db.get(`SELECT ${columns} FROM vault WHERE user_id IS NULL AND service = ? AND account = ?`, service, account)
      : db.get(
          `SELECT ${columns} FROM vault WHERE user_id = ? AND service = ? AND account = ?`,
          userId,
          service,
          account,
        );
  return {
    transaction: <T>(body: () => T): T => db.transaction(body),
    find,
    /** Whether there is one. What tools might have a key for is asked at each call, and mostly there is none. */
    has: (place: SecretPlace): boolean =>
      db.kept(`vault ${place.userId ?? ""}\n${place.service}\n${place.account}`, () => find(place) !== undefined),
    byId: (id: string): VaultRow | undefined => db.get(`SELECT ${columns} FROM vault WHERE id = ?`, id),
    ids: (): string[] =>
      db.all<{ id: string }>("SELECT id FROM vault ORDER BY service, account, id").map(({ id }) => id),
    names: (service: string): readonly string[] =>
      db.kept(`vault names ${service}`, () =>
        db
          .all<{ account: string }>(
            "SELECT account FROM vault WHERE user_id IS NULL AND service = ? ORDER BY account",
            service,
          )
          .map(({ account }) => account),
      ),
    put({ id, user_id, service, account, key_id, wrapped, sealed }: VaultRow, at: Date): void {
      db.run(
        `INSERT INTO vault (${columns}, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET key_id = excluded.key_id, wrapped = excluded.wrapped,
           sealed = excluded.sealed, updated_at = excluded.updated_at`,
        id,
        user_id,
        service,
        account,
        key_id,
        wrapped,
        sealed,
        at.toISOString(),
      );
    },
    remove: (id: string): boolean => db.run("DELETE FROM vault WHERE id = ?", id) === 1,
    /** Gives whether it went: one that was changed since it was read stays. */
    removeAsItWas: ({ id, wrapped }: VaultRow): boolean =>
      db.run("DELETE FROM vault WHERE id = ? AND wrapped = ?", id, wrapped) === 1,
    /** Rows under other keys than that one, in the order of their ids. */
    underOtherKeys: (keyId: string, afterId: string, limit: number): VaultRow[] =>
      db.all(`SELECT ${columns} FROM vault WHERE key_id <> ? AND id > ? ORDER BY id LIMIT ${limit}`, keyId, afterId),
    /** Gives a row another wrapping, unless it was changed since it was read. */
    moveTo: (keyId: string, row: VaultRow, wrapped: string): boolean =>
      db.run(
        "UPDATE vault SET key_id = ?, wrapped = ? WHERE id = ? AND wrapped = ?",
        keyId,
        wrapped,
        row.id,
        row.wrapped,
      ) === 1,
    key: (id: string): KeyRow | undefined => db.get(`SELECT ${keyColumns} FROM vault_keys WHERE id = ?`, id),
    currentKey: (): KeyRow | undefined => db.get(`SELECT ${keyColumns} FROM vault_keys WHERE is_current = 1`),
    /** Makes a key the one that is written with. */
    setCurrent({ id, backend }: MasterKey, at: Date): void {
      db.run("UPDATE vault_keys SET is_current = 0 WHERE is_current = 1");
      db.run(
        `INSERT INTO vault_keys (${keyColumns}) VALUES (?, ?, 1, ?)
         ON CONFLICT (id) DO UPDATE SET is_current = 1, backend = excluded.backend`,
        id,
        backend,
        at.toISOString(),
      );
    },
    /** Gives whether it went: one that still opens something stays. */
    removeKey: (id: string): boolean =>
      db.run(
        "DELETE FROM vault_keys WHERE id = ? AND is_current = 0 AND NOT EXISTS (SELECT 1 FROM vault WHERE key_id = ?)",
        id,
        id,
      ) === 1,
    keys: (): VaultKeyState[] =>
      db
        .all<KeyRow & { secrets: number }>(
          `SELECT k.id, k.backend, k.is_current, k.created_at,
             (SELECT CAST(count(*) AS INTEGER) FROM vault v WHERE v.key_id = k.id) AS secrets
           FROM vault_keys k ORDER BY k.created_at, k.id`,
        )
        .map(({ id, backend, is_current, created_at, secrets }) => ({
          id,
          backend,
          current: is_current === 1,
          createdAt: new Date(created_at),
          secrets,
        })),
  };
}

export type VaultRows = ReturnType<typeof createVaultRows>;

export const bindingOf = (row: Pick<VaultRow, "id" | "user_id" | "service" | "account">): Binding => ({
  userId: row.user_id ?? undefined,
  service: row.service,
  account: row.account,
  row: row.id,
});
