import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false };
const optional = Type.Optional;

const moment = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const eventId = Type.String({
  minLength: 1,
  maxLength: 1_100,
  pattern: "^[^\\s/?#]+$",
  description: "The event, as get_events gives it; of a repeated one the occurrence",
});

const where = {
  calendar_id: optional(
    Type.String({ minLength: 1, maxLength: 254, description: "A calendar's id or mail address; default: your own" }),
  ),
  time_zone: optional(
    Type.String({
      format: "time-zone",
      description: "IANA zone of the times; default: your profile's, else this computer's",
    }),
  ),
};

const range = {
  start_date: optional(moment('From when: a date, a time or words such as "tomorrow" or "next week"; default: now')),
  end_date: optional(moment("Until when, a day included; default: a week after the start")),
};

const SendUpdates = Type.Union([Type.Literal("all"), Type.Literal("none")], {
  description: "Whether guests are told by mail; default: all when there are guests",
});

const Scope = Type.Union([Type.Literal("one"), Type.Literal("all")], {
  description: "Of a repeated event: this occurrence or the whole series",
  default: "one",
});

const details = {
  location: optional(Type.String({ maxLength: 1_000, description: "Where" })),
  description: optional(Type.String({ maxLength: 8_000, description: "Notes on the event" })),
  attendees: optional(
    Type.Array(Type.String({ format: "email", maxLength: 254 }), {
      maxItems: 100,
      description: "Mail addresses of the guests",
    }),
  ),
  reminders: optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 40_320 }), {
      maxItems: 5,
      description: "Minutes before the start; default: the calendar's own reminders",
    }),
  ),
  recurrence: optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: "daily, weekdays, weekly, monthly, yearly, or an RRULE such as FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10",
    }),
  ),
  all_day: optional(Type.Boolean({ description: "Whole days; a start_date without a time means this anyway" })),
  duration_minutes: optional(
    Type.Integer({ minimum: 1, maximum: 40_320, description: "Length, instead of end_date; default: 60" }),
  ),
  send_updates: optional(SendUpdates),
};

const title = Type.String({ minLength: 1, maxLength: 1_000, description: "What the event is called" });

export const GetEvents = Type.Object(
  {
    ...range,
    query: optional(
      Type.String({ minLength: 1, maxLength: 200, description: "Words in title, notes, place or guests" }),
    ),
    event_id: optional({ ...eventId, description: "Shows this one event with all its details" }),
    ...where,
    max_results: optional(Type.Integer({ minimum: 1, maximum: 250, default: 50, description: "How many a page" })),
    page_token: optional(
      Type.String({ minLength: 1, maxLength: 1_000, description: "next_page of the answer before" }),
    ),
  },
  strict,
);

export const CreateEvent = Type.Object(
  {
    event_title: title,
    start_date: moment('When it begins: 2026-12-03T15:00, "tomorrow 15:00"; a day alone makes an all-day event'),
    end_date: optional(moment("When it ends; of an all-day event the last day")),
    ...details,
    ...where,
    on_conflict: optional(
      Type.Union([Type.Literal("warn"), Type.Literal("refuse")], {
        description: "What to do when the time is taken: create it and tell, or leave it",
        default: "warn",
      }),
    ),
  },
  strict,
);

export const UpdateEvent = Type.Object(
  {
    event_id: eventId,
    event_title: optional(title),
    start_date: optional(moment("New beginning; a time alone keeps the day, a day alone keeps the time")),
    end_date: optional(moment("New end; without it the event keeps its length")),
    ...details,
    duration_minutes: optional(
      Type.Integer({ minimum: 1, maximum: 40_320, description: "New length, instead of end_date" }),
    ),
    ...where,
    scope: optional(Scope),
  },
  strict,
);

export const DeleteEvent = Type.Object(
  { event_id: eventId, calendar_id: where.calendar_id, scope: optional(Scope), send_updates: optional(SendUpdates) },
  strict,
);

export const FreeBusyInput = Type.Object(
  {
    ...range,
    calendars: optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 254 }), {
        maxItems: 50,
        description: "Ids of calendars; default: your own",
      }),
    ),
    attendees: optional(
      Type.Array(Type.String({ format: "email", maxLength: 254 }), {
        maxItems: 50,
        description: "Mail addresses of people",
      }),
    ),
    time_zone: where.time_zone,
  },
  strict,
);

export type GetEvents = Static<typeof GetEvents>;
export type CreateEvent = Static<typeof CreateEvent>;
export type UpdateEvent = Static<typeof UpdateEvent>;
export type DeleteEvent = Static<typeof DeleteEvent>;
export type FreeBusyInput = Static<typeof FreeBusyInput>;

/** The fields of update_event that change something, in the order in which they are confirmed. */
export const changeable = [
  "event_title",
  "start_date",
  "end_date",
  "duration_minutes",
  "all_day",
  "time_zone",
  "location",
  "description",
  "attendees",
  "reminders",
  "recurrence",
] as const satisfies readonly (keyof UpdateEvent)[];
