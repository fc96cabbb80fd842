import { defineAdapter } from "../../core/adapter.ts";
import { whatsappWebhook } from "./webhook.ts";
import { whatsappPersonal } from "./whatsapp-personal.ts";

export const whatsapp = defineAdapter({
  service: "whatsapp",
  name: "WhatsApp",
  config: ["WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_API_VERSION", "WHATSAPP_BASE_URL"],
  tools: [whatsappPersonal],
  webhooks: [whatsappWebhook],
});
