import type { Hearing } from "../../core/hearing.ts";

const saying = ["saying that", "saying", "that says", "and say that", "and say", ":", "that"];

export const hearsSend: Hearing = {
  says: [
    "send|write|post|tell|message|say|let|put slack|#|@",
    "send|write|post|tell|message|say channel on|in|to slack",
    "?slack",
  ],
  slots: {
    text: { as: "text", rest: true, after: saying },
    to: { as: "handle" },
  },
};

export const hearsRead: Hearing = {
  says: [
    "what|read|show|check|anything|see|any new|latest|last|happening|messages|news|going_on|posted|written #|slack",
    "what's|what|read|show|check|any|see|messages #|channel",
  ],
  slots: {
    limit: { as: "count", after: ["last", "latest", "newest"], units: ["messages"] },
    channel: { as: "handle" },
  },
};

export const hearsChannels: Hearing = {
  says: ["what|which|list|show|my|see channels|channel slack|are|have|in|list|show", "list|show channels"],
};

export const hearsSearch: Hearing = {
  says: ["search|find|look slack", "who|what|where slack said|wrote|mentioned"],
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
        "mentioned",
      ],
    },
  },
};
