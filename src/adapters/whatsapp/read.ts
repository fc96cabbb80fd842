import { type Static, Type } from "@sinclair/typebox";
import { present } from "../../core/answer.ts";
import type { KeptMessage } from "../../core/message.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { lineOf, provider } from "./api.ts";
import { openUntil, writtenKinds } from "./window.ts";

const optionalText = Type.Optional(Type.String());

export const MessageSchema = Type.Object({
  id: Type.String(),
  direction: Type.String({ description: "in or out" }),
  contact: Type.String({ description: "The other number, as +…" }),
  name: Type.Optional(Type.String({ description: "What the person calls themselves" })),
  kind: Type.String({ description: "text, template, image, document, audio, reaction and others of WhatsApp's" }),
  text: optionalText,
  at: Type.String({ description: "When, as ISO 8601 in UTC" }),
  reply_to: optionalText,
  status: Type.Optional(Type.String({ description: "Of your own: accepted, sent, delivered, read or failed" })),
  failure: optionalText,
});

interface Reading {
  with?: string;
  limit: number;
  page?: string;
}

/** WhatsApp cannot be asked for messages: these are the ones that came by webhook and those that were sent from here. */
export async function readMessages({ with: number, limit, page }: Reading, context: ToolContext): Promise<ToolResult> {
  const { messages, phoneNumberId: account } = lineOf(context);
  const contact = number?.slice(1);
  const found = await messages.page({ account, limit, ...present({ contact, page }) });
  const last = contact === undefined ? undefined : await messages.lastReceived(account, contact, writtenKinds);
  return {
    data: present({
      messages: found.messages.map(show).reverse(),
      window_open_until: contact === undefined ? undefined : (openUntil(last, context.now())?.toISOString() ?? null),
      next_page: found.nextPage,
    }),
    metadata: present({ provider, untrusted: ["messages"], time_zone: context.profile.zone }),
  };
}

const show = (message: KeptMessage): Static<typeof MessageSchema> =>
  present({
    id: message.id,
    direction: message.direction,
    contact: `+${message.contact}`,
    name: message.contactName,
    kind: message.kind,
    text: message.text,
    at: message.at.toISOString(),
    reply_to: message.replyTo,
    status: message.status,
    failure: message.failure,
  });
