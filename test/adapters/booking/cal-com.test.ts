import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { bookRestaurantPublic } from "../../../src/adapters/booking/book-restaurant-public.ts";
import { untrusted } from "../../../src/adapters/booking/result.ts";
import { BookingSchema, type ShownBooking } from "../../../src/core/booking.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createOwnBookings } from "../../support/bookings.ts";
import { createContext, createTestClient } from "../../support/context.ts";
import { failureOf } from "../../support/upstream.ts";

let sandbox: Sandbox;
let folder: string;
let clock: Date;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-booking-"));
  clock = new Date("2026-11-20T12:00:00Z");
  sandbox = await startSandbox({ folder, now: () => clock });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const venues = {
  "Trattoria Bella": { event_type_id: 410_001, time_zone: "Europe/Berlin", address: "Kastanienallee 41, Berlin" },
  "The Iron Skillet": { event_type_id: 410_002, time_zone: "America/New_York" },
  "Chez Marie": { event_type_id: 410_003, time_zone: "Europe/Paris" },
  Nowhere: { event_type_id: 999 },
};
const guest = { name: "Ada Lovelace", email: "ada@example.org" };

async function run(action: string, parameters: Record<string, unknown>, more: Partial<ToolContext> = {}) {
  const found = bookRestaurantPublic.actions.find(({ id }) => id === action);
  if (!found) throw new Error(`there is no action ${action}`);
  const context = { config: sandbox.baseUrls, now: () => clock, settings: { venues }, profile: { guest } };
  return found.run(parameters, createContext({ ...context, ...more }));
}

const table = { restaurant_name: "trattoria bella", date: "2026-12-04", time: "19:30", party_size: 4 };
const book = async (parameters: Record<string, unknown> = {}, more: Partial<ToolContext> = {}) => {
  const bookings = createOwnBookings();
  const { data, metadata } = await run("book", { ...table, ...parameters }, { bookings, ...more });
  return { data: data as ShownBooking, metadata, bookings };
};
const posted = () => sandbox.requests.filter(({ upstream, method }) => upstream === "cal-com" && method === "POST");

describe("a restaurant at Cal.com", () => {
  test("is booked, and only then has a confirmation number", async () => {
    const { data, metadata, bookings } = await book({ notes: "By the window" });
    expect(Value.Check(BookingSchema, data)).toBe(true);
    expect(data).toMatchObject({
      restaurant_name: "trattoria bella",
      date: "2026-12-04",
      time: "19:30",
      party_size: 4,
      status: "confirmed",
      starts_at: "2026-12-04T19:30:00+01:00",
      confirmation_number: expect.stringMatching(/^[A-Za-z0-9]{22}$/),
      venue: { name: "Trattoria Bella" },
    });
    expect(data).not.toHaveProperty("reason");
    expect(data.ics).toContain("STATUS:CONFIRMED");
    expect(metadata).toEqual({ provider: "Cal.com", source_url: "https://cal.com", untrusted });
    expect(bookings.kept).toMatchObject([{ status: "confirmed", providerRef: data.confirmation_number }]);
    const asked = sandbox.requests.filter(({ upstream }) => upstream === "cal-com");
    expect(asked.map(({ headers }) => headers["cal-api-version"])).toEqual(["2024-09-04", "2026-02-25"]);
    expect(asked[0]?.query).toEqual({
      eventTypeId: "410001",
      start: "2026-12-03",
      end: "2026-12-07",
      timeZone: "Europe/Berlin",
    });
  });

  test("that decides itself leaves it pending, and show tells when it has decided", async () => {
    const { data, bookings } = await book({ restaurant_name: "The Iron Skillet" });
    expect(data).toMatchObject({ status: "pending", time_zone: "America/New_York" });
    expect(data).not.toHaveProperty("confirmation_number");
    expect(data.ics).toContain("STATUS:TENTATIVE");
    clock = new Date(clock.getTime() + 11 * 60_000);
    const { data: later } = await run("show", { booking_id: data.booking_id }, { bookings });
    expect(later).toMatchObject({ status: "confirmed", confirmation_number: expect.any(String) });
    expect(bookings.kept[0]?.status).toBe("confirmed");
  });

  test("whose time is taken: a failure that offers the nearest free times", async () => {
    await book();
    const bookings = createOwnBookings();
    const error = await failureOf(book({}, { bookings }));
    if (!(error instanceof AppError)) throw error;
    expect([error.code, error.message]).toEqual([
      "conflict",
      "trattoria bella has no table on Friday, 4 December 2026 at 19:30",
    ]);
    expect(error.metadata.free_slots).toEqual(
      ["18:00", "18:30", "19:00", "20:00", "20:30"].map((time) => ({ date: "2026-12-04", time })),
    );
    expect(error.hint).toContain("Nearest free: 2026-12-04 18:00");
    expect(error.metadata.booking).toMatchObject({ status: "failed", date: "2026-12-04", party_size: 4 });
    expect(bookings.kept).toMatchObject([{ status: "failed" }]);
    expect(posted()).toHaveLength(1);
  });

  test("whose time is taken between the look and the booking fails the same way", async () => {
    const http = createTestClient();
    let isFirst = true;
    const bookings = createOwnBookings();
    const racing: ToolContext["http"] = {
      async json(request) {
        if (request.method === "POST" && isFirst) {
          isFirst = false;
          await book();
        }
        return http.json(request);
      },
    };
    const error = await failureOf(book({}, { http: racing, bookings }));
    expect(error).toMatchObject({ code: "conflict", metadata: { free_slots: expect.any(Array) } });
    expect(bookings.kept).toMatchObject([{ status: "failed" }]);
  });

  test("with nothing free around says that, and offers nothing", async () => {
    const http = { json: async () => ({ status: 200, headers: new Headers(), json: { data: {} }, cached: false }) };
    expect(await failureOf(book({}, { http }))).toMatchObject({
      code: "conflict",
      hint: "Nothing is free from the day before to three days after.",
      metadata: { free_slots: [] },
    });
  });

  test("of ten at once exactly one gets the table", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => book()));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  type Refused = [
    name: string,
    parameters: object,
    more: Partial<ToolContext>,
    code: string,
    problem: RegExp,
    hint: RegExp,
  ];
  const refused: Refused[] = [
    [
      "no mail address",
      {},
      { profile: { guest: { name: "Ada" } } },
      "invalid_parameters",
      /^Parameter validation failed: Missing required parameter: guest\.email$/,
      /^Run: mcqueen profile set guest\.email="ada@example\.org"$/,
    ],
    [
      "nobody",
      {},
      { profile: {} },
      "invalid_parameters",
      /guest\.name; Missing required parameter: guest\.email$/,
      /profile set guest\.name="Ada Lovelace" guest\.email=/,
    ],
    [
      "a number is wanted",
      { restaurant_name: "Chez Marie" },
      {},
      "invalid_parameters",
      /guest\.phone/,
      /profile set guest\.phone=/,
    ],
    ["no zone", { restaurant_name: "Nowhere" }, {}, "invalid_parameters", /time_zone must be set/, /config book_rest/],
    [
      "no such event type",
      { restaurant_name: "Nowhere" },
      { profile: { guest, zone: "Europe/Berlin" } },
      "not_found",
      /Event Type not found/,
      /config book_restaurant_public/,
    ],
    [
      "past",
      { date: "2026-11-20", time: "13:00" },
      {},
      "invalid_parameters",
      /time must not be past/,
      /Europe\/Berlin/,
    ],
    [
      "closed",
      { date: "2026-12-04", time: "03:00" },
      {},
      "conflict",
      /has no table/,
      /Nearest free: 2026-12-03 19:30, .*2026-12-03 21:30$/,
    ],
  ];
  test.each(refused)("refused: %s", async (_name, parameters, more, code, problem, hint) => {
    const error = await failureOf(book({ ...parameters }, more));
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe(code as AppError["code"]);
    expect(error.message).toMatch(problem);
    expect(error.hint).toMatch(hint);
  });

  test("the guest of the call comes before that of the profile, part by part", async () => {
    const call = { restaurant_name: "Chez Marie", guest: { name: "Zoë", phone: "+44 20 7946 0000" } };
    const { data } = await book(call);
    expect(data.status).toBe("confirmed");
    const answer = await fetch(`${sandbox.baseUrls.CALCOM_BASE_URL}/v2/bookings/${data.confirmation_number}`, {
      headers: { "cal-api-version": "2026-02-25" },
    });
    expect(await answer.json()).toMatchObject({
      data: {
        attendees: [{ name: "Zoë", email: "ada@example.org", phoneNumber: "+442079460000", timeZone: "Europe/Paris" }],
        bookingFieldsResponses: { notes: "Table for 4" },
        metadata: { mcqueen_booking: data.booking_id },
      },
    });
  });

  test("the profile's zone stands in for the restaurant's, and the result says so", async () => {
    const settings = { venues: { "Trattoria Bella": { event_type_id: 410_001 } } };
    const { data } = await book({}, { settings, profile: { guest, zone: "Europe/Berlin" } });
    expect(data).toMatchObject({ status: "confirmed", warnings: [expect.stringContaining("Europe/Berlin")] });
  });

  test("a namesake elsewhere is handed off, not booked", async () => {
    const { data } = await book({ location: "New York" });
    expect(data).toMatchObject({ status: "handoff", time_zone: "America/New_York" });
    expect(data.warnings?.join()).toContain("was not asked");
    expect((await book({ location: "Berlin" })).data.status).toBe("confirmed");
    expect(posted()).toHaveLength(1);
  });
});
