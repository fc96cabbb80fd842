import { numberIn, recordIn, textIn } from "../../core/answer.ts";
import { authRequired } from "../../core/auth-required.ts";
import { AppError, type ErrorCode } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";

const service = "whatsapp";

/** How to write to somebody whose window is closed; said before sending, and when Meta says it after. */
export const templateWay =
  "Outside it, only a template that Meta has approved may be sent: --template <name> --language en_US. Templates are made at\nhttps://business.facebook.com/wa/manage/message-templates";

/** By Meta's error codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/ */
const known: Record<number, [code: ErrorCode, message: string, hint: string]> = {
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
    "Look the template up.",
  ],
  132001: [
    "not_found",
    "There is no such template in that language",
    "Check name and language at Meta's console, and that it is approved.",
  ],
  132012: ["invalid_parameters", "Parameter variables does not fit the template's form", "Look the template up."],
  132015: ["conflict", "This template is paused", "Take another template."],
  132016: ["conflict", "This template is switched off", "Take another template."],
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
};

/** Whether it is the token that Meta does not take. */
export const isTokenRefusal = ({ metadata }: AppError): boolean => metadata.whatsapp_code === 190;

/** A refusal in our codes, with Meta's own words. */
export function refusedByWhatsapp(status: number, json: unknown): AppError {
  const error = recordIn(json, "error");
  const code = numberIn(error, "code");
  const metadata = {
    provider: "WhatsApp",
    upstream_status: status,
    ...(code === undefined ? {} : { whatsapp_code: code }),
  };
  const said = printableLong(
    textIn(recordIn(error, "error_data"), "details") ?? textIn(error, "message") ?? `status ${status}`,
  );
  const isPermission = code === 10 || code === 3 || (code !== undefined && code >= 200 && code < 300);
  if (code === 190 || code === 0 || isPermission || status === 401) {
    const refused = isPermission
      ? authRequired({
          service,
          reason: "missing_scopes",
          missingScopes: ["whatsapp_business_messaging"],
          command: tokenWay,
        })
      : authRequired({ service, reason: "ended", causes: [`Meta says: ${said}`], command: tokenWay });
    return new AppError("auth_required", refused.message, {
      ...(refused.hint ? { hint: refused.hint } : {}),
      metadata: { ...refused.metadata, ...metadata },
    });
  }
  const found = code === undefined ? undefined : known[code];
  if (found) return new AppError(found[0], found[1], { hint: found[2], metadata });
  return new AppError("upstream_rejected", `WhatsApp refuses: ${said}`, {
    hint: "Meta's list of error codes explains it: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    metadata,
  });
}

const tokenWay = "mcqueen login whatsapp --token";

/** Why a message failed, as a status report tells it. */
export function failureOf(error: unknown): string {
  const code = numberIn(error, "code");
  const found = code === undefined ? undefined : known[code];
  const said = textIn(recordIn(error, "error_data"), "details") ?? textIn(error, "title") ?? textIn(error, "message");
  return found?.[1] ?? printableLong(said ?? `error ${code ?? "unknown"}`);
}

const printableLong = (text: string): string => (text.match(/.{1,80}/gsu) ?? []).slice(0, 4).map(printable).join("");
