import { AppError } from "../core/errors.ts";
import { makeId } from "../core/secret.ts";
import type { KeyBackend, SecretPlace, Vault, VaultCheck } from "../core/vault.ts";
import { open, seal } from "./cipher.ts";
import type { Connection } from "./database.ts";
import type { MasterKey } from "./key-source.ts";
import { rotateVault } from "./vault-rotation.ts";
import { bindingOf, createVaultRows, type VaultRow } from "./vault-rows.ts";

/** Where master keys come from and go to. */
export interface VaultKeys {
  /** @throws AppError unavailable when the key is not to be had */
  find(backend: KeyBackend, id: string): Promise<MasterKey>;
  /** Makes a key and stores it. */
  make(backend?: KeyBackend): Promise<MasterKey>;
  /** Gives whether it is gone. */
  forget(backend: KeyBackend, id: string): Promise<boolean>;
}

/** A rotation may move a row between two looks at it, but not again and again. */
const mostLooks = 5;

export function createVault(db: Connection, keys: VaultKeys, now: () => Date): Vault {
  const rows = createVaultRows(db);
  const known = new Map<string, MasterKey>();

  /** Undefined for a key that a rotation has forgotten meanwhile. */
  const keyOf = async (id: string): Promise<MasterKey | undefined> => {
    const found = known.get(id);
    if (found) return found;
    const row = rows.key(id);
    if (!row) return undefined;
    const key = await keys.find(row.backend, id);
    known.set(id, key);
    return key;
  };

  /** The key to write with; the first writer makes it. */
  const currentKey = async (): Promise<MasterKey> => {
    for (;;) {
      const row = rows.currentKey();
      if (row) {
        try {
          const key = await keyOf(row.id);
          if (key) return key;
        } catch (error) {
          // A rotation that ended meanwhile has taken the key away.
          if (rows.currentKey()?.id === row.id) throw error;
        }
        continue;
      }
      const made = await keys.make();
      const current = rows.transaction(() => {
        if (!rows.currentKey()) rows.setCurrent(made, now());
        return rows.currentKey()?.id;
      });
      // Another process was first. Its key may be this very one, where both come from the same setting.
      if (current !== made.id) await keys.forget(made.backend, made.id);
    }
  };

  const openRow = async (row: VaultRow): Promise<string> => {
    const key = await keyOf(row.key_id);
    if (!key) throw new AppError("unavailable", "The vault names no key for a secret", { hint: "Run: mcqueen doctor" });
    return open(key.bytes, bindingOf(row), row);
  };

  /** A row may be moved by a rotation while it is opened, so a failure counts only if it is still the same. */
  const openLatest = async (find: () => VaultRow | undefined): Promise<string | undefined> => {
    for (let looks = 1; ; looks++) {
      const row = find();
      if (!row) return undefined;
      try {
        return await openRow(row);
      } catch (error) {
        if (looks === mostLooks || find()?.wrapped === row.wrapped) throw error;
      }
    }
  };
  const read = async (place: SecretPlace): Promise<string | undefined> =>
    rows.has(place) ? openLatest(() => rows.find(place)) : undefined;

  const works = async (attempt: () => Promise<unknown>): Promise<boolean> => {
    try {
      return (await attempt()) !== undefined;
    } catch (error) {
      if (error instanceof AppError) return false;
      throw error;
    }
  };
  const hasKey = (id: string): Promise<boolean> => works(() => keyOf(id));
  const opens = (id: string): Promise<boolean> => works(() => openLatest(() => rows.byId(id)));

  return {
    read,
    async write(place, secret) {
      const { userId, service, account } = place;
      for (;;) {
        const key = await currentKey();
        const id = rows.find(place)?.id ?? makeId("vlt");
        const made = await seal(key.bytes, { userId, service, account, row: id }, secret);
        const isKept = rows.transaction(() => {
          // Meanwhile a rotation may have begun, or another process have made the row.
          if (rows.currentKey()?.id !== key.id || (rows.find(place)?.id ?? id) !== id) return false;
          rows.put({ id, user_id: userId ?? null, service, account, key_id: key.id, ...made }, now());
          return true;
        });
        if (isKept) return;
      }
    },
    async remove(place) {
      const row = rows.find(place);
      return row !== undefined && rows.remove(row.id);
    },
    names: async (service) => [...rows.names(service)],
    keys: async () => rows.keys(),
    async isOpen() {
      const row = rows.currentKey();
      return row === undefined || hasKey(row.id);
    },
    async check() {
      const found: VaultCheck = { readable: 0, unreadable: [] };
      for (const id of rows.ids()) {
        const row = rows.byId(id);
        if (!row) continue;
        const { service, account } = row;
        const userId = row.user_id ?? undefined;
        try {
          await read({ service, account, ...(userId === undefined ? {} : { userId }) });
          found.readable += 1;
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          found.unreadable.push({ service, account, userId, why: error.message });
        }
      }
      return found;
    },
    rotate: (backend) => rotateVault({ rows, keys, keyOf, now }, backend),
    async reset() {
      let forgotten = 0;
      for (const id of rows.ids()) {
        const row = rows.byId(id);
        if (row && !(await opens(id)) && rows.removeAsItWas(row)) forgotten += 1;
      }
      const current = rows.currentKey();
      if (current && !(await hasKey(current.id))) {
        const made = await keys.make();
        rows.transaction(() => rows.setCurrent(made, now()));
        for (const { id } of rows.keys()) rows.removeKey(id);
      }
      return { forgotten, key: rows.keys().find((key) => key.current) };
    },
  };
}
