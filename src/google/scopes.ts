const base = "https://www.googleapis.com/auth/";
const under = (scope: string, ...names: string[]): [string, string[]] => [
  `${base}${scope}`,
  names.map((name) => `${base}${name}`),
];

/** Google's calendar scopes, and those that each holds within. https://developers.google.com/workspace/calendar/api/auth */
export const widerCalendarScopes: Readonly<Record<string, readonly string[]>> = Object.fromEntries([
  under("calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly", "calendar.freebusy"),
  under("calendar.readonly", "calendar.events.readonly", "calendar.freebusy"),
  under("calendar.events", "calendar.events.readonly"),
]);

export const calendarScopes = {
  readEvents: `${base}calendar.events.readonly`,
  events: `${base}calendar.events`,
  freeBusy: `${base}calendar.freebusy`,
} as const;
