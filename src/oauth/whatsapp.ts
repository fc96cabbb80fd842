import { recordIn, textIn, under } from "../core/answer.ts";
import { AppError } from "../core/errors.ts";
import type { Asking, ConfirmedToken, OAuthProvider } from "../core/oauth-provider.ts";
import { printable } from "../core/parameters.ts";

/** WhatsApp's Cloud API knows no login of persons: a business number is used by a token made at Meta's console. */
export const whatsapp: OAuthProvider = {
  id: "whatsapp",
  name: "WhatsApp",
  services: [{ id: "whatsapp", name: "WhatsApp", scopes: ["whatsapp_business_messaging"] }],
  endpoints: {},
  modes: { token: ["token"] },
  pkce: false,
  parameters: {},
  identityScopes: [],
  sameScopes: {},
  widerScopes: {},
  rotates: false,
  endings: [
    "a token of the page API Setup lasts 24 hours; one of a system user lasts until it is taken back",
    "the app or the system user was removed at business.facebook.com",
  ],
  manageUrl: "https://business.facebook.com/settings/system-users",
  installation: { setting: "WHATSAPP_API_TOKEN", subject: "WHATSAPP_PHONE_NUMBER_ID" },
  setup: () => [
    "You need an app and a business number at Meta, once:",
    "1. Open https://developers.facebook.com/apps, make an app of the type Business and add the product WhatsApp.",
    "2. Under WhatsApp, API Setup, copy the Phone number ID: mcqueen settings set WHATSAPP_PHONE_NUMBER_ID <id>",
    "3. At https://business.facebook.com/settings/system-users make a system user, give it the app and the number, and",
    "   make a token that never ends with whatsapp_business_messaging (the one of API Setup lasts 24 hours).",
  ],
  confirmToken,
};

/** The token opens this number, or it is not linked: whose messages somebody sees rests on it. */
async function confirmToken(token: string, { http, setting }: Asking): Promise<ConfirmedToken> {
  const number = await setting("WHATSAPP_PHONE_NUMBER_ID");
  if (!number) {
    throw new AppError("not_configured", "WhatsApp needs to know the number that is sent from", {
      hint: [...whatsapp.setup(undefined), "Run: mcqueen settings set WHATSAPP_PHONE_NUMBER_ID <id>"].join("\n"),
      metadata: { provider: "whatsapp", settings: ["WHATSAPP_PHONE_NUMBER_ID"] },
    });
  }
  const base = (await setting("WHATSAPP_BASE_URL")) ?? "https://graph.facebook.com";
  const { status, json } = await http.json({
    provider: "WhatsApp",
    url: under(base, `/${(await setting("WHATSAPP_API_VERSION")) ?? "v24.0"}/${encodeURIComponent(number)}`),
    query: { fields: "id,display_phone_number,verified_name" },
    headers: { authorization: `Bearer ${token}` },
    accept: (code) => code === 400 || code === 401 || code === 403 || code === 404,
  });
  if (status >= 300 || textIn(json, "id") !== number) {
    const said = textIn(recordIn(json, "error"), "message") ?? "its answer is not understood";
    throw new AppError(
      "invalid_parameters",
      `WhatsApp does not take this token for the number ${printable(number)}: ${printable(said)}`,
      { hint: "Check the token and WHATSAPP_PHONE_NUMBER_ID: mcqueen settings" },
    );
  }
  const label = textIn(json, "display_phone_number")?.replace(/[^+\d]/g, "");
  return { identity: { subject: number, ...(label ? { label } : {}) } };
}
