import { AppError } from "../core/errors.ts";
import type { KeyBackend, Rotation } from "../core/vault.ts";
import { rewrap } from "./cipher.ts";
import type { MasterKey } from "./key-source.ts";
import type { VaultKeys } from "./vault.ts";
import { bindingOf, type VaultRows } from "./vault-rows.ts";

export interface RotationParts {
  rows: VaultRows;
  keys: VaultKeys;
  keyOf(id: string): Promise<MasterKey | undefined>;
  now(): Date;
}

const batch = 100;

/** Makes a new key the current one, then moves what lies under others. Readers and writers never wait for it. */
export async function rotateVault(parts: RotationParts, backend?: KeyBackend): Promise<Rotation> {
  const { rows, keys, now } = parts;
  const before = rows.currentKey();
  if (before) await parts.keyOf(before.id);
  const made = await keys.make(backend ?? before?.backend);
  if (before?.id === made.id) {
    throw new AppError("invalid_parameters", "ENCRYPTION_KEY is the key that the vault uses already", {
      hint: "Give the new key as ENCRYPTION_KEY and the old one as ENCRYPTION_KEY_PREVIOUS, or rotate --to file.",
    });
  }
  rows.transaction(() => rows.setCurrent(made, now()));
  const moved = await moveRows(parts, made);
  const forgotten: string[] = [];
  for (const { id, backend: place, current, secrets } of rows.keys()) {
    if (current || secrets > 0) continue;
    // The key goes before its row, so that the next rotation finds what one that was stopped here has left.
    const isGone = await keys.forget(place, id);
    if (rows.removeKey(id) && isGone) forgotten.push(id);
  }
  const key = rows.keys().find(({ id }) => id === made.id);
  if (!key) throw new AppError("conflict", "Another rotation was faster", { hint: "Run: mcqueen vault status" });
  return { key, ...moved, forgotten };
}

/** A few rows in each transaction. What is written from now on lies under the new key by itself. */
async function moveRows({ rows, keyOf }: RotationParts, to: MasterKey): Promise<{ rewrapped: number; left: number }> {
  let rewrapped = 0;
  let left = 0;
  let after = "";
  for (;;) {
    const found = rows.underOtherKeys(to.id, after, batch);
    const last = found.at(-1);
    if (!last) return { rewrapped, left };
    after = last.id;
    const made = await Promise.all(
      found.map(async (row) => {
        const wrapped = await rewrapRow(keyOf, row, to);
        return { row, wrapped };
      }),
    );
    rewrapped += rows.transaction(() => {
      if (rows.currentKey()?.id !== to.id) {
        throw new AppError("conflict", "Another rotation began meanwhile", { hint: "Run: mcqueen vault status" });
      }
      return made.filter(({ row, wrapped }) => wrapped !== undefined && rows.moveTo(to.id, row, wrapped)).length;
    });
    left += made.filter(({ wrapped }) => wrapped === undefined).length;
  }
}

/** Undefined for a row that does not open: one damaged secret must not keep the others under an old key. */
async function rewrapRow(
  keyOf: RotationParts["keyOf"],
  row: ReturnType<VaultRows["underOtherKeys"]>[number],
  to: MasterKey,
): Promise<string | undefined> {
  try {
    const from = await keyOf(row.key_id);
    return from && (await rewrap(from.bytes, to.bytes, bindingOf(row), row));
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
