import { expect, test } from "bun:test";
import { dayName, monthName } from "../../cli/day-name.ts";

test("days are called what the runtime's tables call them", () => {
  const parts = { weekday: "short", day: "numeric", month: "short" } as const;
  const first = Temporal.PlainDate.from("2027-12-25");
  for (let at = 0; at < 400; at++) {
    const day = first.add({ days: at });
    expect(dayName(day)).toBe(day.toLocaleString("en-GB", parts));
    expect(dayName(day, true)).toBe(day.toLocaleString("en-GB", { ...parts, year: "numeric" }));
    expect(monthName(day)).toBe(day.toLocaleString("en-GB", { month: "short" }));
  }
});
