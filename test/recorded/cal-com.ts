import {
  type CalComBooking,
  isTaken,
  parseBooking,
  parseSlots,
  refusalOf,
} from "../../src/adapters/booking/cal-com.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const understood =
  (expected: Partial<CalComBooking>) =>
  (json: unknown): string => {
    const booking = parseBooking(json);
    must(Bun.deepMatch(expected, booking), `understood ${JSON.stringify(booking)}`);
    return `${booking.status}, ${booking.start.toISOString()}`;
  };

const refusal =
  (code: string, message: RegExp, status = 400) =>
  (json: unknown): string => {
    const error = refusalOf({ status, json });
    must(error.code === code && message.test(error.message), `${error.code}: ${error.message}`);
    must(!isTaken(json), "it was taken for a taken slot");
    return error.message;
  };

const taken = (json: unknown): string => {
  must(isTaken(json), "it was not taken for a taken slot");
  return "the slot is taken";
};

const versions = { slots: "2024-09-04", bookings: "2026-02-25" };
const ask = async (sandbox: Sandbox, path: string, version: string | undefined, body?: unknown): Promise<unknown> =>
  (
    await fetch(`${sandbox.baseUrls.CALCOM_BASE_URL}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", ...(version ? { "cal-api-version": version } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  ).json();

/** A day with a free table, whenever the check runs. */
const day = (): string => String(Temporal.Now.plainDateISO("UTC").add({ days: 20 }));
const slotQuery = (): string => `eventTypeId=410001&start=${day()}&end=${day()}&timeZone=Europe/Berlin`;
const attendee = { name: "Ada", email: "ada@example.org", timeZone: "Europe/Berlin", phoneNumber: "+442079460000" };
const wanted = (at: number) => ({
  eventTypeId: 410_001,
  start: Temporal.PlainDateTime.from(`${day()}T17:00`)
    .add({ minutes: at * 30 })
    .toZonedDateTime("Europe/Berlin")
    .toInstant()
    .toString(),
  attendee,
});

async function made(sandbox: Sandbox, at: number): Promise<unknown> {
  return ask(sandbox, "/v2/bookings", versions.bookings, wanted(at));
}

const errors = ["cal-com/error_404_slots_without_api_version.json"];
/** The recordings of refusals are cut in several places; the whole of one is that of the 404. */
const cut = [".timestamp", ".error.details"];
/** What only the recorded booking has: it was moved to another time, and its form asked for more. */
const particular = {
  rescheduledByEmail: null,
  rescheduledToUid: "",
  bookingFieldsResponses: {
    email: "",
    attendeePhoneNumber: "",
    name: "",
    guests: [],
    location: { value: "", optionValue: "" },
    appointmentType: "",
  },
};

export const calCom: RecordedAdapter = {
  name: "cal-com",
  folders: ["cal-com"],
  files: {
    "cal-com/slots_one_day.json": (json) => {
      const slots = parseSlots(json);
      must(slots.length === 8 && String(slots[0]) === "2025-05-28T18:00:00Z", `understood ${slots.join(", ")}`);
      return `${slots.length} slots`;
    },
    "cal-com/booking_rescheduled_to_other.json": understood({
      uid: "khRRUmiQaEHsJ16LuEn5wQ",
      status: "accepted",
      start: new Date("2025-11-06T14:30:00Z"),
      end: new Date("2025-11-06T14:45:00Z"),
      movedTo: "rvjegHnt2pZvXxACWZo883",
    }),
    "cal-com/bookings_list_with_pagination.json": (json) => {
      const [first] = (json as { data: unknown[] }).data;
      return understood({ uid: "mS4ebKVyrN3wUHyXXPMFYy", status: "accepted" })({ data: first });
    },
    "cal-com/error_400_empty_body.json": refusal("upstream_rejected", /start must be a valid ISO 8601 date string/),
    "cal-com/error_400_slot_taken.json": taken,
    "cal-com/error_400_slot_taken_team_error_member_only.json": taken,
    "cal-com/error_400_unknown_property.json": refusal("upstream_rejected", /voxdeskProbe/),
    "cal-com/error_400_validation_email_missing.json": refusal("invalid_parameters", /guest\.email/),
    "cal-com/error_404_slots_without_api_version.json": refusal("not_found", /Cannot GET \/api\/v2\/slots/, 404),
  },
  standIns: [
    {
      files: ["cal-com/slots_one_day.json"],
      // Days are names of members here, so two different days have no member in common.
      ask: async (sandbox) => {
        const answer = await ask(sandbox, `/v2/slots?${slotQuery()}`, versions.slots);
        const { status, data } = answer as { status: string; data: Record<string, unknown> };
        return { status, data: { "2025-05-28": data[day()] } };
      },
    },
    {
      files: ["cal-com/booking_rescheduled_to_other.json"],
      ask: async (sandbox) => {
        const { status, data } = (await made(sandbox, 0)) as { status: string; data: object };
        return { status, data: { ...data, ...particular } };
      },
    },
    { files: errors, ask: (sandbox) => ask(sandbox, `/v2/slots?${slotQuery()}`, undefined) },
    {
      files: ["cal-com/error_400_empty_body.json"],
      documented: cut,
      ask: (sandbox) => ask(sandbox, "/v2/bookings", versions.bookings, {}),
    },
    {
      files: ["cal-com/error_400_unknown_property.json"],
      documented: cut,
      ask: (sandbox) => ask(sandbox, "/v2/bookings", versions.bookings, { voxdeskProbe: true }),
    },
    {
      files: ["cal-com/error_400_slot_taken.json"],
      documented: cut,
      ask: async (sandbox) => {
        await made(sandbox, 1);
        return made(sandbox, 1);
      },
    },
    {
      files: ["cal-com/error_400_validation_email_missing.json"],
      exact: true,
      ask: (sandbox) => {
        const { email: _email, ...nameless } = attendee;
        return ask(sandbox, "/v2/bookings", versions.bookings, { ...wanted(2), attendee: nameless });
      },
    },
  ],
};
