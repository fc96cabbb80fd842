import { dayName } from "../day-name.ts";
import type { Paint } from "../paint.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";

interface Stretch {
  start: string;
  end: string;
}

interface Event extends Partial<Stretch> {
  id: string;
  title?: string;
  time_zone: string;
  all_day: boolean;
  status?: string;
  location?: string;
  description?: string;
  attendees?: { email: string; name?: string; response?: string }[];
  link?: string;
  meeting_link?: string;
  recurrence?: string[];
  reminders?: number[];
}

interface CalendarData {
  events?: Event[];
  next_page?: string;
  event?: Event;
  event_id?: string;
  calendars?: { id: string; busy: Stretch[]; error?: string }[];
  free?: Stretch[];
}

/** Events by day, one event in full, or when people are busy. */
export function calendar(data: Record<string, unknown>, metadata: Record<string, unknown>, paint: Paint): string {
  const { events, event, event_id: deleted, calendars, next_page: next } = data as CalendarData;
  const { understood, conflicts } = metadata as { understood?: { notes?: string[] }; conflicts?: Event[] };
  const notes = (understood?.notes ?? []).map((note) => paint.yellow(sanitiseLine(note)));
  const taken = (conflicts ?? []).map((other) => paint.yellow(`At the same time: ${titleOf(other)}, ${whenOf(other)}`));
  const body = event
    ? details(deleted ? { ...event, status: "deleted" } : event, paint)
    : calendars
      ? freeBusy(data as CalendarData, paint)
      : agenda(events ?? [], paint);
  const more = next ? ["", paint.dim(`More: --page-token ${sanitiseLine(next)}`)] : [];
  return [...body, ...notes, ...taken, ...more].join("\n");
}

const titleOf = ({ title }: Event): string => sanitiseLine(title ?? "(no title)");

const dayOf = (iso: string): string => iso.slice(0, 10);
const clock = (iso: string): string => iso.slice(11, 16);

const nameOf = (date: string, withYear = false): string => dayName(Temporal.PlainDate.from(date), withYear);

/** Days in order; what lasts all day comes first. */
function agenda(events: readonly Event[], paint: Paint): string[] {
  if (events.length === 0) return ["Nothing is on."];
  const days = Map.groupBy(
    events.filter(({ start }) => start !== undefined),
    ({ start }) => dayOf(start ?? ""),
  );
  const rows = [...days]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([day, these]) => {
      const sorted = [...these].sort(
        (a, b) => Number(b.all_day) - Number(a.all_day) || (a.start ?? "").localeCompare(b.start ?? ""),
      );
      return sorted.map((event) => ({ day, event }));
    });
  const cells = rows.map(({ event }) => [hoursOf(event), titleOf(event), sanitiseLine(event.location ?? "")]);
  const lines = table(cells.map((row) => [`  ${row[0]}`, ...row.slice(1)])).split("\n");
  const printed = rows.flatMap(({ day }, at) => {
    const isFirst = rows[at - 1]?.day !== day;
    return [...(isFirst ? [...(at > 0 ? [""] : []), paint.bold(nameOf(day, true))] : []), lines[at] ?? ""];
  });
  return [...printed, "", paint.dim(`${sanitiseLine(events[0]?.time_zone ?? "")}. Ids of events: --json`)];
}

/** "10:30–10:45", "all day", "all day to Fri 13 Mar", "22:00–01:00 Thu 12 Mar" */
function hoursOf({ start = "", end = "", all_day: allDay }: Event): string {
  const until = dayOf(start) === dayOf(end) ? "" : nameOf(dayOf(end));
  if (allDay) return until ? `all day to ${until}` : "all day";
  return `${clock(start)}–${clock(end)}${until ? ` ${until}` : ""}`;
}

const whenOf = (event: Event): string =>
  event.start === undefined ? "" : `${nameOf(dayOf(event.start), true)}, ${hoursOf(event)}`;

function details(event: Event, paint: Paint): string[] {
  const { attendees = [], recurrence = [], reminders, description } = event;
  const guests = attendees.map(({ email, name, response }) =>
    [name ? `${name} <${email}>` : email, response ? `(${answers[response] ?? response})` : ""].join(" ").trim(),
  );
  const rows: [string, string | undefined][] = [
    ["when", event.all_day ? whenOf(event) : `${whenOf(event)} (${event.time_zone})`],
    ["where", event.location],
    ["repeats", recurrence.join(" ") || undefined],
    ["reminders", reminders && (reminders.length > 0 ? `${reminders.join(", ")} minutes before` : "none")],
    ...guests.map((guest, at): [string, string] => [at === 0 ? "guests" : "", guest]),
    ["meet", event.meeting_link],
    ["link", event.link],
    ["id", event.id],
  ];
  const shown = rows.flatMap(([name, value]) => (value ? [[paint.dim(name), sanitiseLine(value)]] : []));
  const gone = /^(cancelled|deleted)$/.test(event.status ?? "") ? paint.yellow(` (${event.status})`) : "";
  return [paint.bold(titleOf(event)) + gone, table(shown), ...(description ? ["", sanitise(description), ""] : [])];
}

const answers: Record<string, string> = {
  needsAction: "no answer yet",
  accepted: "comes",
  tentative: "maybe",
  declined: "does not come",
};

function freeBusy({ calendars = [], free }: CalendarData, paint: Paint): string[] {
  const rows = calendars.flatMap(({ id, busy, error }) => {
    const times = error ? [paint.yellow(`cannot be seen (${sanitiseLine(error)})`)] : busy.map(stretch);
    return (times.length > 0 ? times : [paint.green("free all the time")]).map((time, at) => [
      at === 0 ? paint.bold(sanitiseLine(id)) : "",
      time,
    ]);
  });
  const open = (free ?? []).map((each, at) => [at === 0 ? paint.bold("all are free") : "", paint.green(stretch(each))]);
  return [table([...rows, ...open])];
}

/** "Wed 11 Mar, 10:30–10:45" */
const stretch = ({ start, end }: Stretch): string =>
  `${nameOf(dayOf(start))}, ${clock(start)}–${clock(end)}${dayOf(start) === dayOf(end) ? "" : ` ${nameOf(dayOf(end))}`}`;
