import { AppError, invalidParameters } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { headersOf, type Message, type Part, parseMessage } from "./message.ts";
import { bodyParts, findAttachment, htmlParts, listAttachments } from "./parts.ts";
import { mostCharacters, type ReadMessage } from "./read.ts";
import { attachmentLimits, type Mailbox, notUnderstood, openMailbox, provider } from "./service.ts";
import { type Load, readHtml, readText } from "./text.ts";

interface Wanted {
  message_id?: string;
  thread_id?: string;
  include_html?: boolean;
  attachment_id?: string;
}

/** Messages of a thread that are told at most, and the least that each may say. */
const mostMessages = 100;
const leastCharacters = 2_000;

const untrusted = ["headers", "text", "html", "attachments", "attachment"] as const;

/** @throws AppError not_found, invalid_parameters, and what Gmail refuses */
export async function readMail(wanted: Wanted, context: ToolContext): Promise<ToolResult> {
  const { message_id: id, thread_id: threadId, attachment_id: attachmentId, include_html: withHtml = false } = wanted;
  if ((id === undefined) === (threadId === undefined))
    throw invalidParameters(["Give one of message_id and thread_id"], "Run: mcqueen run email_personal search");
  const zone = context.profile.zone === undefined ? {} : { time_zone: context.profile.zone };
  const metadata = { provider, untrusted, ...zone };
  const mailbox = await openMailbox(context);
  const files = await openMailbox(context, attachmentLimits);
  if (id === undefined) {
    if (attachmentId !== undefined) throw invalidParameters(["An attachment_id goes with a message_id"]);
    return { data: await readThread(mailbox, files, threadId ?? "", withHtml), metadata };
  }
  const { users, call } = mailbox;
  const message = parseMessage(await call(() => users.messages.get({ userId: "me", id, format: "full" })));
  const data = attachmentId
    ? await readAttachment(files, message, attachmentId)
    : await tell(files, message, withHtml, mostCharacters);
  return { data, metadata };
}

async function readThread(mailbox: Mailbox, files: Mailbox, id: string, withHtml: boolean) {
  const { users, call } = mailbox;
  const json = await call(() => users.threads.get({ userId: "me", id, format: "full" }));
  if (!isRecord(json) || !Array.isArray(json.messages)) throw notUnderstood();
  const all = json.messages.map(parseMessage);
  const newest = all.slice(-mostMessages);
  const limit = Math.max(leastCharacters, Math.floor(mostCharacters / Math.max(1, newest.length)));
  const messages: ReadMessage[] = [];
  for (const message of newest) messages.push(await tell(files, message, withHtml, limit));
  const truncated = all.length > newest.length || messages.some((message) => message.truncated);
  return { id, thread_id: id, messages, truncated };
}

async function tell(files: Mailbox, message: Message, withHtml: boolean, limit: number): Promise<ReadMessage> {
  const load = loaderOf(files, message);
  const { text, truncated } = await readText(bodyParts(message.root), load, limit);
  const html = withHtml ? await readHtml(htmlParts(message.root), load, limit) : undefined;
  return {
    id: message.id,
    thread_id: message.threadId,
    ...(message.date === undefined ? {} : { date: message.date }),
    labels: message.labels,
    unread: message.labels.includes("UNREAD"),
    headers: headersOf(message),
    text,
    ...(html && html.text !== "" ? { html: html.text } : {}),
    attachments: listAttachments(message),
    truncated: truncated || html?.truncated === true,
  };
}

async function readAttachment(files: Mailbox, message: Message, id: string) {
  const part = findAttachment(message, id);
  const listed = listAttachments(message);
  const facts = listed.find((each) => each.id === id);
  if (!part || !facts) {
    throw new AppError("not_found", `The message has no attachment ${id}`, {
      hint: listed.length === 0 ? "It has none at all." : `It has: ${listed.map((each) => each.id).join(", ")}`,
      metadata: { provider },
    });
  }
  const bytes = await loaderOf(files, message)(part);
  const content = Buffer.from(bytes).toString("base64");
  return { id: message.id, thread_id: message.threadId, attachment: { ...facts, size: bytes.length, content } };
}

function loaderOf({ users, call }: Mailbox, { id: messageId }: Message): Load {
  return async ({ data, attachmentId: id }: Part) => {
    if (data !== undefined || id === undefined) return Buffer.from(data ?? "", "base64url");
    const json = await call(() => users.messages.attachments.get({ userId: "me", messageId, id }));
    if (!isRecord(json) || typeof json.data !== "string") throw notUnderstood();
    return Buffer.from(json.data, "base64url");
  };
}
