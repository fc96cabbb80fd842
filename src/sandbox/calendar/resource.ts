/** A day, or a time; times are kept with the zone that they were given in. */
export interface EventTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

export interface Guest {
  email: string;
  displayName?: string;
  organizer?: boolean;
  self?: boolean;
  optional?: boolean;
  responseStatus: "needsAction" | "declined" | "tentative" | "accepted";
}

interface Somebody {
  email: string;
  displayName?: string;
  self?: boolean;
}

/** An event as it is kept and answered. A cancelled occurrence has no more than says which one it was. */
export interface Resource {
  kind: "calendar#event";
  etag: string;
  id: string;
  status: "confirmed" | "tentative" | "cancelled";
  htmlLink?: string;
  created?: string;
  updated?: string;
  summary?: string;
  description?: string;
  location?: string;
  colorId?: string;
  creator?: Somebody;
  organizer?: Somebody;
  start?: EventTime;
  end?: EventTime;
  recurrence?: string[];
  recurringEventId?: string;
  originalStartTime?: EventTime;
  transparency?: "opaque" | "transparent";
  visibility?: string;
  iCalUID?: string;
  sequence?: number;
  attendees?: Guest[];
  reminders?: { useDefault: boolean; overrides?: { method: string; minutes: number }[] };
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> };
  guestsCanModify?: boolean;
  guestsCanInviteOthers?: boolean;
  guestsCanSeeOtherGuests?: boolean;
  eventType?: "default";
}

/** When an event begins. Whole days begin in the calendar's zone. */
export const instantOf = ({ date, dateTime }: EventTime, zone: string): Temporal.Instant =>
  date !== undefined
    ? Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant()
    : Temporal.Instant.from(String(dateTime));

/** The end of an occurrence's id: "20261203T150000Z", or "20261203" of whole days. */
export const stampOf = (start: EventTime): string =>
  start.date !== undefined
    ? start.date.replaceAll("-", "")
    : Temporal.Instant.from(String(start.dateTime)).toString({ smallestUnit: "second" }).replace(/[-:]/g, "");
