import { AppError, invalidParameters } from "../../core/errors.ts";
import { isSame } from "../../core/secret.ts";
import type { Webhook } from "../../core/webhook.ts";

/** Meta's webhook: https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export const whatsappWebhook: Webhook = {
  id: "whatsapp",
  needs: ["WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"],
  async greet(query, { WHATSAPP_VERIFY_TOKEN: word = "" }) {
    if (query.get("hub.mode") !== "subscribe")
      throw invalidParameters(["Parameter hub.mode must be one of: subscribe"]);
    if (!isSame(query.get("hub.verify_token") ?? "", word)) {
      throw new AppError("forbidden", "The verify token is not the one of WHATSAPP_VERIFY_TOKEN");
    }
    const challenge = query.get("hub.challenge") ?? "";
    if (/^[\w.-]{1,200}$/.test(challenge)) return challenge;
    throw invalidParameters(["Missing required parameter: hub.challenge"]);
  },
  async isGenuine(bytes, headers, { WHATSAPP_APP_SECRET: secret }) {
    const given = /^sha256=([0-9a-f]{64})$/.exec(headers.get("x-hub-signature-256") ?? "")?.[1];
    if (!given || !secret) return false;
    return isSame(given, new Bun.CryptoHasher("sha256", secret).update(bytes).digest("hex"));
  },
  async read(json, now) {
    const { readDelivery } = await import("./deliveries.ts");
    return readDelivery(json, now);
  },
};
