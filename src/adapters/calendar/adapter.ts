import { defineAdapter } from "../../core/adapter.ts";
import { calendarPersonal } from "./calendar-personal.ts";

export const calendar = defineAdapter({
  service: "google_calendar",
  name: "Google Calendar",
  config: ["GOOGLE_CALENDAR_BASE_URL"],
  tools: [calendarPersonal],
});
