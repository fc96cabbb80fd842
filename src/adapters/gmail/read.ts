import { Type } from "@sinclair/typebox";
import { defineAction } from "../../core/tool.ts";
import { hearsRead } from "./hears.ts";
import { readScope } from "./scopes.ts";

/** Characters of a text that come back at most. */
export const mostCharacters = 100_000;

const Id = (description: string) => Type.Optional(Type.String({ pattern: "^[0-9a-zA-Z_-]{1,64}$", description }));

const ListedAttachment = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: Type.String(),
  size: Type.Integer({ description: "Bytes" }),
});

const ReadMessage = Type.Object({
  id: Type.String(),
  thread_id: Type.String(),
  date: Type.Optional(Type.String({ description: "When Gmail got it, ISO 8601" })),
  labels: Type.Array(Type.String()),
  unread: Type.Boolean(),
  headers: Type.Record(Type.String(), Type.String()),
  text: Type.String(),
  html: Type.Optional(Type.String()),
  attachments: Type.Array(ListedAttachment),
  truncated: Type.Boolean({ description: "Whether there is more text than came back" }),
});
export type ReadMessage = typeof ReadMessage.static;

export const readAction = defineAction({
  id: "read",
  description: `Read a message, a whole thread or one attachment; texts are cut at ${mostCharacters / 1000},000 characters`,
  effect: "read",
  hears: hearsRead,
  scopes: [readScope],
  input: Type.Object(
    {
      message_id: Id("Id of the message, as search gives it"),
      thread_id: Id("Id of the thread, instead: all its messages, the oldest first"),
      include_html: Type.Optional(Type.Boolean({ description: "The HTML too, beside the text" })),
      attachment_id: Type.Optional(
        Type.String({
          pattern: "^[0-9]{1,3}(\\.[0-9]{1,3}){0,40}$",
          description: "Id of one attachment, to get its bytes in base64",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Union([
    ReadMessage,
    Type.Object({
      id: Type.String(),
      thread_id: Type.String(),
      messages: Type.Array(ReadMessage),
      truncated: Type.Boolean(),
    }),
    Type.Object({
      id: Type.String(),
      thread_id: Type.String(),
      attachment: Type.Intersect([ListedAttachment, Type.Object({ content: Type.String({ description: "Base64" }) })]),
    }),
  ]),
  async run(input, context) {
    const { readMail } = await import("./reading.ts");
    return readMail(input, context);
  },
});
