import { type MailAddress, parseMailAddress } from "../../core/mail-address.ts";
import type { Original } from "./original.ts";
import type { Mail } from "./send.ts";

/** Newest ids kept of a long conversation; the first always stays, as RFC 5322 advises. */
const mostReferences = 50;

/** The mail as it goes over the wire. Who it is from is left to Gmail, which knows the account's address. */
export async function composeMail(mail: Mail, now: Date, original?: Original): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const message = new MailComposer({
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    bcc: addresses(mail.bcc),
    subject: (mail.subject ?? answerTo(original?.subject ?? "")).toWellFormed(),
    text: mail.body.toWellFormed(),
    ...(mail.html === undefined ? {} : { html: mail.html.toWellFormed() }),
    attachments: (mail.attachments ?? []).map(({ name, type, content }) => ({
      filename: name.toWellFormed(),
      content: Buffer.from(content, "base64"),
      ...(type === undefined ? {} : { contentType: type }),
    })),
    ...threading(original),
    date: now,
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // Gmail reads the hidden recipients from here, and takes them out before it delivers.
  message.keepBcc = true;
  return message.build();
}

const addresses = (list: readonly string[] = []): { name: string; address: string }[] =>
  list
    .map(parseMailAddress)
    .filter((each) => each !== undefined)
    .map(({ name = "", address }: MailAddress) => ({ name: name.toWellFormed(), address }));

/** "Re: " once, however often it was answered. */
const answerTo = (subject: string): string => (/^re:/i.test(subject.trim()) ? subject.trim() : `Re: ${subject.trim()}`);

function threading(original: Original | undefined): { inReplyTo?: string; references?: string[] } {
  if (original?.messageId === undefined) return {};
  const { messageId, references } = original;
  const first = references.slice(0, 1);
  const others = [...references.slice(1), messageId].slice(-mostReferences);
  return { inReplyTo: messageId, references: [...first, ...others] };
}
