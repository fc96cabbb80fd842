import { headersOf, parseMessage } from "./message.ts";
import type { Mailbox } from "./service.ts";

/** What an answer has to know of the message that it answers. */
export interface Original {
  threadId: string;
  subject: string;
  /** Its own id among all mails, with the angle brackets; absent for a few broken senders. */
  messageId?: string;
  /** The ids of the conversation so far, oldest first. */
  references: readonly string[];
}

export async function readOriginal({ users, call }: Mailbox, id: string): Promise<Original> {
  const json = await call(() =>
    users.messages.get({
      userId: "me",
      id,
      format: "metadata",
      metadataHeaders: ["Subject", "Message-ID", "References", "In-Reply-To"],
    }),
  );
  const message = parseMessage(json);
  const headers = headersOf(message);
  const messageId = idsIn(headers.message_id)[0];
  const before = idsIn(headers.references);
  return {
    threadId: message.threadId,
    subject: headers.subject ?? "",
    ...(messageId === undefined ? {} : { messageId }),
    references: before.length > 0 ? before : idsIn(headers.in_reply_to).slice(0, 1),
  };
}

const idsIn = (text = ""): string[] => text.match(/<[^\s<>]{1,250}>/g) ?? [];
