import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import { authRequired } from "../../core/auth-required.ts";
import { AppError } from "../../core/errors.ts";
import type { ToolContext } from "../../core/tool.ts";
import { callGoogle, createGoogleFetch } from "../../google/client.ts";

export const provider = "Google Calendar";
const service = "google_calendar";

/** Google's calendar, opened for one person and one call. */
export interface CalendarService {
  events: calendar_v3.Resource$Events;
  freebusy: calendar_v3.Resource$Freebusy;
  /** Runs a call of the library. @throws AppError */
  call<Data>(work: () => Promise<{ data: Data }>): Promise<Data>;
}

/** Fields of a result whose text others may have written, so that no program takes it for an instruction. */
export const untrusted = ["title", "description", "location", "attendees", "organizer"] as const;

export const notUnderstood = (): AppError =>
  new AppError("upstream_rejected", `${provider} answered in a form that is not understood`, {
    hint: "The service may have changed. Try again later.",
    metadata: { provider },
  });

export async function openCalendar({ http, connection, config, signal }: ToolContext): Promise<CalendarService> {
  if (!connection) throw authRequired({ service, reason: "not_linked" });
  const { calendar } = await import("googleapis/build/src/apis/calendar/index.js");
  const fetchImplementation = createGoogleFetch({
    name: provider,
    service,
    baseUrl: config.GOOGLE_CALENDAR_BASE_URL ?? "https://www.googleapis.com",
    http,
    connection,
    signal,
    isRead: (path) => path.endsWith("/freeBusy"),
  });
  const { events, freebusy } = calendar({ version: "v3", fetchImplementation, retry: false });
  return { events, freebusy, call: (work) => callGoogle(signal, work) };
}
