const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** "Fri 4 Dec" of "2026-12-04…"; what is no date stays as it is. */
export function dayName(iso: string): string {
  const time = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(time) ? iso : weekday.format(time).replace(",", "");
}

/** "19:30" of an ISO time, by the clock that it was written in. */
export const clockOf = (iso: string): string => /T(\d\d:\d\d)/.exec(iso)?.[1] ?? "";

/** "Fri 4 Dec, 19:30" by this phone's clock. */
export function momentName(iso: string | null | undefined): string {
  const time = Date.parse(iso ?? "");
  return Number.isNaN(time) ? (iso ?? "") : moment.format(time);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** "19:30" by this phone's clock. */
export const clockName = (iso: string): string => shownBy(clock, iso);

/** "Friday 4 December" by this phone's clock. */
export const momentDay = (iso: string): string => shownBy(day, iso);

function shownBy(format: Intl.DateTimeFormat, iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : format.format(time).replace(",", "");
}

/** "in 4 min", "in 2 h", "over" */
export function timeLeft(iso: string, now: number): string {
  const minutes = Math.ceil((Date.parse(iso) - now) / 60_000);
  if (!(minutes > 0)) return "over";
  return minutes < 120 ? `${minutes} min left` : `${Math.round(minutes / 60)} h left`;
}
