import { type Clock, iso } from "./clock.ts";
import type { Range, Span } from "./spans.ts";

/** What was understood of the words for a time; `end` of whole days is the last day. */
export interface Understood {
  start: string;
  end: string;
  time_zone: string;
  /** The same for people. */
  text: string;
  notes?: readonly string[];
}

export function understoodOf(span: Span | ({ kind: "range" } & Range), clock: Clock): Understood {
  const notes = span.notes.length > 0 ? { notes: span.notes } : {};
  if (span.kind === "days") {
    const { first, last } = span;
    return {
      start: String(first),
      end: String(last),
      time_zone: clock.zone,
      text: sayDays(first, last, clock.locale),
      ...notes,
    };
  }
  const { start, end } = span;
  return {
    start: iso(start),
    end: iso(end),
    time_zone: clock.zone,
    text: `${sayTimes(start, end, clock.locale)} (${clock.zone})`,
    ...notes,
  };
}

const dayStyle = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
const timeStyle = { hour: "numeric", minute: "2-digit" } as const;
/** Some languages put spaces between words and numbers that a plain search does not find. */
const plain = (text: string): string => text.replace(/[\u202f\u00a0\u2009]/g, " ");

function sayDays(first: Temporal.PlainDate, last: Temporal.PlainDate, locale = "en-GB"): string {
  const say = (date: Temporal.PlainDate): string => plain(date.toLocaleString(locale, dayStyle));
  return first.equals(last) ? say(first) : `${say(first)} – ${say(last)}`;
}

function sayTimes(start: Temporal.ZonedDateTime, end: Temporal.ZonedDateTime, locale = "en-GB"): string {
  const say = (at: Temporal.ZonedDateTime, style: Intl.DateTimeFormatOptions): string =>
    plain(at.toLocaleString(locale, style));
  const full = { ...dayStyle, ...timeStyle };
  const isOneDay = start.toPlainDate().equals(end.toPlainDate());
  return `${say(start, full)} – ${say(end, isOneDay ? timeStyle : full)}`;
}
