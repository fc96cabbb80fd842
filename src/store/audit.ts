import type { AuditEntry, AuditFilter, AuditRow, AuditStore, AuditVerdict } from "../core/audit.ts";
import { sha256 } from "../core/digest.ts";
import { randomText } from "../core/secret.ts";
import type { Connection, Database, Value } from "./database.ts";

interface Row {
  seq: number;
  user_id: string | null;
  subject_id: string | null;
  kind: string | null;
  tool_id: string | null;
  code: string | null;
  at: string | null;
  payload: string | null;
  payload_digest: string;
  digest: string;
}

const start = "0".repeat(64);
const columns = "seq, user_id, subject_id, kind, tool_id, code, at, payload, payload_digest, digest";
const step = 1_000;
const outOfOrder = 2_000;

/**
 * The append-only record. A row's digest covers its number, its payload's digest and the row before, so a changed,
 * missing or moved row shows. A payload holds a random salt: once it is erased, nobody can guess it from its digest.
 */
export function createAuditStore({ durable, later }: Database): AuditStore {
  return {
    async append(entry) {
      try {
        return durable.transaction(() => add(durable, entry));
      } catch (error) {
        // An intent that failed stops its deed; everything else has been done by now, and its line is tried again.
        if (entry.kind !== "intent") later((connection) => void add(connection, entry));
        throw error;
      }
    },
    appendLater: (entry) => later((connection) => void add(connection, entry)),
    async page(filter, before, limit) {
      return read(durable, filter, before === undefined ? [] : [["seq < ?", before]], limit);
    },
    verify: async (head) => verify(durable, head),
    async erase(userId) {
      durable.run(
        `UPDATE audit SET user_id = NULL, subject_id = NULL, kind = NULL, tool_id = NULL, code = NULL, at = NULL, payload = NULL
         WHERE user_id = ? OR subject_id = ?`,
        userId,
        userId,
      );
    },
    prune: async (before) =>
      durable.transaction(() => {
        // Only the beginning: one row with a wrong clock must not take the rows before it along.
        const first = durable.get<{ seq: number }>(
          "SELECT seq FROM audit WHERE at >= ? ORDER BY seq LIMIT 1",
          before.toISOString(),
        );
        const last = durable.get<Row>(
          `SELECT ${columns} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1`,
          first?.seq ?? Number.MAX_SAFE_INTEGER,
        );
        if (!last) return 0;
        durable.run(
          `INSERT INTO audit_anchor (id, seq, digest) VALUES (1, ?, ?)
           ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, digest = excluded.digest`,
          last.seq,
          last.digest,
        );
        return durable.run("DELETE FROM audit WHERE seq <= ?", last.seq);
      }),
  };
}

/** Inside a transaction that holds the write lock, so that no other row comes between. */
function add(connection: Connection, entry: AuditEntry): number {
  const last =
    connection.get<{ seq: number; digest: string }>("SELECT seq, digest FROM audit ORDER BY seq DESC LIMIT 1") ??
    anchorOf(connection);
  const { userId, subjectId, kind, toolId, code, at, ...rest } = entry;
  const payload = JSON.stringify({ ...rest, salt: randomText(16, "base64url") });
  const columnsText = [userId, subjectId ?? null, kind, toolId ?? null, code, at.toISOString()];
  const payloadDigest = sha256(JSON.stringify([...columnsText, payload]));
  const seq = last.seq + 1;
  // What a user did while being removed leaves its place in the chain, and nothing else.
  const isGone = connection.get("SELECT id FROM users WHERE id = ?", userId) === undefined;
  connection.run(
    `INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    ...(isGone ? columnsText.map(() => null) : columnsText),
    isGone ? null : payload,
    payloadDigest,
    linkOf(last.digest, seq, payloadDigest),
  );
  return seq;
}

const linkOf = (before: string, seq: number, payloadDigest: string): string =>
  sha256(`${before} ${seq} ${payloadDigest}`);

const anchorOf = (connection: Connection): { seq: number; digest: string } =>
  connection.get<{ seq: number; digest: string }>("SELECT seq, digest FROM audit_anchor WHERE id = 1") ?? {
    seq: 0,
    digest: start,
  };

function read(
  connection: Connection,
  filter: AuditFilter,
  bounds: [sql: string, value: Value][],
  limit: number,
): AuditRow[] {
  const conditions: [sql: string, value: Value | undefined][] = [
    ["user_id = ?", filter.userId],
    ["tool_id = ?", filter.toolId],
    ["kind = ?", filter.kind],
    ["code = ?", filter.code],
    ["at >= ?", filter.since?.toISOString()],
    ["at < ?", filter.until?.toISOString()],
    ...bounds,
    ...timeBounds(connection, filter),
  ];
  const given = conditions.filter((condition): condition is [string, Value] => condition[1] !== undefined);
  const where = ["payload IS NOT NULL", ...given.map(([sql]) => sql)].join(" AND ");
  return connection
    .all<Row>(
      `SELECT ${columns} FROM audit WHERE ${where} ORDER BY seq DESC LIMIT ?`,
      ...given.map(([, value]) => value),
      limit,
    )
    .map(toEntry);
}

/**
 * Times narrowed down to row numbers, which the query walks by: without them, a page far from the newest rows would
 * read all that lie between. Rows may be a moment out of order, hence the margin.
 */
function timeBounds(connection: Connection, { since, until }: AuditFilter): [sql: string, value: Value][] {
  const edge = (sql: string, at: Date): number | undefined =>
    connection.get<{ seq: number }>(sql, at.toISOString())?.seq;
  const bounds: [string, Value][] = [];
  if (since) {
    const first = edge("SELECT seq FROM audit WHERE at >= ? ORDER BY at LIMIT 1", since);
    bounds.push(["seq >= ?", first === undefined ? Number.MAX_SAFE_INTEGER : first - outOfOrder]);
  }
  if (until) {
    const last = edge("SELECT seq FROM audit WHERE at < ? ORDER BY at DESC LIMIT 1", until);
    bounds.push(["seq <= ?", last === undefined ? 0 : last + outOfOrder]);
  }
  return bounds;
}

function toEntry(row: Row): AuditRow {
  const { salt: _salt, ...rest } = JSON.parse(row.payload ?? "{}") as Record<string, unknown>;
  return {
    ...(rest as unknown as AuditRow),
    seq: row.seq,
    userId: row.user_id ?? "",
    kind: row.kind as AuditRow["kind"],
    ...(row.tool_id === null ? {} : { toolId: row.tool_id }),
    code: row.code as AuditRow["code"],
    at: new Date(row.at ?? 0),
  };
}

function verify(connection: Connection, noted: string | undefined): AuditVerdict {
  const anchor = anchorOf(connection);
  const verdict: AuditVerdict = { ok: true, rows: 0, erased: 0, head: anchor.digest };
  let { seq, digest } = anchor;
  let isKnown = noted === undefined || noted === anchor.digest;
  for (;;) {
    const rows = connection.all<Row>(`SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, seq, step);
    for (const row of rows) {
      const reason = faultOf(row, seq, digest);
      if (reason) return { ...verdict, ok: false, head: digest, broken: { seq: row.seq, reason } };
      verdict.rows++;
      if (row.payload === null) verdict.erased++;
      seq = row.seq;
      digest = row.digest;
    }
    isKnown ||= rows.some((row) => row.digest === noted);
    if (rows.length < step && isKnown) return { ...verdict, head: digest };
    if (rows.length < step) {
      return { ...verdict, ok: false, head: digest, broken: { seq, reason: "the noted head is not in the chain" } };
    }
  }
}

function faultOf(row: Row, before: number, digest: string): string | undefined {
  if (row.seq !== before + 1) return `the rows from ${before + 1} to ${row.seq - 1} are missing`;
  if (row.digest !== linkOf(digest, row.seq, row.payload_digest)) return "it does not follow from the row before";
  if (row.payload === null) return undefined;
  const text = JSON.stringify([row.user_id, row.subject_id, row.kind, row.tool_id, row.code, row.at, row.payload]);
  return sha256(text) === row.payload_digest ? undefined : "its content was changed";
}
