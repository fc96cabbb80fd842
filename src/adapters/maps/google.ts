import { recordIn, textIn } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";

/** Google's refusals are read by us; 429 and its own trouble by the client. */
export const acceptGoogle = (status: number): boolean => status >= 400 && status < 500 && status !== 429;

/** A refusal in Google's own words. Some of its services wrap it in a list. */
export function refusedByGoogle(provider: string, status: number, json: unknown): AppError | undefined {
  if (status < 400) return undefined;
  const error = recordIn(Array.isArray(json) ? json[0] : json, "error");
  const [message, state] = [textIn(error, "message"), textIn(error, "status")];
  const isKey = status === 401 || status === 403 || /API key/i.test(message ?? "");
  return new AppError(
    "upstream_rejected",
    isKey
      ? `${provider} refused the key${message ? `: ${printable(message)}` : ""}`
      : `${provider} answered ${status}${message ? `: ${printable(message)}` : ""}`,
    {
      hint: isKey
        ? "Check GOOGLE_MAPS_API_KEY, and that this API is switched on for it: mcqueen settings"
        : "Try again later.",
      metadata: { provider, upstream_status: status, ...(state ? { upstream_code: printable(state) } : {}) },
    },
  );
}

/** What every request to Google bears. The field mask decides what it costs and what comes back. */
export const googleHeaders = (key: string | undefined, fields: readonly string[]): Record<string, string> => ({
  "x-goog-api-key": key ?? "",
  "x-goog-fieldmask": fields.join(","),
});
