import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { composeMail } from "./compose.ts";
import { type Original, readOriginal } from "./original.ts";
import type { Mail } from "./send.ts";
import { attachmentLimits, notUnderstood, openMailbox, provider } from "./service.ts";

export const mostMailBytes = 25 * 1024 * 1024;

/** @throws AppError payload_too_large, not_found for a message to answer that is not there, and what Gmail refuses */
export async function sendMail(mail: Mail, context: ToolContext): Promise<ToolResult> {
  const { users, call } = await openMailbox(context, { ...attachmentLimits, mostBytes: 1024 * 1024 });
  const original: Original | undefined =
    mail.reply_to === undefined ? undefined : await readOriginal({ users, call }, mail.reply_to);
  const message = await composeMail(mail, context.now(), original);
  if (message.length > mostMailBytes) {
    throw new AppError("payload_too_large", `The mail has ${megabytes(message.length)} MB, and 25 MB are allowed`, {
      hint: "Send fewer or smaller attachments. In a mail they take a third more than on the disk.",
    });
  }
  const requestBody = {
    raw: message.toString("base64url"),
    ...(original ? { threadId: original.threadId } : {}),
  };
  const sent = await call(() => users.messages.send({ userId: "me", requestBody }));
  if (!isRecord(sent) || typeof sent.id !== "string" || typeof sent.threadId !== "string") throw notUnderstood();
  return { data: { message_id: sent.id, thread_id: sent.threadId }, metadata: { provider } };
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
