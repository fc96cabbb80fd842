import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { composeMail } from "./compose.ts";
import { type Original, readOriginal } from "./original.ts";
import type { Mail } from "./send.ts";
import { notUnderstood, openMailbox, provider } from "./service.ts";

const mostMailBytes = 25 * 1024 * 1024;
const sendDeadlineMs = 120_000;

/** @throws AppError payload_too_large, not_found for a message to answer that is not there, and what Gmail refuses */
export async function sendMail(mail: Mail, context: ToolContext): Promise<ToolResult> {
  const original: Original | undefined =
    mail.reply_to === undefined ? undefined : await readOriginal(await openMailbox(context), mail.reply_to);
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
  const { users, call } = await openMailbox(context, { deadlineMs: sendDeadlineMs });
  const sent = await call(() => users.messages.send({ userId: "me", requestBody })).catch(warned);
  if (!isRecord(sent) || typeof sent.id !== "string" || typeof sent.threadId !== "string") throw notUnderstood();
  return { data: { message_id: sent.id, thread_id: sent.threadId }, metadata: { provider } };
}

/** A connection that breaks after the last byte leaves nobody knowing. */
function warned(error: unknown): never {
  if (!(error instanceof AppError) || !leavesDoubt(error)) throw error;
  const { message, metadata, hint = "", retryAfterS, cause } = error;
  throw new AppError(error.code, message, {
    hint: `${hint}\nIt may have been sent all the same. Look first: mcqueen run email_personal search --query in:sent`.trim(),
    metadata,
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    cause,
  });
}

function leavesDoubt({ code, metadata }: AppError): boolean {
  if (code === "timeout" || code === "upstream_unavailable") return true;
  const { upstream_status: status = 200 } = metadata;
  return code === "upstream_rejected" && typeof status === "number" && (status < 300 || status >= 500);
}

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
