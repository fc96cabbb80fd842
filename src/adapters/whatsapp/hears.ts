import type { Hearing } from "../../core/hearing.ts";

export const hearsSend: Hearing = {
  says: [
    "send|write|tell|message|text|reply|answer|let|drop|ask|inform whatsapp",
    "send|write|tell|message|text|reply|answer|let|drop|ask|inform +",
    "send|use template",
    "whatsapp + that|saying|:",
    "?whatsapp",
  ],
  slots: {
    text: {
      as: "text",
      rest: true,
      after: [
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
      ],
      behind: "to",
    },
    to: { as: "handle" },
    template: { as: "text", after: ["the template", "template"], before: ["template"], until: ["to", "in"] },
  },
};

export const hearsRead: Hearing = {
  says: [
    "what|read|show|check|any|see|did|has|have|who whatsapp write|wrote|written|send|sent|messages|message|say|said|new|have|on|replied|answered",
    "what|did|has|have|who + write|wrote|written|send|sent|say|said|reply|replied|answer|answered",
    "read|show|check|see|open|list|any|new|unread|latest whatsapp",
    "read|show|check|see|open|list|any|new|latest messages from|with +",
  ],
  slots: {
    limit: { as: "count", after: ["last", "latest", "newest"], units: ["messages"] },
    with: { as: "handle" },
  },
};
