import { type Clock, nowIn } from "./clock.ts";

const period = /^(this|next|last) (week|weekend|month)$/i;
const steps: Record<string, number> = { this: 0, next: 1, last: -1 };

/** The stretch that "next week", "this weekend" or "last month" stands for. Undefined for other words. */
export function readPeriod(
  text: string,
  clock: Clock,
): { start: Temporal.ZonedDateTime; end: Temporal.ZonedDateTime } | undefined {
  const [, which = "", unit = ""] = period.exec(text.trim().toLowerCase()) ?? [];
  const step = steps[which];
  if (step === undefined) return undefined;
  const [first, end] = datesOf(unit, step, nowIn(clock).toPlainDate(), clock.locale);
  return { start: first.toZonedDateTime(clock.zone), end: end.toZonedDateTime(clock.zone) };
}

function datesOf(
  unit: string,
  step: number,
  today: Temporal.PlainDate,
  locale = "en-GB",
): [Temporal.PlainDate, Temporal.PlainDate] {
  if (unit === "month") {
    const first = today.with({ day: 1 }).add({ months: step });
    return [first, first.add({ months: 1 })];
  }
  if (unit === "weekend") {
    const saturday = today.subtract({ days: today.dayOfWeek - 1 }).add({ days: 5 + 7 * step });
    return [saturday, saturday.add({ days: 2 })];
  }
  const first = today.subtract({ days: (today.dayOfWeek - firstDayOfWeek(locale) + 7) % 7 }).add({ weeks: step });
  return [first, first.add({ weeks: 1 })];
}

/** 1 is Monday, 7 is Sunday. */
function firstDayOfWeek(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return known.getWeekInfo?.().firstDay ?? 1;
}
