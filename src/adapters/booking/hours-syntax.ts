/** From when to when in minutes of the day; past 1440 lies in the day after. */
export interface Span {
  from: number;
  to: number;
}

/** Days of a year as month * 100 + day; a range may run over the new year. */
interface DayRange {
  from: number;
  to: number;
}

export interface HoursRule {
  /** 1 is Monday. Absent for every day. */
  weekdays?: ReadonlySet<number>;
  days?: readonly DayRange[];
  /** Named by holidays alone, so no weekday of it ever fits. */
  onlyHolidays: boolean;
  isOpen: boolean;
  /** None for the whole day. */
  spans: readonly Span[];
  /** Adds to what earlier rules say of the day, instead of replacing it. */
  adds: boolean;
}

export interface Hours {
  rules: readonly HoursRule[];
  /** Public or school holidays are mentioned; which days those are is not known here. */
  hasHolidays: boolean;
}

const weekdayNames = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const weekday = `(?:${weekdayNames.join("|")})`;
const month = `(?:${monthNames.join("|")})`;
const weekdayItem = `(?:${weekday}(?:-${weekday})?|PH|SH)`;
const weekdayList = `${weekdayItem}(?:, ?${weekdayItem})*`;
/** Not the hour of a clock. */
const dayNumber = "\\d\\d?(?!\\d|:\\d)";
const dayItem = `${month}(?: ${dayNumber})?(?:-(?:${month} ${dayNumber}|${month}|${dayNumber}))?`;
const dayList = `${dayItem}(?:, ?${dayItem})*`;
const clock = "\\d\\d?:\\d\\d";
const span = `${clock}-${clock}`;
const spanList = `${span}(?:, ?${span})*`;
const rulePattern = new RegExp(`^(?:(${dayList}):?)? ?(?:(${weekdayList}))? ?(off|closed|${spanList})?$`);
/** A comma before a new selector begins a rule that adds; other commas stand inside lists. */
const addition = new RegExp(`(?<=${clock}|off|closed), ?(?=${weekdayItem}|${month})`);

/**
 * Reads a tag `opening_hours` of OpenStreetMap, as far as: weekdays, months and days of months (ranges and lists of them), times also
 * past midnight, `off`, `closed`, `24/7`, rules that replace (`;`) or add (`,`), and holidays, which it notes.
 * Undefined for all else (a later rule for every day, comments, weeks, years, sunset, `||`, "first Monday", open ends): a guess would be worse than not to know.
 */
export function readHours(text: string): Hours | undefined {
  const rules: HoursRule[] = [];
  let hasHolidays = false;
  for (const group of text.trim().replace(/;\s*$/, "").split(";")) {
    for (const [at, part] of group.trim().split(addition).entries()) {
      const rule = readRule(part.trim().replace(/\s+/g, " ").replace(/ ?- ?/g, "-"), at > 0);
      const hasSelector = rule?.weekdays ?? rule?.days ?? rule?.onlyHolidays;
      if (!rule || (rules.length > 0 && !hasSelector)) return undefined;
      rules.push(rule);
      hasHolidays ||= /\b[PS]H\b/.test(part);
    }
  }
  return { rules, hasHolidays };
}

function readRule(text: string, adds: boolean): HoursRule | undefined {
  if (text === "24/7") return { isOpen: true, spans: [], adds, onlyHolidays: false };
  const match = text === "" ? null : rulePattern.exec(text);
  if (!match) return undefined;
  const [, dayText, weekdayText, state] = match;
  const days = dayText === undefined ? undefined : dayText.split(/, ?/).map(readDays);
  const spans = state === undefined || /^[oc]/.test(state) ? [] : state.split(/, ?/).map(readSpan);
  const names = weekdayText?.split(/, ?/);
  const weekdays = names?.filter((name) => !/^[PS]H$/.test(name)).flatMap(readWeekdays);
  if (days?.includes(undefined) || spans.includes(undefined)) return undefined;
  return {
    ...(weekdays && weekdays.length > 0 ? { weekdays: new Set(weekdays) } : {}),
    ...(days ? { days: days as DayRange[] } : {}),
    onlyHolidays: weekdays?.length === 0,
    isOpen: state !== "off" && state !== "closed",
    spans: spans as Span[],
    adds,
  };
}

function readWeekdays(text: string): number[] {
  const [from = "", to = from] = text.split("-");
  const [first, last] = [weekdayNames.indexOf(from), weekdayNames.indexOf(to)];
  const count = ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, at) => ((first + at) % 7) + 1);
}

/** "Apr-Oct", "Dec 24-26", "Dec 24-Jan 6", "Aug" */
function readDays(text: string): DayRange | undefined {
  const match = new RegExp(`^(${month})(?: (\\d\\d?))?(?:-(${month})?(?: ?(\\d\\d?))?)?$`).exec(text);
  if (!match) return undefined;
  const [, firstMonth = "", firstDay, lastMonth = firstMonth, lastDay] = match;
  const hasRange = text.includes("-");
  if (hasRange && (firstDay === undefined) !== (lastDay === undefined)) return undefined;
  const numberOf = (name: string): number => (monthNames.indexOf(name) + 1) * 100;
  const from = numberOf(firstMonth) + Number(firstDay ?? 1);
  const to = numberOf(lastMonth) + Number(lastDay ?? (hasRange ? 31 : (firstDay ?? 31)));
  return [from, to].every((day) => day % 100 >= 1 && day % 100 <= 31) ? { from, to } : undefined;
}

function readSpan(text: string): Span | undefined {
  const [from = 0, to = 0] = text.split("-").map((each) => {
    const [hours = 0, minutes = 0] = each.split(":").map(Number);
    return minutes < 60 ? hours * 60 + minutes : Number.NaN;
  });
  if (!(from < 1440 && to <= 2880)) return undefined;
  return { from, to: to <= from ? to + 1440 : to };
}
