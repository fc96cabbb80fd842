import { defineAdapter } from "../../core/adapter.ts";
import { slackPersonal } from "./slack-personal.ts";

export const slack = defineAdapter({
  service: "slack",
  name: "Slack",
  config: ["SLACK_BASE_URL"],
  tools: [slackPersonal],
});
