import type { Voice } from "../../core/voice.ts";
import { type Clock, clockOf } from "./clock.ts";
import type { CreateEvent, DeleteEvent, UpdateEvent } from "./inputs.ts";
import { isBareTime, understandMoment } from "./moments.ts";
import { type Span, understandEvent } from "./spans.ts";
import { requireChange } from "./update-event.ts";

/** @throws AppError invalid_parameters for times that nobody would understand */
export async function askCreate(input: CreateEvent, voice: Voice): Promise<string> {
  const clock = clockOf(input.time_zone, voice.profile, voice.now);
  const span = await understandEvent(input, clock);
  const guests = input.attendees?.length ? `, with ${voice.list(input.attendees)}` : "";
  const place = input.location ? `, at ${voice.quote(input.location)}` : "";
  const repeats = input.recurrence ? ", repeated" : "";
  return `Create the event ${voice.quote(input.event_title)} on ${saySpan(span, clock, voice)}${place}${guests}${repeats}?`;
}

function saySpan(span: Span, clock: Clock, voice: Voice): string {
  if (span.kind === "hours") {
    const elsewhere = clock.zone === (voice.profile.zone ?? clock.zone) ? "" : ` (${clock.zone})`;
    return `${voice.time(String(span.start.toPlainDateTime()))}${elsewhere}`;
  }
  const first = voice.date(String(span.first));
  return span.first.equals(span.last) ? `${first}, all day` : `${first} to ${voice.date(String(span.last))}, all day`;
}

/** @throws AppError invalid_parameters when nothing is to be changed, or a time is not understood */
export async function askUpdate(input: UpdateEvent, voice: Voice): Promise<string> {
  requireChange(input);
  const clock = clockOf(input.time_zone, voice.profile, voice.now);
  const time = async (field: "start_date" | "end_date"): Promise<string | undefined> => {
    const given = input[field];
    return given === undefined ? undefined : sayMoment(field, given, clock, voice);
  };
  const told: [string, string | undefined][] = [
    ["title", input.event_title && voice.quote(input.event_title)],
    ["start", await time("start_date")],
    ["end", await time("end_date")],
    ["length", input.duration_minutes === undefined ? undefined : `${voice.number(input.duration_minutes)} minutes`],
    ["all day", input.all_day === undefined ? undefined : input.all_day ? "yes" : "no"],
    ["time zone", input.time_zone],
    ["place", input.location === undefined ? undefined : input.location ? voice.quote(input.location) : "none"],
    [
      "notes",
      input.description === undefined ? undefined : input.description ? voice.quote(input.description) : "none",
    ],
    [
      "guests",
      input.attendees === undefined ? undefined : input.attendees.length ? voice.list(input.attendees) : "none",
    ],
    [
      "reminders",
      input.reminders === undefined
        ? undefined
        : input.reminders.length
          ? `${voice.list(input.reminders)} minutes before`
          : "none",
    ],
    ["repetition", input.recurrence && voice.quote(input.recurrence)],
  ];
  const changes = told.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])).join("; ");
  return `Change ${input.scope === "all" ? "the whole series" : "the event"}: ${changes}?`;
}

/** A time alone falls on the event's own day, which is not known yet. */
async function sayMoment(field: string, given: string, clock: Clock, voice: Voice): Promise<string> {
  if (await isBareTime(given, clock)) return voice.quote(given);
  const moment = await understandMoment(field, given, clock);
  return moment.kind === "day" ? voice.date(String(moment.date)) : voice.time(String(moment.at.toPlainDateTime()));
}

export const askDelete = ({ scope }: DeleteEvent): string =>
  scope === "all" ? "Delete the whole series of this event?" : "Delete this event?";
