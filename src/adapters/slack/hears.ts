import type { Hearing } from "../../core/hearing.ts";

const saying = [
  "saying that",
  "saying",
  "that says",
  "and say that",
  "and say",
  "with the text",
  "know that",
  "know",
  ":",
  "that",
];

export const hearsSend: Hearing = {
  says: [
    "send|write|post|tell|message|say|let|put|ping|dm|drop|reply|answer|ask|inform|notify slack|#|@",
    "send|write|post|tell|message|say|let|put|ping|drop|inform|notify channel that|saying|know|:|on|in|to",
    "slack # that|saying|:",
    "slack @ that|saying|:",
    "?slack",
  ],
  slots: {
    text: {
      as: "text",
      rest: true,
      after: saying,
      until: ["on slack", "in slack", "in #", "to #", "on #", "to @"],
      behind: "to",
    },
    to: { as: "handle" },
  },
};

export const hearsRead: Hearing = {
  says: [
    "what|read|show|check|anything|see|any|latest|last|happening|messages|news|going_on|posted|written|said #|slack",
    "what's|what|read|show|check|any|see|messages|open #|channel",
    "did|has|have @ write|wrote|written|post|posted|say|said|send|sent|answer|answered|reply|replied|message|messaged",
    "catch|bring|fill me up|in #|channel|slack",
    "unread|new|latest|last messages slack|#|channel",
  ],
  slots: {
    limit: { as: "count", after: ["last", "latest", "newest"], units: ["messages"] },
    channel: { as: "handle" },
  },
};

export const hearsChannels: Hearing = {
  says: ["what|which|list|show|my|see|name channels|channel slack|are|have|in|list|show|can", "list|show channels"],
};

export const hearsSearch: Hearing = {
  says: [
    "search_slack|search_my_slack",
    "search_slack|search_my_slack for|about|messages|from",
    "search|find|look|show in_slack|on_slack|through_slack|slack_messages|slack_message|slack_for",
    "who|what|where|when slack said|wrote|mentioned|talked_about",
  ],
  slots: {
    query: {
      as: "text",
      rest: true,
      asks: true,
      until: ["on slack", "in slack", "from slack"],
      after: [
        "slack for messages about",
        "search slack for",
        "slack for",
        "find in slack",
        "on slack for",
        "in slack for",
        "messages about",
        "messages mentioning",
        "messages containing",
        "messages with",
        "slack about",
        "mentioning",
        "mentioned",
        "talked about",
        "for",
        "about",
      ],
    },
  },
};
