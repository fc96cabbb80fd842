import { type Static, Type } from "@sinclair/typebox";

const text = Type.Optional(Type.String());

const Attendee = Type.Object({
  email: Type.String(),
  name: text,
  response: Type.Optional(Type.String({ description: "needsAction, accepted, tentative or declined" })),
  optional: Type.Optional(Type.Boolean()),
  self: Type.Optional(Type.Boolean()),
});

/** An event as every action gives it. What Google did not say is absent. */
export const EventSchema = Type.Object({
  id: Type.String(),
  title: text,
  start: Type.Optional(
    Type.String({ description: "ISO 8601 with the offset of time_zone; a date for an all-day event" }),
  ),
  end: Type.Optional(Type.String({ description: "ISO 8601; for an all-day event its last day, which is part of it" })),
  end_exclusive: Type.Optional(Type.String({ description: "All-day events: the day after the last one" })),
  time_zone: Type.String({ description: "The zone that start and end are told in" }),
  own_time_zone: Type.Optional(
    Type.String({ description: "The zone that the event was made in, where it is another" }),
  ),
  all_day: Type.Boolean(),
  status: text,
  location: text,
  description: text,
  attendees: Type.Optional(Type.Array(Attendee)),
  organizer: text,
  link: text,
  meeting_link: text,
  recurring_event_id: Type.Optional(Type.String({ description: "The series that this is an occurrence of" })),
  recurrence: Type.Optional(Type.Array(Type.String())),
  reminders: Type.Optional(
    Type.Array(Type.Integer(), { description: "Minutes before the start; absent: the calendar's own" }),
  ),
  shows_as_free: Type.Optional(Type.Boolean()),
});

export type Event = Static<typeof EventSchema>;

/** Either the events of a stretch, or the one that was named. */
export const FoundSchema = Type.Object({
  events: Type.Optional(Type.Array(EventSchema)),
  next_page: Type.Optional(Type.String({ description: "Give it as page_token to read on" })),
  event: Type.Optional(EventSchema),
});

export const ChangedSchema = Type.Object({ event: EventSchema });

export const DeletedSchema = Type.Object({
  event_id: Type.String(),
  status: Type.Literal("deleted"),
  event: EventSchema,
});

const Stretch = Type.Object({ start: Type.String(), end: Type.String() });

export const FreeBusySchema = Type.Object({
  start: Type.String(),
  end: Type.String(),
  time_zone: Type.String(),
  calendars: Type.Array(
    Type.Object({ id: Type.String(), busy: Type.Array(Stretch), error: Type.Optional(Type.String()) }),
  ),
  free: Type.Optional(
    Type.Array(Stretch, { description: "When all of them are free; absent when one could not be read" }),
  ),
});

export type FreeBusy = Static<typeof FreeBusySchema>;
