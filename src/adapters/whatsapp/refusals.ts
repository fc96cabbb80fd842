import { numberIn, recordIn, textIn } from "../../core/answer.ts";
import { authRequired } from "../../core/auth-required.ts";
import type { Withhold } from "../../core/conceal.ts";
import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import { refusalCodes } from "./refusal-codes.ts";

const service = "whatsapp";

/** Whether it is the token that Meta does not take. */
export const isTokenRefusal = ({ metadata }: AppError): boolean => metadata.whatsapp_code === 190;

/** A refusal in our codes, with Meta's own words. @param withhold for those that may repeat what was sent */
export function refusedByWhatsapp(status: number, json: unknown, withhold: Withhold = (said) => said): AppError {
  const error = recordIn(json, "error");
  const code = numberIn(error, "code");
  const metadata = {
    provider: "WhatsApp",
    upstream_status: status,
    ...(code === undefined ? {} : { whatsapp_code: code }),
  };
  const said = printableLong(
    withhold(textIn(recordIn(error, "error_data"), "details") ?? textIn(error, "message") ?? `status ${status}`),
  );
  const isPermission =
    code === 10 || code === 3 || code === 131005 || (code !== undefined && code >= 200 && code < 300);
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
  const found = code === undefined ? undefined : refusalCodes[code];
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
  const found = code === undefined ? undefined : refusalCodes[code];
  const said = textIn(recordIn(error, "error_data"), "details") ?? textIn(error, "title") ?? textIn(error, "message");
  return found?.[1] ?? printableLong(said ?? `error ${code ?? "unknown"}`);
}

const printableLong = (text: string): string => (text.match(/.{1,80}/gsu) ?? []).slice(0, 4).map(printable).join("");
