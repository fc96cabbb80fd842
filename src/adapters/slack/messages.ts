import { type Static, Type } from "@sinclair/typebox";
import { listIn, numberIn, present, recordIn, textIn } from "../../core/answer.ts";
import { readText } from "./text.ts";

const optionalText = Type.Optional(Type.String());

export const MessageSchema = Type.Object({
  ts: Type.String({ description: "The message's id in its channel; thread_ts of an answer to it" }),
  at: Type.String({ description: "When, as ISO 8601 in UTC" }),
  user_id: optionalText,
  user: Type.String({ description: "Who wrote it: a name, where it may be known" }),
  text: Type.String({ description: "Plain text, with names for ids" }),
  thread_ts: Type.Optional(Type.String({ description: "The first message of its thread" })),
  reply_count: Type.Optional(Type.Integer()),
  files: Type.Optional(Type.Array(Type.String())),
  channel_id: optionalText,
  channel: optionalText,
  permalink: optionalText,
});
export type SlackMessage = Static<typeof MessageSchema>;

/** "1503435956.000247" -> "2017-08-22T21:05:56.000Z". Undefined for what is no such time. */
export function timeOf(ts: string | undefined): string | undefined {
  const seconds = /^\d{1,12}(\.\d+)?$/.test(ts ?? "") ? Number(ts) : Number.NaN;
  return Number.isFinite(seconds) ? new Date(Math.floor(seconds * 1000)).toISOString() : undefined;
}

/** One message; undefined for an entry that is none. */
export function parseMessage(json: unknown, names: ReadonlyMap<string, string>): SlackMessage | undefined {
  const ts = textIn(json, "ts");
  const at = timeOf(ts);
  if (ts === undefined || at === undefined) return undefined;
  const id = textIn(json, "user") ?? textIn(json, "bot_id");
  const channel = recordIn(json, "channel");
  const files = (listIn(json, "files") ?? []).flatMap((file) => textIn(file, "name") ?? textIn(file, "title") ?? []);
  const name =
    (id === undefined ? undefined : names.get(id)) ??
    textIn(json, "username") ??
    textIn(recordIn(json, "bot_profile"), "name");
  return present({
    ts,
    at,
    user_id: id,
    user: name ?? id ?? "somebody",
    text: readText(textIn(json, "text") ?? fallbackText(json), names),
    thread_ts: textIn(json, "thread_ts"),
    reply_count: numberIn(json, "reply_count"),
    files: files.length > 0 ? files : undefined,
    channel_id: textIn(channel, "id"),
    channel: textIn(channel, "name"),
    permalink: textIn(json, "permalink"),
  });
}

/** What an app's message without a text of its own says. */
const fallbackText = (json: unknown): string =>
  (listIn(json, "attachments") ?? [])
    .flatMap((each) => textIn(each, "text") ?? textIn(each, "fallback") ?? [])
    .join("\n");

/** All messages of an answer, in its order. */
export const parseMessages = (messages: readonly unknown[], names: ReadonlyMap<string, string>): SlackMessage[] =>
  messages.flatMap((message) => parseMessage(message, names) ?? []);
