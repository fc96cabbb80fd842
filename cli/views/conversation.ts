import { isRecord } from "../../src/core/parameters.ts";
import { dayName } from "../day-name.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import { wrap } from "../wrap.ts";

type Data = Record<string, unknown>;

const width = 80;
const text = (value: unknown): string => (typeof value === "string" ? sanitiseLine(value) : "");
const listOf = (value: unknown): Data[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** Says a moment by the clock of the person, or else by that of this computer. */
function clockOf({ time_zone: zone }: Data): (iso: unknown) => { day: string; time: string } {
  const here = typeof zone === "string" ? zone : Temporal.Now.timeZoneId();
  return (iso) => {
    const at = Temporal.Instant.from(String(iso)).toZonedDateTimeISO(here);
    return { day: dayName(at, true), time: at.toPlainTime().toString({ smallestUnit: "minute" }) };
  };
}

interface Line {
  at: unknown;
  who: string;
  said: string;
  /** Small print behind it. */
  more: string;
}

/** Messages under the days on which they were written: who, when, and what. */
function conversation(lines: readonly Line[], metadata: Data, paint: Paint): string {
  const clock = clockOf(metadata);
  let lastDay = "";
  return lines
    .flatMap(({ at, who, said, more }) => {
      const { day, time } = clock(at);
      const isNew = day !== lastDay;
      lastDay = day;
      return [
        ...(isNew ? [paint.dim(`── ${day} ──`)] : []),
        `${paint.dim(time)} ${paint.bold(sanitiseLine(who))}${more === "" ? "" : `  ${paint.dim(sanitiseLine(more))}`}`,
        ...wrapLines(said).map((line) => `      ${line}`),
      ];
    })
    .join("\n");
}

const wrapLines = (said: string): string[] => said.split("\n").flatMap((line) => wrap(sanitiseLine(line), width - 6));

const notes = ({ incomplete }: Data, next: unknown, paint: Paint): string[] => [
  ...(typeof incomplete === "string" ? [paint.dim(`Note: ${sanitiseLine(incomplete)}.`)] : []),
  ...(typeof next === "string" ? [paint.dim(`More: --page ${sanitiseLine(next)}`)] : []),
];

const joined = (...blocks: (string | string[])[]): string =>
  blocks
    .flat()
    .filter((block) => block !== "")
    .join("\n\n");

/** Slack: a sent message, a conversation, or channels. */
export function slack(data: Data, metadata: Data, paint: Paint): string {
  if (Array.isArray(data.channels))
    return joined(channels(listOf(data.channels), paint), notes(metadata, undefined, paint));
  if (!Array.isArray(data.messages)) {
    return joined(`${paint.green("✓")} Sent to ${text(data.channel_id)}`, text(data.permalink));
  }
  const lines = listOf(data.messages).map((message) => ({
    at: message.at,
    who: text(message.user),
    said: [message.text, ...(Array.isArray(message.files) ? message.files.map((name) => `[${name}]`) : [])]
      .filter((part) => part !== "")
      .join("\n"),
    more: [
      message.channel ? `#${message.channel}` : "",
      message.reply_count ? `${message.reply_count} replies: --thread-ts ${message.ts}` : "",
      message.permalink ?? "",
    ]
      .filter(Boolean)
      .join("  "),
  }));
  const shown = lines.length > 0 ? conversation(lines, metadata, paint) : "There are no messages.";
  return joined(shown, notes(metadata, data.next_page, paint));
}

function channels(found: readonly Data[], paint: Paint): string {
  if (found.length === 0) return "There are no channels.";
  return table(
    found.map((channel) => [
      `${paint.bold(`#${text(channel.name)}`)}${channel.is_private ? " (private)" : ""}`,
      channel.is_member ? paint.green("joined") : "",
      text(channel.id),
      text(channel.topic) || text(channel.purpose),
    ]),
  );
}

/** WhatsApp: a sent message, or a conversation with what became of each message. */
export function whatsapp(data: Data, metadata: Data, paint: Paint): string {
  const clock = clockOf(metadata);
  const until = (iso: unknown): string => `Free text may be sent until ${clock(iso).day} ${clock(iso).time}.`;
  const window = typeof data.window_open_until === "string" ? paint.dim(until(data.window_open_until)) : "";
  if (!Array.isArray(data.messages)) {
    const sent = `${paint.green("✓")} WhatsApp took the message to ${text(data.to)} (${text(data.message_id)})`;
    return joined(sent, window);
  }
  const lines = listOf(data.messages).map((message) => ({
    at: message.at,
    who: message.direction === "out" ? `you to ${message.contact}` : String(message.name ?? message.contact),
    said: [message.kind === "text" ? "" : `[${message.kind}]`, text(message.text)].filter(Boolean).join(" "),
    more: [
      message.direction === "in" && message.name ? message.contact : "",
      message.status ?? "",
      message.failure ?? "",
    ]
      .filter(Boolean)
      .join("  "),
  }));
  const shown = lines.length > 0 ? conversation(lines, metadata, paint) : "There are no messages.";
  const closed =
    data.window_open_until === null ? paint.dim("Only a template may be sent to this number now.") : window;
  return joined(shown, closed, notes(metadata, data.next_page, paint));
}
