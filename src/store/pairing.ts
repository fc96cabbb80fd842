import type { Grant } from "../core/api-token.ts";
import type { Pairing, PairingRoute, PairingStatus, PairingStore } from "../core/pairing.ts";
import type { Connection } from "./database.ts";
import { insertDevice } from "./device.ts";

interface Row {
  id: string;
  user_id: string;
  via: PairingRoute;
  pin: string | null;
  name: string | null;
  tools: string | null;
  writes: Grant["writes"];
  destructive: Grant["destructive"];
  status: Exclude<PairingStatus, "expired">;
  tries: number;
  device_name: string | null;
  own_nonce: string | null;
  number: string | null;
  device_id: string | null;
  created_at: string;
  expires_at: string;
}

const columns =
  "id, user_id, via, pin, name, tools, writes, destructive, status, tries, device_name, own_nonce, number, device_id, created_at, expires_at";

/** The states in which a pairing still goes on. */
const going = "('open', 'claimed', 'numbered', 'confirmed')";

export function createPairingStore(db: Connection): PairingStore {
  const read = (where: string, value: string, now: Date): Pairing | undefined => {
    const row = db.get<Row>(`SELECT ${columns} FROM pairings WHERE ${where} = ?`, value);
    return row && toPairing(row, now);
  };
  return {
    open: async (pairing, codeHash) =>
      db.transaction(() => {
        db.run(`UPDATE pairings SET status = 'replaced' WHERE status IN ${going}`);
        db.run(
          `INSERT INTO pairings (code_hash, id, user_id, via, pin, name, tools, writes, destructive, status, created_at, expires_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`,
          codeHash,
          pairing.id,
          pairing.userId,
          pairing.via,
          pairing.pin ?? null,
          pairing.name ?? null,
          pairing.tools ? JSON.stringify(pairing.tools) : null,
          pairing.writes,
          pairing.destructive,
          pairing.createdAt.toISOString(),
          pairing.expiresAt.toISOString(),
        );
      }),
    find: async (id, now) => read("id", id, now),
    byCode: async (hash, now) => read("code_hash", hash, now),
    byClaim: async (hash, now) => read("claim_hash", hash, now),
    async miss(via, most, now) {
      db.run(
        `UPDATE pairings SET tries = tries + 1, status = CASE WHEN tries + 1 >= ? THEN 'burned' ELSE status END
         WHERE status = 'open' AND via = ? AND expires_at > ?`,
        most,
        via,
        now.toISOString(),
      );
    },
    claim: async (id, { hash, deviceName, ownNonce, expiresAt }, now) =>
      db.run(
        `UPDATE pairings SET status = 'claimed', claim_hash = ?, device_name = ?, own_nonce = ?, expires_at = ?
         WHERE id = ? AND status = 'open' AND expires_at > ?`,
        hash,
        deviceName,
        ownNonce,
        expiresAt.toISOString(),
        id,
        now.toISOString(),
      ) === 1,
    setNumber: async (id, number, now) =>
      db.run(
        "UPDATE pairings SET status = 'numbered', number = ? WHERE id = ? AND status = 'claimed' AND expires_at > ?",
        number,
        id,
        now.toISOString(),
      ) === 1,
    settle: async (id, from, to, now, expiresAt) =>
      db.run(
        `UPDATE pairings SET status = ?, expires_at = COALESCE(?, expires_at)
         WHERE id = ? AND status IN (${from.map(() => "?").join(", ")}) AND expires_at > ?`,
        to,
        expiresAt?.toISOString() ?? null,
        id,
        ...from,
        now.toISOString(),
      ) === 1,
    complete: async (id, device, tokenHash, now) =>
      db.transaction(() => {
        const taken = db.run(
          "UPDATE pairings SET status = 'paired', device_id = ? WHERE id = ? AND status = 'confirmed' AND expires_at > ?",
          device.id,
          id,
          now.toISOString(),
        );
        if (taken !== 1) return false;
        insertDevice(db, device, tokenHash);
        return true;
      }),
    sweep: async (before) => void db.run("DELETE FROM pairings WHERE expires_at < ?", before.toISOString()),
  };
}

function toPairing(row: Row, now: Date): Pairing {
  const goes = going.includes(`'${row.status}'`);
  return {
    id: row.id,
    userId: row.user_id,
    via: row.via,
    pin: row.pin ?? undefined,
    name: row.name ?? undefined,
    tools: row.tools === null ? undefined : (JSON.parse(row.tools) as string[]),
    writes: row.writes,
    destructive: row.destructive,
    status: goes && row.expires_at <= now.toISOString() ? "expired" : row.status,
    tries: row.tries,
    deviceName: row.device_name ?? undefined,
    ownNonce: row.own_nonce ?? undefined,
    number: row.number ?? undefined,
    deviceId: row.device_id ?? undefined,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
  };
}
