import { headerOf, type Message, type Part } from "./message.ts";

export interface ListedAttachment {
  /** The part's number, which stays the same, other than Gmail's own ids of attachments. */
  id: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
}

/** What a person would read: the plain parts, or HTML where there is no other form. In the order of the message. */
export function bodyParts(root: Part): Part[] {
  if (isAttachment(root)) return [];
  if (root.parts.length === 0) return isText(root) ? [root] : [];
  if (!/^multipart\/alternat/.test(root.type)) return root.parts.flatMap(bodyParts);
  const forms = root.parts.map(bodyParts).filter((form) => form.length > 0);
  return forms.find((form) => form.every(({ type }) => type === "text/plain")) ?? forms[0] ?? [];
}

/** All HTML of a message that is no attachment. */
export const htmlParts = (root: Part): Part[] =>
  isAttachment(root)
    ? []
    : root.parts.length > 0
      ? root.parts.flatMap(htmlParts)
      : root.type === "text/html"
        ? [root]
        : [];

/** Everything beside the text: what somebody named, and what is no text. */
function attachmentParts(root: Part): Part[] {
  if (isAttachment(root)) return [root];
  if (root.parts.length > 0) return root.parts.flatMap(attachmentParts);
  return isText(root) || !isFetchable(root) ? [] : [root];
}

/** Whether somebody attached something, also where the bytes were not asked for. */
export const hasAttachments = (part: Part): boolean => isNamed(part) || part.parts.some(hasAttachments);

export const listAttachments = ({ root }: Message): ListedAttachment[] =>
  attachmentParts(root).map((part) => ({
    id: idOf(part),
    name: part.name || unnamed(part),
    type: part.type || "application/octet-stream",
    size: part.size,
  }));

export const findAttachment = ({ root }: Message, id: string): Part | undefined =>
  attachmentParts(root).find((part) => idOf(part) === id);

/** The root has no number; where it is itself the attachment, there is no part 0 beside it. */
const idOf = ({ id }: Part): string => id || "0";

const isText = ({ type }: Part): boolean => type === "text/plain" || type === "text/html";

const isFetchable = ({ data, attachmentId, size }: Part): boolean =>
  attachmentId !== undefined || (data !== undefined && size > 0);

const isAttachment = (part: Part): boolean => isFetchable(part) && isNamed(part);

const isNamed = (part: Part): boolean =>
  part.name !== "" || /^\s*attachment\b/i.test(headerOf(part, "content-disposition") ?? "");

const extensions: Record<string, string> = {
  calendar: "ics",
  plain: "txt",
  jpeg: "jpg",
  "octet-stream": "bin",
  rfc822: "eml",
};

function unnamed(part: Part): string {
  const subtype = part.type.split("/")[1] ?? "";
  const extension = extensions[subtype] ?? (/^[a-z0-9]{2,5}$/.test(subtype) ? subtype : "bin");
  return `part-${idOf(part)}.${extension}`;
}
