import { listIn, numberIn, present, recordIn, textIn } from "../../core/answer.ts";
import { type Message, type MessageStatus, messageStatuses, type StatusReport } from "../../core/message.ts";
import type { News } from "../../core/webhook.ts";
import { failureOf } from "./refusals.ts";

const longestText = 20_000;
const longestId = 300;

/** Reads a delivery of Meta's. What is of another kind, or lacks what names it, is left out. */
export function readDelivery(json: unknown, now: Date): News {
  const changes = (listIn(json, "entry") ?? []).flatMap((entry) => listIn(entry, "changes") ?? []);
  const values = changes
    .filter((change) => textIn(change, "field") === "messages")
    .map((change) => recordIn(change, "value"));
  return {
    received: values.flatMap((value) =>
      (listIn(value, "messages") ?? []).flatMap((each) => readMessage(each, value, now) ?? []),
    ),
    reports: values.flatMap((value) =>
      (listIn(value, "statuses") ?? []).flatMap((each) => readStatus(each, value, now) ?? []),
    ),
  };
}

const accountOf = (value: unknown): string | undefined => idIn(recordIn(value, "metadata"), "phone_number_id");

function readMessage(json: unknown, value: unknown, now: Date): Message | undefined {
  const [account, id, contact] = [accountOf(value), idIn(json, "id"), idIn(json, "from")];
  const at = timeIn(json, now);
  if (account === undefined || id === undefined || contact === undefined || !/^\d{5,20}$/.test(contact) || !at)
    return undefined;
  const kind = listIn(json, "errors")?.length ? "unsupported" : (textIn(json, "type") ?? "unknown");
  const who = (listIn(value, "contacts") ?? []).find((each) => textIn(each, "wa_id") === contact);
  return present({
    id,
    account,
    contact,
    contactName: textIn(recordIn(who, "profile"), "name")?.slice(0, 200),
    direction: "in" as const,
    kind: kind.slice(0, 40),
    text: contentOf(json, kind)?.slice(0, longestText).toWellFormed(),
    replyTo: textIn(recordIn(json, "reaction"), "message_id") ?? textIn(recordIn(json, "context"), "id"),
    at,
  });
}

/** What a message says in words; media are named, not fetched. */
function contentOf(json: unknown, kind: string): string | undefined {
  const part = recordIn(json, kind);
  switch (kind) {
    case "text":
    case "system":
      return textIn(part, "body");
    case "button":
      return textIn(part, "text");
    case "reaction":
      return textIn(part, "emoji");
    case "interactive":
      return textIn(recordIn(part, "button_reply") ?? recordIn(part, "list_reply"), "title");
    case "location": {
      const place = [textIn(part, "name"), textIn(part, "address")].filter(Boolean).join(", ");
      return [place, `${numberIn(part, "latitude")}, ${numberIn(part, "longitude")}`].filter(Boolean).join(": ");
    }
    case "contacts":
      return (listIn(json, "contacts") ?? [])
        .flatMap((each) => textIn(recordIn(each, "name"), "formatted_name") ?? [])
        .join(", ");
    default:
      return [textIn(part, "filename"), textIn(part, "caption")].filter(Boolean).join(": ") || undefined;
  }
}

function readStatus(json: unknown, value: unknown, now: Date): StatusReport | undefined {
  const [account, messageId, status] = [accountOf(value), idIn(json, "id"), textIn(json, "status")];
  const at = timeIn(json, now);
  if (account === undefined || messageId === undefined || !isStatus(status) || !at) return undefined;
  const error = listIn(json, "errors")?.[0];
  return { messageId, account, status, at, ...(error === undefined ? {} : { failure: failureOf(error) }) };
}

const isStatus = (text: string | undefined): text is MessageStatus => messageStatuses.some((each) => each === text);

const idIn = (json: unknown, key: string): string | undefined => {
  const id = textIn(json, key);
  return id !== undefined && id.length <= longestId ? id : undefined;
};

/** Seconds of the epoch as text. What lies ahead of our clock counts as now. */
function timeIn(json: unknown, now: Date): Date | undefined {
  const given = textIn(json, "timestamp") ?? "";
  return /^\d{1,11}$/.test(given) ? new Date(Math.min(Number(given) * 1000, now.getTime())) : undefined;
}
