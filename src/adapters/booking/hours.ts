import { type Hours, type HoursRule, readHours, type Span } from "./hours-syntax.ts";

const wholeDay: Span = { from: 0, to: 1440 };

/** Whether a rule names this date. */
function fits({ weekdays, days, onlyHolidays }: HoursRule, date: Temporal.PlainDate): boolean {
  if (onlyHolidays || (weekdays && !weekdays.has(date.dayOfWeek))) return false;
  const day = date.month * 100 + date.day;
  return days?.some(({ from, to }) => (from <= to ? day >= from && day <= to : day >= from || day <= to)) ?? true;
}

/** What is said of one day, the later word winning; a span that began the day before is no word about this day's own hours. */
function wordsOf({ rules }: Hours, date: Temporal.PlainDate): { isOpen: boolean; spans: readonly Span[] }[] {
  let words: { isOpen: boolean; spans: readonly Span[] }[] = [];
  for (const rule of rules) {
    const { isOpen, spans, adds } = rule;
    if (fits(rule, date)) {
      if (isOpen && !adds) words = [];
      words.push({ isOpen, spans: spans.length > 0 ? spans : [wholeDay] });
    }
    const late = spans.filter(({ to }) => to > 1440);
    if (late.length > 0 && fits(rule, date.subtract({ days: 1 }))) {
      words.push({ isOpen, spans: late.map(({ to }) => ({ from: 0, to: to - 1440 })) });
    }
  }
  return words;
}

/** When it is open on a date, in minutes from its midnight, in order; an evening's span may end past 1440. */
export function openSpans(hours: Hours, date: Temporal.PlainDate): Span[] {
  const today = openParts(hours, date);
  const last = today.at(-1);
  if (last?.to !== 1440) return today;
  const [first] = openParts(hours, date.add({ days: 1 }));
  return first?.from === 0 && first.to < 1440
    ? [...today.slice(0, -1), { from: last.from, to: 1440 + first.to }]
    : today;
}

function openParts(hours: Hours, date: Temporal.PlainDate): Span[] {
  const words = wordsOf(hours, date);
  const edges = [0, 1440, ...words.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, Math.min(to, 1440)]))];
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  const open: Span[] = [];
  for (const [at, from] of sorted.slice(0, -1).entries()) {
    const to = sorted[at + 1] ?? 1440;
    const said = words.filter(({ spans }) => spans.some((span) => span.from <= from && from < span.to)).at(-1);
    if (!said?.isOpen) continue;
    const before = open.at(-1);
    if (before?.to === from) before.to = to;
    else open.push({ from, to });
  }
  return open;
}

/** What the hours say about one wall-clock time at the place itself. */
export type HoursAnswer =
  | { kind: "unknown"; why: string }
  /** @property minutesLeft until it closes */
  | { kind: "open"; minutesLeft: number; hasHolidays: boolean }
  /** @property thatDay "12:00 to 14:30 and 19:00 to 22:30", or nothing; `next` the next day with hours */
  | { kind: "closed"; thatDay: string; next?: { date: string; hours: string }; hasHolidays: boolean };

/**
 * Whether a place is open, by its own clock: no zone of this computer enters.
 * @param text the tag `opening_hours`
 */
export function checkHours(text: string | undefined, when: Temporal.PlainDateTime): HoursAnswer {
  if (text === undefined) return { kind: "unknown", why: "OpenStreetMap does not know its opening hours" };
  const hours = readHours(text);
  if (!hours) return { kind: "unknown", why: `its opening hours are written in a way that is not understood: ${text}` };
  const { hasHolidays } = hours;
  const date = when.toPlainDate();
  const minute = when.hour * 60 + when.minute;
  const open = openSpans(hours, date).find(({ from, to }) => from <= minute && minute < to);
  if (open) return { kind: "open", minutesLeft: open.to - minute, hasHolidays };
  const later = Array.from({ length: 7 }, (_, at) => date.add({ days: at + 1 }));
  const next = later.find((day) => openSpans(hours, day).length > 0);
  return {
    kind: "closed",
    thatDay: spoken(openSpans(hours, date)),
    ...(next ? { next: { date: next.toString(), hours: spoken(openSpans(hours, next)) } } : {}),
    hasHolidays,
  };
}

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

const spoken = (spans: readonly Span[]): string =>
  spans.map(({ from, to }) => (to - from >= 1440 ? "all day" : `${clockOf(from)} to ${clockOf(to)}`)).join(" and ");
