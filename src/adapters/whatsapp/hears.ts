import type { Hearing } from "../../core/hearing.ts";

export const hearsSend: Hearing = {
  says: [
    "send|write|tell|message|text|reply|answer whatsapp",
    "send|write|tell|message|text|reply|answer +",
    "send template",
    "?whatsapp",
  ],
  slots: {
    text: {
      as: "text",
      rest: true,
      after: ["saying that", "saying", "that says", "and say that", "and say", ":", "that"],
    },
    to: { as: "handle" },
    template: { as: "text", after: ["the template", "template"], until: ["to", "in"] },
  },
};

export const hearsRead: Hearing = {
  says: [
    "what|read|show|check|any|see|did|who whatsapp write|wrote|written|send|sent|messages|message|say|said|new|have|on",
    "read|show|check|see|open whatsapp",
  ],
  slots: {
    limit: { as: "count", after: ["last", "latest"], units: ["messages"] },
    with: { as: "handle" },
  },
};
