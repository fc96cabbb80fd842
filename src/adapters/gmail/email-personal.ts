import { defineTool } from "../../core/tool.ts";
import { listLabelsAction } from "./list-labels.ts";
import { readAction } from "./read.ts";
import { searchAction } from "./search.ts";
import { sendAction } from "./send.ts";

export const emailPersonal = defineTool({
  id: "email_personal",
  name: "Email",
  description: "Send, search and read mail of your own account.",
  category: "email",
  accessLevel: "user_specific",
  service: "gmail",
  authService: "gmail",
  examples: [
    "Send an email to Ada about the meeting on Thursday",
    "Show my unread mail",
    "Find the invoice that Grace sent last week",
  ],
  actions: [sendAction, searchAction, readAction, listLabelsAction],
});
