import type { Hearing } from "../../core/hearing.ts";

export const hearsProfile: Hearing = {
  says: ["who|show|what|my|see|open linkedin profile|am|name", "?linkedin"],
};

export const hearsPost: Hearing = {
  says: ["post|publish|share|announce|write|say linkedin"],
  slots: {
    visibility: {
      as: "choice",
      words: { PUBLIC: ["publicly", "to everyone"], CONNECTIONS: ["to my connections", "connections only"] },
    },
    text: {
      as: "text",
      rest: true,
      after: ["saying that", "saying", ":", "on linkedin that", "to my connections that", "that"],
    },
  },
};
