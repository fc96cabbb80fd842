import {
  type Arrival,
  type KeptMessage,
  type Message,
  type MessageFilter,
  type MessageStatus,
  type MessageStore,
  messageStatuses,
  type StatusReport,
} from "../core/message.ts";
import type { Connection, Value } from "./database.ts";
import { appendEvent } from "./event.ts";
import { createGroupCommit } from "./group-commit.ts";

interface Row {
  seq: number;
  id: string;
  account: string;
  contact: string;
  contact_name: string | null;
  direction: "in" | "out";
  kind: string;
  text: string | null;
  reply_to: string | null;
  at: number;
  status: MessageStatus | null;
  failure: string | null;
}

const columns = "id, account, contact, contact_name, direction, kind, text, reply_to, at";

export function createMessageStore(db: Connection): MessageStore {
  const together = createGroupCommit(db);
  return {
    of: (userId, service) => ({
      add: async (messages) => db.transaction(() => insertNew(db, userId, service, messages)),
      async page(filter) {
        const rows = find(db, userId, service, filter);
        const shown = rows.slice(0, filter.limit);
        const last = shown.at(-1);
        return {
          messages: shown.map(toMessage),
          ...(rows.length > filter.limit && last ? { nextPage: `${last.at}-${last.seq}` } : {}),
        };
      },
      async lastReceived(account, contact, kinds) {
        const row = db.get<{ at: number | null }>(
          `SELECT max(at) AS at FROM messages
           WHERE user_id = ? AND service = ? AND account = ? AND contact = ? AND direction = 'in'
             AND kind IN (SELECT value FROM json_each(?))`,
          userId,
          service,
          account,
          contact,
          JSON.stringify(kinds),
        );
        return row?.at == null ? undefined : new Date(row.at);
      },
    }),
    receive: (arrivals) => together(() => arrivals.forEach((arrival) => void keep(db, arrival))),
    sweep: async (before) =>
      db.transaction(() => {
        db.run("DELETE FROM messages WHERE at < ?", before.getTime());
        db.run("DELETE FROM message_statuses WHERE at < ?", before.getTime());
      }),
  };
}

function keep(db: Connection, { userId, service, received, reports, announce }: Arrival): void {
  for (const report of reports) advance(db, userId, service, report);
  for (const message of insertNew(db, userId, service, received)) appendEvent(db, { userId, ...announce(message) });
}

const insertNew = (db: Connection, userId: string, service: string, messages: readonly Message[]): Message[] =>
  messages.filter(
    (message) =>
      db.run(
        `INSERT INTO messages (user_id, service, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_id, service, id) DO NOTHING`,
        userId,
        service,
        ...valuesOf(message),
      ) === 1,
  );

function advance(
  db: Connection,
  userId: string,
  service: string,
  { messageId, status, failure, at }: StatusReport,
): void {
  db.run(
    `INSERT INTO message_statuses (user_id, service, message_id, status, rank, failure, at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (user_id, service, message_id) DO UPDATE
       SET status = excluded.status, rank = excluded.rank, failure = excluded.failure, at = excluded.at
       WHERE excluded.rank > message_statuses.rank`,
    userId,
    service,
    messageId,
    status,
    messageStatuses.indexOf(status),
    failure ?? null,
    at.getTime(),
  );
}

const valuesOf = (message: Message): Value[] => [
  message.id,
  message.account,
  message.contact,
  message.contactName ?? null,
  message.direction,
  message.kind,
  message.text ?? null,
  message.replyTo ?? null,
  message.at.getTime(),
];

/** One more than asked for, which tells whether there is another page. */
function find(
  db: Connection,
  userId: string,
  service: string,
  { account, contact, limit, page }: MessageFilter,
): Row[] {
  const [at, seq] = (page ?? "").split("-").map(Number);
  const conditions = ["m.user_id = ?", "m.service = ?", "m.account = ?"];
  const values: Value[] = [userId, service, account];
  if (contact !== undefined) {
    conditions.push("m.contact = ?");
    values.push(contact);
  }
  if (at !== undefined && seq !== undefined) {
    conditions.push("(m.at, m.seq) < (?, ?)");
    values.push(at, seq);
  }
  return db.all<Row>(
    `SELECT m.*, s.status, s.failure FROM messages m
     LEFT JOIN message_statuses s
       ON m.direction = 'out' AND s.user_id = m.user_id AND s.service = m.service AND s.message_id = m.id
     WHERE ${conditions.join(" AND ")} ORDER BY m.at DESC, m.seq DESC LIMIT ?`,
    ...values,
    limit + 1,
  );
}

const toMessage = (row: Row): KeptMessage => ({
  id: row.id,
  account: row.account,
  contact: row.contact,
  ...(row.contact_name === null ? {} : { contactName: row.contact_name }),
  direction: row.direction,
  kind: row.kind,
  ...(row.text === null ? {} : { text: row.text }),
  ...(row.reply_to === null ? {} : { replyTo: row.reply_to }),
  at: new Date(row.at),
  ...(row.direction === "out" ? { status: row.status ?? "accepted" } : {}),
  ...(row.failure === null ? {} : { failure: row.failure }),
});
