import { randomText } from "../../core/secret.ts";
import { findPerson, type Person } from "../google/people.ts";
import { badRequest, notFound, unknownName } from "./answers.ts";
import { headerIn, parseEntity } from "./entity.ts";
import { keep, type Mail, newId, openMailbox } from "./mailbox.ts";
import { addressesIn, splitEntity } from "./rfc822.ts";

const mostBytes = 35 * 1024 * 1024;

/** messages.send: keeps the mail as sent, and puts it into the mailboxes of those of us who live here. */
export function send(body: unknown, owner: Person, folder: string, now: Date): Response {
  const given = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const unknown = Object.keys(given).find((name) => !["raw", "threadId", "labelIds", "payload"].includes(name));
  if (unknown !== undefined) return unknownName(unknown, true);
  const { raw, threadId } = given;
  if (typeof raw !== "string" || raw === "")
    return badRequest("'raw' RFC822 payload message string or uploading message via /upload/* URL required");
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(raw)) return badRequest("Invalid value for ByteString: raw", "invalid");
  const bytes = Buffer.from(raw, "base64url");
  if (bytes.length > mostBytes) return badRequest("Message too large.", "invalidArgument");
  const refused = refuseAddresses(bytes.toString("latin1"));
  if (refused) return refused;
  if (threadId !== undefined && typeof threadId !== "string") return badRequest("Invalid thread_id value");
  const mine = openMailbox(folder, owner.email, now);
  if (threadId !== undefined && !mine.some((mail) => mail.threadId === threadId)) return notFound();

  const sent = stamp(bytes.toString("latin1"), owner, now);
  const recipients = [...new Set(recipientsOf(sent))];
  const id = newId(now);
  const isMine = recipients.includes(owner.email);
  const labelIds = isMine ? ["UNREAD", "SENT", "INBOX"] : ["SENT"];
  const kept = { id, internalDate: now.getTime(), labelIds, raw: base64(sent) };
  const thread = threadFor(sent, mine, threadId) ?? id;
  keep(folder, owner.email, { ...kept, threadId: thread }, now);
  for (const email of recipients) {
    if (email === owner.email || !findPerson(email)) continue;
    const delivered = withoutHeader(sent, "bcc");
    const theirs = newId(now);
    const theirThread = threadFor(delivered, openMailbox(folder, email, now)) ?? theirs;
    const received = { id: theirs, threadId: theirThread, internalDate: now.getTime(), raw: base64(delivered) };
    keep(folder, email, { ...received, labelIds: ["UNREAD", "IMPORTANT", "CATEGORY_PERSONAL", "INBOX"] }, now);
  }
  return Response.json({ id, threadId: thread, labelIds });
}

const base64 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("base64");

function refuseAddresses(raw: string): Response | undefined {
  const { headers } = splitEntity(raw);
  const to = headers.filter(({ name }) => /^(to|cc|bcc)$/i.test(name));
  if (to.every(({ value }) => value === "")) return badRequest("Recipient address required");
  for (const { name, value } of to) {
    if (value !== "" && addressesIn(value).length === 0) return badRequest(`Invalid ${name} header`);
  }
  return undefined;
}

const recipientsOf = (raw: string): string[] => {
  const entity = parseEntity(raw);
  return ["to", "cc", "bcc"].flatMap((name) => addressesIn(headerIn(entity, name)));
};

/** Gmail says itself who sent a mail, and gives it an id of its own. */
function stamp(raw: string, { name, email }: Person, now: Date): string {
  const text = withoutHeader(withoutHeader(raw.replace(/\r?\n/g, "\r\n"), "from"), "message-id");
  const date = /^date:/im.test(headOf(text)) ? "" : `Date: ${now.toUTCString().replace("GMT", "+0000")}\r\n`;
  return `${date}From: ${name} <${email}>\r\nMessage-ID: <CA${randomText(24, "base64url")}@mail.gmail.com>\r\n${text}`;
}

const headOf = (raw: string): string => raw.slice(0, Math.max(0, raw.indexOf("\r\n\r\n")));

function withoutHeader(raw: string, name: string): string {
  const head = headOf(raw);
  const line = new RegExp(`^${name}:.*(?:\r\n[ \t].*)*\r\n`, "gim");
  return `${`${head}\r\n`.replace(line, "")}${raw.slice(head.length + 2)}`;
}

const bareSubject = (subject: string): string =>
  subject
    .replace(/^(\s*(re|fwd?):\s*)+/i, "")
    .trim()
    .toLowerCase();

/** A mail joins a conversation by naming one of its mails and having its subject. */
function threadFor(raw: string, mails: readonly Mail[], wanted?: string): string | undefined {
  const entity = parseEntity(raw);
  const named: string[] =
    `${headerIn(entity, "references")} ${headerIn(entity, "in-reply-to")}`.match(/<[^<>\s]+>/g) ?? [];
  return mails.find(
    (mail) =>
      (wanted === undefined || mail.threadId === wanted) &&
      named.includes(headerIn(mail.entity, "message-id")) &&
      bareSubject(mail.subject) === bareSubject(headerIn(entity, "subject")),
  )?.threadId;
}
