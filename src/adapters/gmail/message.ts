import { isRecord } from "../../core/parameters.ts";
import { decodeWords } from "./encoded-words.ts";
import { notUnderstood } from "./service.ts";

/** A message as Gmail tells it, checked. */
export interface Message {
  id: string;
  threadId: string;
  labels: string[];
  /** The beginning of the text, as Gmail made it. */
  snippet: string;
  /** When Gmail got it. ISO 8601. */
  date?: string;
  root: Part;
}

/** One part of a message; the root is the message itself. */
export interface Part {
  id: string;
  type: string;
  /** Empty unless somebody named it. */
  name: string;
  headers: { name: string; value: string }[];
  /** Bytes, after decoding. */
  size: number;
  /** The bytes in base64url, where they came along. */
  data?: string;
  /** Under which they are to be asked for, where they did not. */
  attachmentId?: string;
  parts: Part[];
}

const deepest = 40;

/** @throws AppError upstream_rejected for any other form */
export function parseMessage(json: unknown): Message {
  if (!isRecord(json) || typeof json.id !== "string" || typeof json.threadId !== "string") throw notUnderstood();
  const at = typeof json.internalDate === "string" ? Number(json.internalDate) : Number.NaN;
  return {
    id: json.id,
    threadId: json.threadId,
    labels: list(json.labelIds).filter((label) => typeof label === "string"),
    snippet: plainSnippet(text(json.snippet)),
    ...(Number.isSafeInteger(at) && at > 0 && at < 8e15 ? { date: new Date(at).toISOString() } : {}),
    root: parsePart(isRecord(json.payload) ? json.payload : {}, 0),
  };
}

function parsePart(json: Record<string, unknown>, depth: number): Part {
  const body = isRecord(json.body) ? json.body : {};
  const { data, attachmentId } = body;
  return {
    id: text(json.partId),
    type: text(json.mimeType).toLowerCase(),
    name: decodeWords(text(json.filename)),
    headers: list(json.headers)
      .filter(isRecord)
      .map(({ name, value }) => ({ name: text(name), value: text(value) })),
    size: typeof body.size === "number" ? body.size : 0,
    ...(typeof data === "string" ? { data } : {}),
    ...(typeof attachmentId === "string" ? { attachmentId } : {}),
    parts:
      depth < deepest
        ? list(json.parts)
            .filter(isRecord)
            .map((part) => parsePart(part, depth + 1))
        : [],
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The first header of this name. */
export const headerOf = ({ headers }: Part, name: string): string | undefined =>
  headers.find((header) => header.name.toLowerCase() === name)?.value;

const shown = [
  "from",
  "sender",
  "reply-to",
  "to",
  "cc",
  "bcc",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  "list-unsubscribe",
] as const;

/** The headers that matter to a reader, as `reply_to` and the like. Several of one name are joined. */
export function headersOf({ root }: Message): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of shown) {
    const values = root.headers.filter((header) => header.name.toLowerCase() === name).map(({ value }) => value.trim());
    const given = values.filter((value) => value !== "");
    if (given.length > 0) found[name.replaceAll("-", "_")] = decodeWords(given.join(", "));
  }
  return found;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Snippets come with HTML's entities, though they are no HTML, and with invisible filling. */
function plainSnippet(snippet: string): string {
  return snippet
    .replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .replace(/[\u034f\u200c\u200b\ufeff\u00ad]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
