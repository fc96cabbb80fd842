import { defineAdapter } from "../../core/adapter.ts";
import { emailPersonal } from "./email-personal.ts";

export const gmail = defineAdapter({
  service: "gmail",
  name: "Gmail",
  config: ["GMAIL_BASE_URL"],
  tools: [emailPersonal],
});
