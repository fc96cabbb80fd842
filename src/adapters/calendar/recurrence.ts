import { invalidParameters } from "../../core/errors.ts";

const words: Record<string, string> = {
  daily: "FREQ=DAILY",
  weekdays: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  weekly: "FREQ=WEEKLY",
  monthly: "FREQ=MONTHLY",
  yearly: "FREQ=YEARLY",
};

const rule =
  /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|BYMONTH|BYSETPOS|WKST)=[A-Z0-9,+-]+)*$/;

/**
 * Google's form of a repetition, from a word or an RRULE.
 * @throws AppError invalid_parameters
 */
export function readRecurrence(text: string): string[] {
  const given = text.trim();
  const known = words[given.toLowerCase()];
  const parts = known ?? given.toUpperCase().replace(/^RRULE:/, "");
  const names = parts.split(";").map((part) => part.split("=")[0]);
  if (!rule.test(parts) || new Set(names).size < names.length || (names.includes("COUNT") && names.includes("UNTIL"))) {
    throw invalidParameters(
      ["Parameter recurrence is no repetition that is understood"],
      "Examples: daily, weekdays, weekly, monthly, yearly, FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10",
    );
  }
  return [`RRULE:${parts}`];
}
