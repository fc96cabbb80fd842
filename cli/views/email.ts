import { monthName } from "../day-name.ts";
import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import { sizeText } from "../size.ts";
import { table } from "../table.ts";
import { clip, wrap } from "../wrap.ts";

interface Listed {
  id: string;
  from?: string;
  to?: string;
  subject?: string;
  date?: string;
  labels: string[];
  unread: boolean;
  has_attachments: boolean;
}

interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
}

interface Read {
  id: string;
  date?: string;
  headers: Record<string, string>;
  text: string;
  attachments: Attachment[];
  truncated: boolean;
}

type Data = Record<string, unknown>;
const width = 80;
const longestName = 500;

/** Mail as a person reads it: a list, a message, a thread, an attachment, labels, or that it was sent. */
export function email(data: Data, metadata: Data, paint: Paint, here: Here): string {
  const zone = typeof metadata.time_zone === "string" ? metadata.time_zone : Temporal.Now.timeZoneId();
  switch (metadata.action) {
    case "search":
      return mailList(data.messages as Listed[], data.next_page, zone, paint, here);
    case "send":
      return `${paint.green("Sent.")} ${paint.dim(`Message ${sanitiseLine(String(data.message_id))}`)}`;
    case "list_labels":
      return table(
        (data.labels as { id: string; name: string; type: string }[]).map(({ name, type, id }) =>
          [name, type, id].map(sanitiseLine),
        ),
      );
    default:
      if (data.attachment) return attachmentText(data.attachment as Attachment, paint);
      if (!Array.isArray(data.messages)) return reader(data as unknown as Read, zone, paint);
      return (data.messages as Read[])
        .map((message) => reader(message, zone, paint))
        .join(`\n\n${paint.dim("─".repeat(width))}\n\n`);
  }
}

function mailList(messages: readonly Listed[], next: unknown, zone: string, paint: Paint, here: Here): string {
  if (messages.length === 0) return "No mail was found.";
  const rows = messages.map((message) => {
    const plain = (text: string): string => text;
    const style = message.unread ? paint.bold : plain;
    const isSent = message.labels.includes("SENT");
    const who = isSent ? `to ${nameOf(message.to ?? "")}` : nameOf(message.from ?? "");
    return [
      message.unread ? "●" : " ",
      message.date ? shortTime(message.date, zone) : "",
      style(clip(sanitiseLine(who), 22)),
      style(clip(sanitiseLine(message.subject ?? "(no subject)"), 46)),
      message.has_attachments ? "📎" : "",
      paint.dim(sanitiseLine(message.id)),
    ];
  });
  const lines = [table(rows), "", paint.dim(here("Read one: mcqueen run email_personal read --message-id <id>"))];
  if (typeof next === "string") lines.push(paint.dim(`More: add --page-token ${sanitiseLine(next)}`));
  return lines.join("\n");
}

/** "Ada Lovelace" of "Ada Lovelace <ada@x.org>"; of several, the first and how many more. */
function nameOf(header: string): string {
  const quoted = /"(?:[^"\\]|\\.)*"/g;
  const [first = ""] = /^(?:"(?:[^"\\]|\\.)*"|[^,"])*/.exec(header.slice(0, longestName)) ?? [];
  const others = header.replace(quoted, "").split(",").length - 1;
  const name = /^\s*"?([^"<]*?)"?\s*</.exec(first)?.[1] || first.replace(/[<>]/g, "").trim();
  return others > 0 ? `${name} +${others}` : name;
}

function shortTime(iso: string, zone: string): string {
  const at = Temporal.Instant.from(iso).toZonedDateTimeISO(zone);
  const day = `${String(at.day).padStart(2)} ${monthName(at)}`;
  const isThisYear = at.year === Temporal.Now.zonedDateTimeISO(zone).year;
  return isThisYear ? `${day} ${at.toPlainTime().toString({ smallestUnit: "minute" })}` : `${day} ${at.year}`;
}

function reader(message: Read, zone: string, paint: Paint): string {
  const { headers, attachments } = message;
  const date = message.date
    ? Temporal.Instant.from(message.date).toZonedDateTimeISO(zone).toLocaleString("en-GB", {
        weekday: "long",
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
      })
    : headers.date;
  const shown = {
    From: headers.from,
    To: headers.to,
    Cc: headers.cc,
    Date: date,
    Subject: headers.subject ?? "(no subject)",
  };
  const head = Object.entries(shown).flatMap(([name, value]) =>
    value
      ? [
          `${paint.dim(`${name}:`.padEnd(9))}${name === "Subject" ? paint.bold(sanitiseLine(value)) : sanitiseLine(value)}`,
        ]
      : [],
  );
  const files = attachments.map(({ id, name, type, size }) =>
    [`  ${id}`, name, type, sizeText(size)].map(sanitiseLine),
  );
  return [
    ...head,
    "",
    ...wrapMail(message.text),
    ...(message.truncated ? ["", paint.yellow("There is more; this is the beginning.")] : []),
    ...(files.length > 0 ? ["", paint.dim("Attachments (save with --save-attachments <folder>):"), table(files)] : []),
  ].join("\n");
}

/** Long lines are broken, and what is quoted stays marked as such. */
const wrapMail = (text: string): string[] =>
  sanitise(text)
    .split("\n")
    .flatMap((line) => {
      if (Bun.stringWidth(line) <= width) return [line];
      const [prefix = ""] = /^(?:> ?)*/.exec(line) ?? [];
      return wrap(line.slice(prefix.length), width - prefix.length).map((piece) => prefix + piece);
    });

const attachmentText = ({ name, type, size }: Attachment, paint: Paint): string =>
  `${paint.bold(sanitiseLine(name))}  ${sanitiseLine(type)}, ${sizeText(size)}\n${paint.dim("Save it with --save-attachments <folder>; --json prints it in base64.")}`;
