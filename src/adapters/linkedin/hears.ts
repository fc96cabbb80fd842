import type { Hearing } from "../../core/hearing.ts";

export const hearsProfile: Hearing = {
  says: ["who|show|what|my|see|open|check linkedin profile|am|name|account|headline", "?linkedin"],
};

export const hearsPost: Hearing = {
  says: [
    "post|publish|share|announce|write|say|tell|put|update linkedin",
    "post|publish|share|announce|write|say|tell|put linkedin that|saying|:|text",
  ],
  slots: {
    url: { as: "link" },
    visibility: {
      as: "choice",
      words: {
        PUBLIC: ["publicly", "to everyone", "everyone", "public"],
        CONNECTIONS: [
          "to my connections",
          "connections only",
          "my connections only",
          "for my connections",
          "linkedin connections",
          "my connections",
          "connections",
        ],
      },
    },
    text: {
      as: "text",
      rest: true,
      after: ["saying that", "saying", "with the text", "with the words", ":", "on linkedin that", "that"],
    },
  },
};
