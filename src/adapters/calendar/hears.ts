import type { Hearing, Slot } from "../../core/hearing.ts";

const guests: Slot = { as: "people" };
const stretch = { start_date: { as: "moment" }, end_date: { as: "end" } } as const;
const id: Slot = { as: "id" };

export const hearsEvents: Hearing = {
  says: [
    "what|show|list|read|check|tell|see|whats|what's|how|give|look|when|which calendar|calender|agenda|schedule|diary|appointments|appointment|meetings|meeting|events|event|my_day|the_day|your_day",
    "do_i_have|have_i_got|i_have|is_there|are_there|any|got appointments|appointment|meetings|meeting|events|event|anything_on|planned|plans|scheduled",
    "what|anything have_on|on_today|on_tomorrow|planned|i_have_today|i_have_tomorrow|do_i_have|coming_up|happening",
    "what|what's happening|planned|doing today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week",
    "anything|something|nothing on|planned|happening|doing|up today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week",
    "am_i|i'm|are_we doing today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week",
    "my|the|your day|week|morning|afternoon|evening|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend look_like|looking|looks_like|packed",
    "when|where|what_time next|my|the appointment|meeting|event|call",
    "?calendar|agenda|schedule|diary|appointments|meetings",
  ],
  slots: {
    ...stretch,
    max_results: { as: "count", after: ["next", "first"], units: ["events", "appointments", "meetings"] },
    query: { as: "text", after: ["with", "about", "called", "named"], before: ["appointment", "meeting", "lesson"] },
  },
};

export const hearsCreate: Hearing = {
  says: [
    "put|add|enter|write|stick|pop|pencil|insert|save|jot calendar|calender|diary|agenda|schedule",
    "put|add|schedule|create|set_up|make|plan|arrange|organise|organize|book|fix|block|new|pencil_in appointment|meeting|event|call|lunch|dinner|coffee|interview|sync|standup|catch-up|catchup|birthday|session|workshop|reminder",
    "block|block_out|block_off|keep|reserve time|morning|afternoon|evening|hour|hours|minutes|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|slot",
    "schedule|pencil_in|calendar_event|new_event|new_appointment",
    "?schedule|arrange|remind_me",
  ],
  slots: {
    start_date: { as: "moment", exact: true },
    end_date: { as: "end", exact: true },
    duration_minutes: { as: "minutes", after: ["for", "lasting"] },
    attendees: guests,
    recurrence: {
      as: "choice",
      words: {
        daily: ["every day"],
        weekdays: ["every weekday"],
        weekly: ["every week"],
        monthly: ["every month"],
        yearly: ["every year"],
      },
    },
    event_title: {
      as: "text",
      after: [
        "event called",
        "appointment called",
        "meeting called",
        "new appointment",
        "new event",
        "new meeting",
        "calendar event",
        "called",
        "named",
        "titled",
        "entitled",
        "with the title",
        "put in",
        "put",
        "pencil in",
        "pencil",
        "add",
        "enter",
        "write",
        "stick",
        "pop",
        "jot",
        "schedule in",
        "schedule",
        "create",
        "set up",
        "plan",
        "arrange",
        "organise",
        "organize",
        "book",
        "fix",
        "make",
        "new event",
        "remind me to",
        "for",
        "block out",
        "block",
      ],
      until: [
        "in my calendar",
        "into my calendar",
        "to my calendar",
        "on my calendar",
        "in the calendar",
        "into the calendar",
        "to the calendar",
        "on the calendar",
        "in my diary",
        "into my diary",
        "to my diary",
        "in the diary",
        "in my calender",
        "to my calender",
        "to my schedule",
        "on my schedule",
        "in my schedule",
        "in my agenda",
        "to my agenda",
        "calendar",
        "lasting",
        "at",
        "for",
      ],
      unknown: [
        "event",
        "calendar event",
        "new event",
        "an event",
        "entry",
        "time",
        "it",
        "some time",
        "appointment in",
        "me",
      ],
    },
    location: { as: "text", after: ["at"], until: ["for"] },
  },
};

export const hearsUpdate: Hearing = {
  says: [
    "move|reschedule|postpone|shift|push|change|delay|bring_forward|rename|update|push_back appointment|meeting|event|call|lunch|dinner|interview|dentist|calendar|session|sync|standup|class|coffee|workshop",
    "reschedule|postpone|push_back|bring_forward",
    "move|push|shift|bring o'clock",
    "?move|change|shift to",
  ],
  slots: {
    event_id: id,
    start_date: { as: "moment", last: true },
    event_title: { as: "text", after: ["rename it to", "call it"] },
  },
};

export const hearsDelete: Hearing = {
  says: [
    "delete|cancel|remove|scrap|drop|call_off|get_rid_of|clear appointment|meeting|event|call|interview|session|class|sync|standup|workshop|dentist",
    "delete|cancel|remove|take_off calendar|calender|diary|agenda|appointment|meeting|event|my|the calendar|calender|diary|agenda",
    "?cancel|delete",
  ],
  slots: { event_id: id },
  timeless: true,
};

export const hearsFreeBusy: Hearing = {
  says: [
    "free|busy|available|availability am|is|are|when|have|time|slot|slots|check|find|who|if|do|show|i'm",
    "have_time|have_any_time|got_time|got_any_time|some_time|enough_time|have_a_moment|have_room",
    "when|find|have time_for|free_time|free_slot|gap|gaps|spare_time",
    "?free|busy|available|availability",
  ],
  slots: {
    ...stretch,
    attendees: { as: "people", after: ["when are", "when is", "are", "is", "with", "me and"], all: true },
  },
};
