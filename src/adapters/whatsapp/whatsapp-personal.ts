import { Type } from "@sinclair/typebox";
import { auditMark } from "../../core/audit.ts";
import { messagePagePattern } from "../../core/message.ts";
import { defineAction, defineTool } from "../../core/tool.ts";
import { hearsRead, hearsSend } from "./hears.ts";
import { MessageSchema } from "./read.ts";

const strict = { additionalProperties: false };
const Phone = (description: string) => Type.String({ pattern: "^\\+[1-9][0-9]{6,14}$", description });

export const whatsappPersonal = defineTool({
  id: "whatsapp_personal",
  name: "WhatsApp",
  description: "Sends WhatsApp messages from your business number and reads what people wrote to it.",
  category: "messaging",
  accessLevel: "user_specific",
  service: "whatsapp",
  authService: "whatsapp",
  providers: [{ id: "whatsapp", name: "WhatsApp" }],
  uses: ["messages"],
  examples: [
    "Write to +491701234567: I am on my way",
    "What did Ada write on WhatsApp?",
    "Send the template hello_world",
  ],
  actions: [
    defineAction({
      id: "send",
      description: "Send a text, within 24 hours of the person's last message, or an approved template",
      effect: "write",
      hears: hearsSend,
      scopes: ["whatsapp_business_messaging"],
      input: Type.Object(
        {
          to: Phone("The person's number with its country: +491701234567"),
          text: Type.Optional(
            Type.String({ minLength: 1, maxLength: 4_096, description: "What to say", [auditMark]: "length" }),
          ),
          template: Type.Optional(
            Type.String({ pattern: "^[a-z0-9_]{1,512}$", description: "Name of a template that Meta has approved" }),
          ),
          language: Type.Optional(
            Type.String({
              pattern: "^[a-z]{2,3}(_[A-Za-z]{2,4})?$",
              description: "Of the template; en_US unless told",
            }),
          ),
          variables: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 1_024 }), {
              minItems: 1,
              maxItems: 20,
              description: "What stands for {{1}}, {{2}}, … in the template",
              [auditMark]: "length",
            }),
          ),
        },
        strict,
      ),
      output: Type.Object({
        message_id: Type.String(),
        to: Type.String(),
        status: Type.String({ description: "accepted: Meta took it; what became of it, read shows" }),
        window_open_until: Type.Optional(Type.String({ description: "Until when free text may be sent" })),
      }),
      confirmation: {
        fields: ["action", "to", "text", "template"],
        whereGiven: ["variables"],
        prompt: ({ to, text, template, language, variables }, say) =>
          template === undefined
            ? `Send ${say.quote(text)} to ${say.list(to)} on WhatsApp?`
            : `Send the WhatsApp template ${say.quote(template)}${language === undefined ? "" : ` in ${say.list(language)}`} to ${say.list(to)}${
                variables === undefined ? "" : `, with ${say.list(variables)}`
              }?`,
      },
      async run(input, context) {
        const { sendMessage } = await import("./send.ts");
        return sendMessage(input, context);
      },
    }),
    defineAction({
      id: "read",
      description: "Read the messages that came in, and what became of those you sent",
      effect: "read",
      hears: hearsRead,
      input: Type.Object(
        {
          with: Type.Optional(Phone("Only with this number")),
          limit: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 100, default: 20, description: "How many at most" }),
          ),
          page: Type.Optional(
            Type.String({ pattern: messagePagePattern, description: "next_page of the page before" }),
          ),
        },
        strict,
      ),
      output: Type.Object({
        messages: Type.Array(MessageSchema, { description: "Oldest first" }),
        window_open_until: Type.Optional(
          Type.Union([Type.String(), Type.Null()], {
            description: "With one number: until when free text may be sent",
          }),
        ),
        next_page: Type.Optional(Type.String({ description: "Older ones" })),
      }),
      async run({ limit = 20, ...input }, context) {
        const { readMessages } = await import("./read.ts");
        return readMessages({ ...input, limit }, context);
      },
    }),
  ],
});
