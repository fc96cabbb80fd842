import { notUnderstood, recordIn, textIn } from "../../core/answer.ts";
import { authRequired } from "../../core/auth-required.ts";
import type { Withhold } from "../../core/conceal.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import { refusalWords } from "./refusal-words.ts";

const service = "slack";

/** The token is none that Slack takes. */
export const tokenWords = ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"];

/** Whether it is the token that Slack does not take, so that another one may help. */
export const isTokenRefusal = ({ metadata }: AppError): boolean => tokenWords.includes(String(metadata.slack_error));

/**
 * Reads a refusal, which comes with status 200 and `ok: false`. Undefined for an answer that is none.
 * @param isInstallation whether the token is the installation's, which no login renews
 * @param withhold for words of Slack's that may repeat what was sent
 */
export function refusedBySlack(
  json: unknown,
  headers: Headers,
  isInstallation: boolean,
  withhold: Withhold = (said) => said,
): AppError | undefined {
  if (!isRecord(json) || typeof json.ok !== "boolean") return notUnderstood("Slack");
  if (json.ok) return undefined;
  const word = textIn(json, "error") ?? "unknown_error";
  const found = Object.hasOwn(refusalWords, word) ? refusalWords[word] : undefined;
  const shown = found ? word : printable(withhold(word));
  const metadata = { provider: "Slack", slack_error: shown };
  if (word === "missing_scope" || word === "not_allowed_token_type")
    return lacking(json, word, isInstallation, withhold);
  if (tokenWords.includes(word)) {
    const refused = authRequired({ service, reason: "ended", causes: [`Slack answers ${word}`] });
    return new AppError(refused.code, refused.message, {
      ...(refused.hint ? { hint: refused.hint } : {}),
      metadata: { ...refused.metadata, ...metadata },
    });
  }
  if (word === "ratelimited" || word === "rate_limited") {
    const given = Number(headers.get("retry-after"));
    const retryAfterS = Number.isInteger(given) && given > 0 ? given : 30;
    return new AppError("rate_limited", "Slack is asked too often", {
      hint: `Try again in ${retryAfterS} s.`,
      metadata,
      retryAfterS,
    });
  }
  if (found) return new AppError(found[0], found[1], { hint: found[2], metadata });
  const details = recordIn(json, "response_metadata")?.messages;
  const more = Array.isArray(details) ? `: ${printable(withhold(details.map(String).join("; ")))}` : "";
  return new AppError("upstream_rejected", `Slack refuses: ${shown}${more}`, {
    hint: "Slack's documentation of the method explains the word.",
    metadata,
  });
}

/** A token that may not do this: with which scope it could, and how to get one. */
function lacking(json: Record<string, unknown>, word: string, isInstallation: boolean, withhold: Withhold): AppError {
  const needed =
    word === "missing_scope"
      ? withhold(textIn(json, "needed") ?? "")
          .split(/[ ,]+/)
          .filter(Boolean)
      : [];
  const wants =
    word === "missing_scope"
      ? `The token lacks the scope ${needed.map(printable).join(", ")}`
      : "A bot's token cannot do this";
  const refused = authRequired({ service, reason: "missing_scopes", missingScopes: needed.map(printable) });
  const bot = isInstallation
    ? " Add it to the app under OAuth & Permissions, install the app again and set SLACK_BOT_TOKEN, or use an account of your own."
    : "";
  return new AppError("auth_required", refused.message, {
    hint: `${wants}.${word === "missing_scope" ? bot : " It takes an account of your own."}\nRun: mcqueen login slack`,
    metadata: { ...refused.metadata, provider: "Slack", slack_error: word },
  });
}
