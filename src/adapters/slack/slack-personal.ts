import { Type } from "@sinclair/typebox";
import { auditMark } from "../../core/audit.ts";
import { defineAction, defineTool } from "../../core/tool.ts";
import { hearsChannels, hearsRead, hearsSearch, hearsSend } from "./hears.ts";
import { MessageSchema } from "./messages.ts";

const strict = { additionalProperties: false };
const Text = Type.String({
  minLength: 1,
  maxLength: 10_000,
  description: "What to say; meant literally",
  [auditMark]: "length",
});
const Place = (use: string) =>
  Type.String({
    minLength: 2,
    maxLength: 200,
    description: `${use}: a channel's id, #name, @person or a mail address`,
  });
const Ts = Type.String({ pattern: "^[0-9]{1,12}[.][0-9]{6}$", description: "A thread: ts of its first message" });
const limit = (most: number, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: "How many at most" }));
const Page = Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: "next_page of the page before" }));

export const slackPersonal = defineTool({
  id: "slack_personal",
  name: "Slack",
  description: "Sends, reads and finds Slack messages, as you or as your workspace's bot.",
  category: "messaging",
  accessLevel: "user_specific",
  service: "slack",
  authService: "slack",
  providers: [{ id: "slack", name: "Slack" }],
  examples: ["Tell #general that lunch is at one", "What is new in #support?", "Write to @ada: the build is green"],
  actions: [
    defineAction({
      id: "send",
      description: "Send a message to a channel or a person",
      effect: "write",
      hears: hearsSend,
      scopes: ["chat:write"],
      input: Type.Object({ to: Place("Where to"), text: Text, thread_ts: Type.Optional(Ts) }, strict),
      output: Type.Object({
        channel_id: Type.String(),
        ts: Type.String({ description: "The message's id in its channel" }),
        permalink: Type.Optional(Type.String()),
      }),
      confirmation: {
        fields: ["action", "to", "text", "thread_ts"],
        prompt: ({ to, text, thread_ts }, say) =>
          `Send ${say.quote(text)} to ${say.list(to)} on Slack${thread_ts === undefined ? "" : ", in a thread"}?`,
      },
      async run(input, context) {
        const { sendMessage } = await import("./send.ts");
        return sendMessage(input, context);
      },
    }),
    defineAction({
      id: "read",
      description: "Read the newest messages of a channel, a person or a thread",
      effect: "read",
      hears: hearsRead,
      input: Type.Object(
        { channel: Place("What to read"), limit: limit(100, 20), thread_ts: Type.Optional(Ts), page: Page },
        strict,
      ),
      output: Type.Object({
        channel_id: Type.String(),
        channel: Type.String({ description: "As it was asked for" }),
        messages: Type.Array(MessageSchema, { description: "Oldest first" }),
        next_page: Type.Optional(Type.String({ description: "Older ones; of a thread, later ones" })),
      }),
      async run({ limit: most = 20, ...input }, context) {
        const { readMessages } = await import("./read.ts");
        return readMessages({ ...input, limit: most }, context);
      },
    }),
    defineAction({
      id: "list_channels",
      description: "List the channels that the account sees",
      effect: "read",
      hears: hearsChannels,
      scopes: ["channels:read"],
      input: Type.Object({ limit: limit(1_000, 200) }, strict),
      output: Type.Object({
        channels: Type.Array(
          Type.Object({
            id: Type.String(),
            name: Type.String(),
            is_private: Type.Boolean(),
            is_member: Type.Boolean(),
            members: Type.Optional(Type.Integer()),
            topic: Type.Optional(Type.String()),
            purpose: Type.Optional(Type.String()),
          }),
        ),
        total: Type.Integer(),
      }),
      async run({ limit: most = 200 }, context) {
        const { showChannels } = await import("./read.ts");
        return showChannels(most, context);
      },
    }),
    defineAction({
      id: "search",
      description: "Search the messages of the workspace; takes an account of your own, no bot",
      effect: "read",
      hears: hearsSearch,
      scopes: ["search:read"],
      input: Type.Object(
        {
          query: Type.String({
            minLength: 1,
            maxLength: 500,
            description: "Words, also Slack's own: from:@ada in:#general",
          }),
          limit: limit(100, 20),
          page: Type.Optional(
            Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "next_page of the page before" }),
          ),
        },
        strict,
      ),
      output: Type.Object({
        query: Type.String(),
        messages: Type.Array(MessageSchema, { description: "Newest first" }),
        total: Type.Integer(),
        next_page: Type.Optional(Type.String()),
      }),
      async run({ limit: most = 20, ...input }, context) {
        const { searchMessages } = await import("./read.ts");
        return searchMessages({ ...input, limit: most }, context);
      },
    }),
  ],
});
