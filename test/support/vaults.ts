import { Database as Sqlite } from "bun:sqlite";
import { join } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import { noRestrictions } from "../../src/core/restrictions.ts";
import { ownerId } from "../../src/core/user.ts";
import { loadSettings } from "../../src/settings.ts";
import { type Connection, openDatabase } from "../../src/store/database.ts";
import { findKey, forgetKey, makeKey } from "../../src/store/key-source.ts";
import { createUserStore, ensureOwner } from "../../src/store/user.ts";
import { createVault, type VaultKeys } from "../../src/store/vault.ts";
import { buildVault } from "../../src/vault.ts";

const now = (): Date => new Date();
const patience = { lockWaitMs: 10_000 };

/** The vault of a home as the program builds it, with its key in a file unless told. `using` closes it. */
export function openVault(home: string, env: Record<string, string> = {}) {
  const settings = loadSettings({ env: { MCQUEEN_HOME: home, VAULT_KEY: "file", ...env } });
  const database = openDatabase(settings.home.database, patience);
  ensureOwner(database.durable, ownerId, now());
  return { ...buildVault(settings, database.durable, now), [Symbol.dispose]: () => database.close() };
}

/** The same where a test stands between the vault and its keys, or its database. */
export function openWatchedVault(
  home: string,
  watch: { keys?(keys: VaultKeys): VaultKeys; transaction?(run: Connection["transaction"]): Connection["transaction"] },
) {
  const settings = loadSettings({ env: { MCQUEEN_HOME: home } });
  const database = openDatabase(settings.home.database, patience);
  const options = { keysFolder: settings.home.keys, given: [], keychain: undefined };
  const keys: VaultKeys = {
    find: (backend, id) => findKey(options, backend, id),
    make: (backend = "file") => makeKey(options, backend),
    forget: (backend, id) => forgetKey(options, backend, id),
  };
  const { durable } = database;
  const db = { ...durable, transaction: watch.transaction?.(durable.transaction) ?? durable.transaction };
  return { ...createVault(db, watch.keys?.(keys) ?? keys, now), [Symbol.dispose]: () => database.close() };
}

export async function addUsers(home: string, ...ids: string[]): Promise<void> {
  const database = openDatabase(join(home, "data", "mcqueen.db"), patience);
  const users = createUserStore(database.durable);
  for (const id of ids) await users.create({ id, role: "member", createdAt: now(), restrictions: noRestrictions });
  database.close();
}

/** The database as somebody meets it who goes round the program: nothing is enforced. */
export function openRaw(home: string): Sqlite {
  const sqlite = new Sqlite(join(home, "data", "mcqueen.db"));
  sqlite.run("PRAGMA foreign_keys = OFF");
  return sqlite;
}

export interface RawRow {
  id: string;
  user_id: string | null;
  service: string;
  account: string;
  key_id: string;
  wrapped: string;
  sealed: string;
}

export const rowsOf = (sqlite: Sqlite): RawRow[] =>
  sqlite.query<RawRow, []>("SELECT * FROM vault ORDER BY service, account").all();

/** The failure that a piece of work must end with. */
export async function refusalOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    (found) => new Error(`It went well: ${Bun.inspect(found)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw error;
}
