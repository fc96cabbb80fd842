import type { ErrorCode } from "../../core/errors.ts";

/** How to write to somebody whose window is closed; said before sending, and when Meta says it after. */
export const templateWay =
  "Outside it, only a template that Meta has approved may be sent: --template <name> --language en_US. Templates are made at\nhttps://business.facebook.com/wa/manage/message-templates";

const lookUp = "Templates are listed at https://business.facebook.com/wa/manage/message-templates";

/** By Meta's error codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/ */
export const refusalCodes: Readonly<Record<number, [code: ErrorCode, message: string, hint: string]>> = {
  131047: ["conflict", "More than 24 hours have passed since this person wrote last", templateWay],
  131026: ["not_found", "WhatsApp cannot deliver to this number", "Check that the person uses WhatsApp."],
  131030: [
    "forbidden",
    "A test number writes only to numbers on its list",
    "Add the person's number at Meta's console under WhatsApp, API Setup, To.",
  ],
  132000: [
    "invalid_parameters",
    "Parameter variables does not fit the template: another number of them is needed",
    lookUp,
  ],
  132001: [
    "not_found",
    "There is no such template in that language",
    `Check its name and language, and that it is approved. ${lookUp}`,
  ],
  132012: ["invalid_parameters", "Parameter variables does not fit the template's form", lookUp],
  132015: ["conflict", "This template is paused", `Take another one. ${lookUp}`],
  132016: ["conflict", "This template is switched off", `Take another one. ${lookUp}`],
  131049: [
    "rate_limited",
    "Meta holds this message back, so that people are not written to too often",
    "Try again tomorrow.",
  ],
  131056: ["rate_limited", "Too many messages to this person in a short time", "Try again in a minute."],
  130429: ["rate_limited", "Too many messages in a short time", "Try again in a minute."],
  131048: [
    "rate_limited",
    "Meta has limited this number, since people have reported its messages",
    "See the number's quality at Meta's console.",
  ],
  80007: ["rate_limited", "The account's limit of messages is reached", "Try again later."],
  368: [
    "forbidden",
    "Meta has blocked this account for breaking its rules",
    "See the account at business.facebook.com.",
  ],
  131031: ["forbidden", "Meta has locked this account", "See the account at business.facebook.com."],
  4: ["rate_limited", "The app asks Meta too often", "Try again in an hour."],
  130472: [
    "conflict",
    "Meta leaves this person out of marketing messages for an experiment, so it was not delivered",
    "Wait until the person writes, or take a template that is no marketing.",
  ],
  131021: ["invalid_parameters", "Parameter to is the very number that is sent from", "Take another number."],
  131042: [
    "forbidden",
    "Meta sends nothing for this account until its payment is settled",
    "See Billing at business.facebook.com.",
  ],
  132005: ["invalid_parameters", "The template is too long with these variables", "Take shorter variables."],
  132007: ["forbidden", "The template breaks a rule of WhatsApp's", `Take another one. ${lookUp}`],
  133010: [
    "not_configured",
    "The number that is sent from is not registered with the Cloud API",
    "Register it at Meta's console under WhatsApp, API Setup.",
  ],
};
