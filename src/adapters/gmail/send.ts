import { Type } from "@sinclair/typebox";
import { auditMark } from "../../core/audit.ts";
import { invalidParameters } from "../../core/errors.ts";
import { parseMailAddress } from "../../core/mail-address.ts";
import { defineAction } from "../../core/tool.ts";
import type { Voice } from "../../core/voice.ts";
import { hearsSend } from "./hears.ts";
import { sendScope } from "./scopes.ts";

const strict = { additionalProperties: false };
const Address = Type.String({ format: "mail-address", maxLength: 400 });
const Addresses = (description: string, more = {}) => Type.Array(Address, { maxItems: 100, description, ...more });

const Attachment = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255, format: "line-of-text", description: "File name" }),
    type: Type.Optional(
      Type.String({ pattern: "^[\\w.+-]{1,100}/[\\w.+-]{1,100}$", description: "Media type; else from the name" }),
    ),
    content: Type.String({ format: "base64", description: "The bytes, in base64", [auditMark]: "length" }),
  },
  strict,
);

const Mail = Type.Object(
  {
    to: Addresses("Whom to send it to: a@x.org, or Ada <a@x.org>", { minItems: 1 }),
    cc: Type.Optional(Addresses("Who gets a copy")),
    bcc: Type.Optional(Addresses("Who gets a copy that nobody else sees")),
    subject: Type.Optional(
      Type.String({ maxLength: 900, format: "line-of-text", description: "Subject; an answer takes the old one" }),
    ),
    body: Type.String({ maxLength: 5_000_000, description: "The text", [auditMark]: "length" }),
    html: Type.Optional(
      Type.String({
        maxLength: 5_000_000,
        description: "The same as HTML, for those who see it",
        [auditMark]: "length",
      }),
    ),
    attachments: Type.Optional(
      Type.Array(Attachment, { maxItems: 100, description: "Files; all in all a mail has at most 25 MB" }),
    ),
    reply_to: Type.Optional(
      Type.String({ pattern: "^[0-9a-zA-Z_-]{1,64}$", description: "Id of the message that this answers" }),
    ),
  },
  strict,
);

export type Mail = typeof Mail.static;

export const sendAction = defineAction({
  id: "send",
  description: "Send a mail, or answer one",
  effect: "write",
  hears: hearsSend,
  scopes: [sendScope],
  input: Mail,
  output: Type.Object({ message_id: Type.String(), thread_id: Type.String() }),
  confirmation: {
    fields: ["action", "to", "subject"],
    whereGiven: ["cc", "bcc"],
    prompt(parameters, say) {
      const mail = parameters as Mail;
      requireSubject(mail);
      return promptFor(mail, say);
    },
  },
  async run(mail, context) {
    requireSubject(mail);
    const { sendMail } = await import("./sending.ts");
    return sendMail(mail, context);
  },
});

/** @throws AppError invalid_parameters */
function requireSubject({ subject, reply_to }: Mail): void {
  if (subject === undefined && reply_to === undefined)
    throw invalidParameters(["Missing required parameter: subject"], "Only an answer (reply_to) may do without.");
}

function promptFor({ to, cc = [], bcc = [], subject, reply_to, attachments = [] }: Mail, say: Voice): string {
  const names = (list: readonly string[]): string => say.list(list.map(spokenAddress));
  const parts = [
    subject === undefined ? "" : ` about ${say.quote(subject)}`,
    reply_to === undefined ? "" : ", in answer to an earlier message",
    cc.length > 0 ? `, with a copy to ${names(cc)}` : "",
    bcc.length > 0 ? `, with a hidden copy to ${names(bcc)}` : "",
    attachments.length > 0
      ? `, with ${attachments.length === 1 ? "one attachment" : `${attachments.length} attachments`}`
      : "",
  ];
  return `Send an email to ${names(to)}${parts.join("")}?`;
}

/** The address is always told: anybody may call themselves anything. */
function spokenAddress(text: string): string {
  const { name, address } = parseMailAddress(text) ?? { address: text };
  return name ? `${name} (${address})` : address;
}
