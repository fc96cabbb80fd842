import { notUnderstood, recordIn, textIn } from "../../core/answer.ts";
import { authRequired } from "../../core/auth-required.ts";
import { AppError, type ErrorCode } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";

const service = "slack";
const list = "Run: mcqueen run slack_personal list_channels";

/** What Slack says with a word, as a code, a sentence and what mends it. */
const known: Record<string, [code: ErrorCode, message: string, hint: string]> = {
  channel_not_found: [
    "not_found",
    "Slack knows no such channel for this account",
    `A private one must have been joined. ${list}`,
  ],
  not_in_channel: [
    "not_found",
    "This account is not in that channel",
    "Join it, or invite the app there: /invite @<app>",
  ],
  is_archived: ["conflict", "That channel is archived", list],
  user_not_found: ["not_found", "Slack knows no such person", "Check the spelling, or take the person's mail address."],
  users_not_found: ["not_found", "Slack knows no person with that mail address", "Try the person's name: @name"],
  user_disabled: ["not_found", "That person's account is deactivated", "Take another address."],
  cannot_dm_bot: ["not_found", "A bot cannot be written to like that", "Write in a channel where it is."],
  thread_not_found: ["not_found", "There is no such thread in that channel", "Take thread_ts from a message of read."],
  message_not_found: ["not_found", "There is no such message in that channel", "Take ts from a message of read."],
  msg_too_long: ["invalid_parameters", "Parameter text is longer than Slack takes", "Send it in parts."],
  no_text: ["invalid_parameters", "Parameter text must not be empty", "Say something."],
  invalid_cursor: [
    "invalid_parameters",
    "Parameter page is none that Slack gave, or has expired",
    "Begin without page.",
  ],
  restricted_action: [
    "forbidden",
    "The workspace does not let this account write there",
    "Ask an admin of the workspace.",
  ],
  ekm_access_denied: ["forbidden", "The workspace's admins have shut this off", "Ask an admin of the workspace."],
};

const tokenWords = ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"];

/** Whether it is the token that Slack does not take, so that another one may help. */
export const isTokenRefusal = ({ metadata }: AppError): boolean => tokenWords.includes(String(metadata.slack_error));

/**
 * Reads a refusal, which comes with status 200 and `ok: false`. Undefined for an answer that is none.
 * @param isInstallation whether the token is the installation's, which no login renews
 */
export function refusedBySlack(json: unknown, headers: Headers, isInstallation: boolean): AppError | undefined {
  if (!isRecord(json) || typeof json.ok !== "boolean") return notUnderstood("Slack");
  if (json.ok) return undefined;
  const word = printable(textIn(json, "error") ?? "unknown_error");
  const metadata = { provider: "Slack", slack_error: word };
  if (word === "missing_scope" || word === "not_allowed_token_type") return lacking(json, word, isInstallation);
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
  const found = known[word];
  if (found) return new AppError(found[0], found[1], { hint: found[2], metadata });
  const details = recordIn(json, "response_metadata")?.messages;
  const more = Array.isArray(details) ? `: ${printable(details.map(String).join("; "))}` : "";
  return new AppError("upstream_rejected", `Slack refuses: ${word}${more}`, {
    hint: "Slack's documentation of the method explains the word.",
    metadata,
  });
}

/** A token that may not do this: with which scope it could, and how to get one. */
function lacking(json: Record<string, unknown>, word: string, isInstallation: boolean): AppError {
  const needed = word === "missing_scope" ? (textIn(json, "needed") ?? "").split(/[ ,]+/).filter(Boolean) : [];
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
