import { randomText } from "../../core/secret.ts";
import type { Entity } from "./entity.ts";
import type { Mail } from "./mailbox.ts";

export const formats = ["minimal", "full", "raw", "metadata"];
const longestSnippet = 200;

/** A mail in one of the forms that messages.get knows. */
export function show(mail: Mail, format: string, metadataHeaders: readonly string[]): Record<string, unknown> {
  const common = {
    id: mail.id,
    threadId: mail.threadId,
    labelIds: mail.labelIds,
    snippet: escapeHtml(mail.words.slice(0, longestSnippet).trim()),
    historyId: String(Math.floor(mail.internalDate / 1000) % 100_000_000),
    internalDate: String(mail.internalDate),
    sizeEstimate: mail.size,
  };
  if (format === "raw") return { ...common, raw: Buffer.from(mail.raw, "base64").toString("base64url") };
  if (format === "minimal") return common;
  if (format === "metadata") {
    const wanted = metadataHeaders.map((name) => name.toLowerCase());
    const headers = mail.entity.headers.filter(
      ({ name }) => wanted.length === 0 || wanted.includes(name.toLowerCase()),
    );
    return { ...common, payload: { mimeType: mail.entity.mimeType, headers } };
  }
  return { ...common, payload: showPart(mail.entity) };
}

function showPart({ partId, mimeType, filename, headers, bytes, parts }: Entity): Record<string, unknown> {
  return {
    partId,
    mimeType,
    filename,
    headers,
    body: parts.length > 0 ? { size: 0 } : showBody(partId, filename, mimeType, bytes),
    ...(parts.length > 0 ? { parts: parts.map(showPart) } : {}),
  };
}

function showBody(partId: string, filename: string, mimeType: string, bytes: Uint8Array): Record<string, unknown> {
  if (filename !== "" || !mimeType.startsWith("text/"))
    return { attachmentId: attachmentId(partId), size: bytes.length };
  return { size: bytes.length, data: Buffer.from(bytes).toString("base64url") };
}

/** Another one each time, as at Gmail: nobody may keep it. */
const attachmentId = (partId: string): string =>
  `ANGjdJ${Buffer.from(`${partId}|${randomText(24, "base64url")}`).toString("base64url")}`;

/** The part that an id of an attachment stands for. */
export function partOf(id: string): string | undefined {
  const [, partId] = /^([\d.]*)\|/.exec(Buffer.from(id.replace(/^ANGjdJ/, ""), "base64url").toString("latin1")) ?? [];
  return id.startsWith("ANGjdJ") ? partId : undefined;
}

const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
