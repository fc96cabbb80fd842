import { bytesOf, decodeHeader, parameterOf, splitEntity } from "./rfc822.ts";

/** One part of a mail, taken apart as Gmail does it. */
export interface Entity {
  /** "" for the mail itself, then "0", "1", "0.0" … */
  partId: string;
  mimeType: string;
  filename: string;
  headers: { name: string; value: string }[];
  /** Decoded bytes; texts turned into UTF-8. Empty for multiparts. */
  bytes: Uint8Array;
  parts: Entity[];
}

/** Takes a mail apart. @param raw its bytes, as latin1 */
export function parseEntity(raw: string, partId = ""): Entity {
  const { headers, body } = splitEntity(raw);
  const header = (name: string): string => headers.find((each) => each.name.toLowerCase() === name)?.value ?? "";
  const type = header("content-type") || "text/plain";
  const mimeType = /^\s*([\w.+-]+\/[\w.+-]+)/.exec(type)?.[1]?.toLowerCase() ?? "text/plain";
  const filename = parameterOf(header("content-disposition"), "filename") ?? parameterOf(type, "name") ?? "";
  const shown = headers.map(({ name, value }) => ({ name, value: decodeHeader(value) }));
  const boundary = mimeType.startsWith("multipart/") ? parameterOf(type, "boundary") : undefined;
  if (boundary !== undefined) {
    const parts = splitParts(body, boundary).map((part, at) =>
      parseEntity(part, partId === "" ? `${at}` : `${partId}.${at}`),
    );
    return { partId, mimeType, filename: "", headers: shown, bytes: new Uint8Array(), parts };
  }
  const decoded = bytesOf(body, header("content-transfer-encoding"));
  const isText = mimeType.startsWith("text/") && filename === "";
  const bytes = isText ? asUtf8(decoded, parameterOf(type, "charset") ?? "utf-8") : decoded;
  return { partId, mimeType, filename, headers: shown, bytes, parts: [] };
}

function asUtf8(bytes: Uint8Array, charset: string): Uint8Array {
  try {
    return new TextEncoder().encode(new TextDecoder(charset as Bun.Encoding).decode(bytes));
  } catch (error) {
    if (error instanceof RangeError) return bytes;
    throw error;
  }
}

function splitParts(body: string, boundary: string): string[] {
  const [, ...pieces] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const end = pieces.findIndex((piece) => piece.startsWith("--"));
  return (end < 0 ? pieces : pieces.slice(0, end)).map((piece) => piece.replace(/^[ \t]*\r\n/, ""));
}

export const walk = (entity: Entity): Entity[] => [entity, ...entity.parts.flatMap(walk)];

export const headerIn = ({ headers }: Entity, name: string): string =>
  headers
    .filter((header) => header.name.toLowerCase() === name)
    .map(({ value }) => value)
    .join(", ");

export const attachmentsOf = (entity: Entity): Entity[] => walk(entity).filter(({ filename }) => filename !== "");

/** The words of a mail, for searching and for the snippet. */
export function wordsOf(entity: Entity): string {
  const texts = walk(entity).filter(({ parts, filename }) => parts.length === 0 && filename === "");
  const chosen =
    texts.find(({ mimeType }) => mimeType === "text/plain") ?? texts.find(({ mimeType }) => mimeType === "text/html");
  if (!chosen) return "";
  const text = new TextDecoder().decode(chosen.bytes);
  const plain = chosen.mimeType === "text/html" ? withoutTags(text) : text;
  return plain.replace(/\s+/g, " ").trim();
}

const withoutTags = (html: string): string =>
  html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&nbsp;", " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
