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
    text: { as: "text", rest: true, after: saying, behind: "to" },
    to: { as: "handle" },
  },
};

export const hearsRead: Hearing = {
  says: [
    "what|read|show|check|anything|see|any|latest|last|happening|messages|news|going_on|posted|written|said|says #|slack",
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
    "search|find|look slack",
    "search|find|look slack for|about|messages|mentioning|containing",
    "who|what|where|when slack said|wrote|mentioned|talked_about",
  ],
  slots: {
    query: {
      as: "text",
      rest: true,
      after: [
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
