import { Type } from "@sinclair/typebox";
import { defineAction } from "../../core/tool.ts";
import { hearsSearch } from "./hears.ts";
import { readScope } from "./scopes.ts";

const FoundMessage = Type.Object({
  id: Type.String(),
  thread_id: Type.String(),
  from: Type.Optional(Type.String()),
  to: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  date: Type.Optional(Type.String({ description: "When Gmail got it, ISO 8601" })),
  snippet: Type.String(),
  labels: Type.Array(Type.String()),
  unread: Type.Boolean(),
  has_attachments: Type.Boolean(),
});
export type FoundMessage = typeof FoundMessage.static;

export const searchAction = defineAction({
  id: "search",
  description: "Search the mailbox, newest first; without a query, all mail",
  effect: "read",
  hears: hearsSearch,
  scopes: [readScope],
  input: Type.Object(
    {
      query: Type.Optional(
        Type.String({
          maxLength: 2_000,
          format: "line-of-text",
          description: "In Gmail's language, such as: from:grace is:unread newer_than:7d has:attachment",
        }),
      ),
      label: Type.Optional(Type.String({ minLength: 1, maxLength: 225, description: "Name or id of a label" })),
      max_results: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 100, default: 20, description: "How many at most" }),
      ),
      page_token: Type.Optional(
        Type.String({ minLength: 1, maxLength: 500, description: "next_page of the search before" }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ messages: Type.Array(FoundMessage), next_page: Type.Optional(Type.String()) }),
  async run(input, context) {
    const { searchMail } = await import("./searching.ts");
    return searchMail(input, context);
  },
});
