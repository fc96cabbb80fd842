import { notUnderstood, present, textIn } from "../../core/answer.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { askSlack, provider } from "./api.ts";
import { resolveConversation } from "./targets.ts";
import { escapeText } from "./text.ts";

/** @throws AppError invalid_parameters for a text of blanks, and for a receiver that cannot be told */
export async function sendMessage(
  { to, text, thread_ts }: { to: string; text: string; thread_ts?: string },
  context: ToolContext,
): Promise<ToolResult> {
  if (text.trim() === "") throw invalidParameters(["Parameter text must not be empty"]);
  const channel = await resolveConversation(context, to, "to");
  const values = { channel, text: escapeText(text), thread_ts };
  const json = await askSlack(context, "chat.postMessage", values, { write: true, paceKey: channel });
  const [ts, channelId] = [textIn(json, "ts"), textIn(json, "channel")];
  if (ts === undefined || channelId === undefined) throw notUnderstood(provider);
  const link = await permalinkOf(context, channelId, ts);
  return {
    data: present({ channel_id: channelId, ts, permalink: link.permalink }),
    metadata: present({ provider, no_permalink: link.obstacle }),
  };
}

/** The message is out, so a link that cannot be had is told and fails nothing. */
async function permalinkOf(
  context: ToolContext,
  channel: string,
  ts: string,
): Promise<{ permalink?: string | undefined; obstacle?: string }> {
  try {
    return {
      permalink: textIn(await askSlack(context, "chat.getPermalink", { channel, message_ts: ts }), "permalink"),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { obstacle: error.message };
  }
}
