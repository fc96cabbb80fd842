import type { ErrorCode } from "../../core/errors.ts";

const list = "Run: mcqueen run slack_personal list_channels";

/** What Slack says with a word, as a code, a sentence and what mends it. */
export const refusalWords: Readonly<Record<string, [code: ErrorCode, message: string, hint: string]>> = {
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
  restricted_action_read_only_channel: [
    "forbidden",
    "Only some members may write in that channel",
    "Ask an admin of the workspace.",
  ],
  restricted_action_thread_only_channel: [
    "forbidden",
    "That channel takes answers in threads only",
    "Take thread_ts from a message of read.",
  ],
  restricted_action_non_threadable_channel: [
    "forbidden",
    "That channel takes no answers in threads",
    "Leave thread_ts out.",
  ],
  access_denied: ["forbidden", "This account may not see that", "Ask an admin of the workspace."],
  messages_tab_disabled: ["forbidden", "That person or app takes no direct messages", "Write in a channel."],
  fatal_error: [
    "upstream_unavailable",
    "Slack has trouble of its own",
    "See https://slack-status.com and try again later.",
  ],
  internal_error: [
    "upstream_unavailable",
    "Slack has trouble of its own",
    "See https://slack-status.com and try again later.",
  ],
  service_unavailable: [
    "upstream_unavailable",
    "Slack is not available",
    "See https://slack-status.com and try again later.",
  ],
  request_timeout: ["upstream_unavailable", "Slack did not get all of the request", "Try again."],
};
