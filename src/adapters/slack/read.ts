import { listIn, notUnderstood, numberIn, present, recordIn, textIn } from "../../core/answer.ts";
import { invalidParameters } from "../../core/errors.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { askSlack, provider } from "./api.ts";
import { listChannels, namesOf } from "./directory.ts";
import { parseMessages } from "./messages.ts";
import { resolveConversation } from "./targets.ts";

interface Reading {
  channel: string;
  limit: number;
  thread_ts?: string;
  page?: string;
}

/** The newest messages of a conversation, or a thread's, oldest first. */
export async function readMessages(
  { channel, limit, thread_ts, page }: Reading,
  context: ToolContext,
): Promise<ToolResult> {
  const id = await resolveConversation(context, channel, "channel");
  const method = thread_ts === undefined ? "conversations.history" : "conversations.replies";
  const json = await askSlack(context, method, { channel: id, ts: thread_ts, limit, cursor: page });
  const found = listIn(json, "messages");
  if (!found) throw notUnderstood(provider);
  const { names, obstacle } = await namesOf(context);
  const messages = parseMessages(found, names).sort((a, b) => a.ts.localeCompare(b.ts));
  return {
    data: present({
      channel_id: id,
      channel,
      messages,
      next_page: textIn(recordIn(json, "response_metadata"), "next_cursor"),
    }),
    metadata: present({ provider, untrusted: ["messages"], time_zone: context.profile.zone, incomplete: obstacle }),
  };
}

/** The channels that the account sees. */
export async function showChannels(limit: number, context: ToolContext): Promise<ToolResult> {
  const { items, obstacle } = await listChannels(context);
  return {
    data: { channels: items.slice(0, limit), total: items.length },
    metadata: present({ provider, untrusted: ["channels"], incomplete: obstacle }),
  };
}

/** Messages of the whole workspace, newest first. */
export async function searchMessages(
  { query, limit, page = "1" }: { query: string; limit: number; page?: string },
  context: ToolContext,
): Promise<ToolResult> {
  if (query.trim() === "") throw invalidParameters(["Parameter query must not be empty"]);
  const values = { query: query.trim().toWellFormed(), count: limit, page, sort: "timestamp" };
  const found = recordIn(await askSlack(context, "search.messages", values), "messages");
  const matches = listIn(found, "matches");
  if (!matches) throw notUnderstood(provider);
  const { names, obstacle } = await namesOf(context);
  const pages = numberIn(recordIn(found, "paging"), "pages") ?? 1;
  return {
    data: present({
      query: values.query,
      messages: parseMessages(matches, names),
      total: numberIn(found, "total") ?? matches.length,
      next_page: Number(page) < pages ? String(Number(page) + 1) : undefined,
    }),
    metadata: present({ provider, untrusted: ["messages"], time_zone: context.profile.zone, incomplete: obstacle }),
  };
}
