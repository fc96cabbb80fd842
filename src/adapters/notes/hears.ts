import type { Hearing } from "../../core/hearing.ts";

export const hearsNotes: Hearing = {
  says: ["show|list|read|see|what|give|check|open|my notes", "?notes"],
  slots: { limit: { as: "count", after: ["last", "first", "latest"], units: ["notes"] } },
};

export const hearsAdd: Hearing = {
  says: [
    "make|take|add|write|create|leave|jot|save|new|put note",
    "note_that|note_to_self|note_down|jot_down|write_down|take_a_note|make_a_note",
    "remind_me|remember_to|reminder_to|don't_let_me_forget",
    "?note|remember|reminder",
  ],
  slots: {
    title: {
      as: "text",
      rest: true,
      after: [
        "note to self to",
        "note to self that",
        "note to self",
        "a note saying that",
        "a note saying",
        "a note that says",
        "a note called",
        "a note titled",
        "a note to",
        "note that",
        "a note that",
        "a note about",
        "a note of",
        "note down that",
        "note down",
        "jot down that",
        "jot down",
        "write down that",
        "write down",
        "note",
        "remind me that",
        "remember that",
        "remember to",
        "reminder to",
        "remind me about",
        "remind me of",
        "remind me to",
        "remind me",
        "saying",
        "forget",
      ],
    },
    remind_at: { as: "instant" },
  },
};

export const hearsRemove: Hearing = {
  says: ["remove|delete|discard|throw_away|erase|scrap note|notes"],
  slots: { note_id: { as: "id" } },
};
