import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { bookRestaurantPublic } from "../../../src/adapters/booking/book-restaurant-public.ts";
import { BookingSchema, type ShownBooking } from "../../../src/core/booking.ts";
import { AppError } from "../../../src/core/errors.ts";
import { checkParameters } from "../../../src/core/parameters.ts";
import type { Action, ToolContext } from "../../../src/core/tool.ts";
import { createVoice } from "../../../src/core/voice.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createOwnBookings } from "../../support/bookings.ts";
import { createContext, createTestClient } from "../../support/context.ts";
import { providerFaults } from "../../support/provider-faults.ts";
import { failureOf } from "../../support/upstream.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const now = new Date("2026-11-20T12:00:00Z");
const [bookAction] = bookRestaurantPublic.actions as [Action];

async function book(parameters: Record<string, unknown>, more: Partial<ToolContext> = {}) {
  const bookings = createOwnBookings();
  const context = createContext({ config: sandbox.baseUrls, now: () => now, bookings, ...more });
  const { data, metadata } = await bookAction.run(
    {
      restaurant_name: "Chez Marie",
      location: "Paris",
      date: "2026-12-04",
      time: "19:30",
      party_size: 4,
      ...parameters,
    },
    context,
  );
  return { data: data as ShownBooking, metadata, kept: bookings.kept };
}

describe("a restaurant that takes no bookings here", () => {
  test("is handed to the person, who is told that nothing is booked", async () => {
    const { data, metadata, kept } = await book({ notes: "A high chair" }, { profile: { guest: { name: "Ada" } } });
    expect(Value.Check(BookingSchema, data)).toBe(true);
    expect(data).toMatchObject({
      booking_id: expect.stringMatching(/^bkg_/),
      restaurant_name: "Chez Marie",
      date: "2026-12-04",
      time: "19:30",
      party_size: 4,
      status: "handoff",
      message: expect.stringContaining("Nothing is booked yet"),
      time_zone: "Europe/Paris",
      starts_at: "2026-12-04T19:30:00+01:00",
      venue: { name: "Chez Marie", address: "12 Rue des Abbesses, 75018 Paris, France", url: expect.any(String) },
      notes: "A high chair",
    });
    expect(data).not.toHaveProperty("confirmation_number");
    expect(data).not.toHaveProperty("warnings");
    expect(data.handoff?.links.map(({ name, kind }) => [name, kind])).toEqual([
      ["Website", "website"],
      ["OpenTable", "search"],
    ]);
    expect(data.handoff).toMatchObject({ phone: "+33 1 99 00 12 34", phone_url: "tel:+33199001234" });
    expect(data.ics).toContain("STATUS:TENTATIVE");
    expect(metadata).toMatchObject({
      provider: "Nominatim",
      attribution: "© OpenStreetMap contributors, ODbL",
      source_url: "https://www.openstreetmap.org/copyright",
    });
    expect(kept).toMatchObject([{ id: data.booking_id, status: "handoff" }]);
  });

  test("gets a mail to send, as the person would write it", async () => {
    const guest = { name: "Zoë & Co", phone: "+44 20 7946 0000" };
    const { data } = await book({ guest, notes: "100% vegan?\nThanks" }, { profile: { guest: { name: "Ada" } } });
    const mail = data.handoff?.mail;
    expect(mail?.to).toBe("table@chez-marie.example");
    expect(mail?.body).toContain("book a table for 4 on Friday, 4 December 2026 at 19:30.\n100% vegan?\nThanks\n");
    expect(mail?.body).toEndWith("Kind regards\nZoë & Co");
    const url = new URL(mail?.url ?? "");
    expect([url.protocol, url.pathname]).toEqual(["mailto:", "table@chez-marie.example"]);
    expect(url.searchParams.get("body")).toBe(mail?.body.replaceAll("\n", "\r\n") ?? "");
    expect(mail?.url).not.toContain("+");
  });

  test("whose map knows no mail address gets no mail", async () => {
    const { data } = await book({ restaurant_name: "Le Petit Pont" });
    expect(data.handoff).not.toHaveProperty("mail");
  });

  test.each([
    ["unknown hours", { restaurant_name: "La Table d'Anatole" }, "does not know its opening hours"],
    ["late arrival", { time: "22:00" }, "It closes 30 minutes after"],
    ["another name", { restaurant_name: "marie restaurant" }, "It is called Chez Marie on the map"],
    ["nobody by that name", { restaurant_name: "Qwxlorbia" }, "does not know Qwxlorbia there"],
  ])("%s is a warning", async (_name, parameters, warning) => {
    const { data } = await book(parameters);
    expect(data.status).toBe("handoff");
    expect(data.warnings?.join()).toContain(warning);
  });

  test("a restaurant that the map does not know gets nothing that was not asked for", async () => {
    const { data } = await book({ restaurant_name: "Qwxlorbia" });
    expect(data).not.toHaveProperty("venue");
    expect(data.handoff).toEqual({ links: [expect.objectContaining({ name: "OpenTable", kind: "search" })] });
    expect(data.time_zone).toBe("Europe/Paris");
  });

  test("a map in bad hands gives no link that a browser would run", async () => {
    const found = {
      lat: "48.88",
      lon: "2.33",
      display_name: "Chez Marie, Paris",
      category: "amenity",
      type: "restaurant",
      extratags: {
        website: "javascript:alert(1)",
        "reservation:website": "data:text/html,x",
        reservation: "https://good.example@evil.example/",
        email: "a@b.example\r\nBcc: eve@evil.example",
        phone: "+33 1 99;javascript:1",
      },
    };
    await using map = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json([found]) });
    const { data, metadata } = await book({}, { config: { NOMINATIM_BASE_URL: String(map.url) } });
    expect(data.venue).not.toHaveProperty("website");
    expect(data.handoff?.links).toMatchObject([{ name: "OpenTable", kind: "search" }]);
    expect(data.handoff).not.toHaveProperty("mail");
    expect(data.handoff?.phone_url).toBe("tel:+33199");
    expect(data.warnings).toContain("Its website is written in a way that is not opened");
    expect(metadata.untrusted).toEqual(["venue", "handoff", "warnings", "reason", "ics", "candidates"]);
  });

  test("closed is a failure that tells the hours, and is kept as failed", async () => {
    const bookings = createOwnBookings();
    // 7 December 2026 is a Monday.
    const error = await failureOf(book({ date: "2026-12-07" }, { bookings }));
    if (!(error instanceof AppError)) throw error;
    expect([error.code, error.message]).toEqual([
      "conflict",
      "Chez Marie is closed on Monday, 7 December 2026 at 19:30",
    ]);
    expect(error.hint).toContain("Next: 2026-12-08, 12:00 to 14:30 and 19:00 to 22:30");
    expect(error.metadata).toMatchObject({
      provider: "Nominatim",
      booking: { status: "failed", date: "2026-12-07", message: "Nothing is booked.", reason: error.message },
    });
    expect(error.metadata.booking).not.toHaveProperty("handoff");
    expect(bookings.kept).toMatchObject([{ status: "failed" }]);
    const between = await failureOf(book({ time: "16:00" }));
    expect(between).toMatchObject({ hint: expect.stringContaining("open 12:00 to 14:30 and 19:00 to 22:30") });
  });

  type Refused = [name: string, parameters: Record<string, unknown>, code: string, message: RegExp, hint: RegExp];
  const refused: Refused[] = [
    ["past", { date: "2026-11-19" }, "invalid_parameters", /date must not be past/, /Europe\/Paris/],
    ["skipped hour", { date: "2027-03-28", time: "02:30" }, "invalid_parameters", /time must exist/, /another time/],
    ["several cities", { location: undefined }, "invalid_parameters", /location is needed/, /Paris.*London/],
    [
      "unknown",
      { restaurant_name: "Qwxlorbia", location: undefined },
      "not_found",
      /No restaurant called/,
      /--location/,
    ],
    [
      "unknown place",
      { restaurant_name: "Qwx", location: "Lorbia" },
      "not_found",
      /No restaurant called/,
      /the location/,
    ],
  ];
  test.each(refused)("refused: %s", async (_name, parameters, code, message, hint) => {
    const bookings = createOwnBookings();
    const error = await failureOf(book(parameters, { bookings }));
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe(code as AppError["code"]);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(bookings.kept).toEqual([]);
  });

  test.each(providerFaults)("%j of the map is told as %s, and nothing is kept", async (fault, code) => {
    await using map = await startSandbox().then((started) => ({ ...started, [Symbol.asyncDispose]: started.stop }));
    map.fail("nominatim", fault);
    const bookings = createOwnBookings();
    const http = createTestClient({ deadlineMs: 300 });
    const error = await failureOf(book({}, { bookings, http, config: map.baseUrls }));
    expect(error).toMatchObject({ code, message: expect.stringContaining("Nominatim"), hint: expect.any(String) });
    expect(bookings.kept).toEqual([]);
  });
});

describe("what is asked before it is booked", () => {
  const good = { restaurant_name: "Chez Marie", date: "2026-12-04", time: "19:30", party_size: 4 };
  test.each([
    [{ date: "2026-02-31" }, "Parameter date must be a valid calendar date"],
    [{ date: "2027-02-29" }, "Parameter date must be a valid calendar date"],
    [{ date: "4.12.2026" }, "Parameter date must be a valid calendar date"],
    [{ date: "2026-12-04T19:30" }, "Parameter date must be a valid calendar date"],
    [{ date: "tomorrow" }, "Parameter date must be a valid calendar date"],
    [{ time: "25:00" }, "Parameter time must be a valid clock time"],
    [{ time: "24:00" }, "Parameter time must be a valid clock time"],
    [{ time: "19:60" }, "Parameter time must be a valid clock time"],
    [{ time: "7pm" }, "Parameter time must be a valid clock time"],
    [{ party_size: 0 }, "Parameter party_size must be at least 1"],
    [{ party_size: 51 }, "Parameter party_size must be at most 50"],
    [{ party_size: 2.5 }, "Parameter party_size must be a whole number"],
    [{ restaurant_name: "" }, "Parameter restaurant_name must not be empty"],
    [{ guest: { email: "nobody" } }, "Parameter guest.email must be a valid email"],
    [{ guest: { age: 3 } }, "Unknown parameter: guest.age"],
    [{ user_id: "ada" }, "Unknown parameter: user_id"],
  ])("%j is refused before anybody is asked", (parameters, problem) => {
    const checked = checkParameters(bookAction.input, { ...good, ...parameters });
    expect(checked.ok ? [] : checked.problems.join()).toContain(problem);
  });

  test("the question is made for speaking", () => {
    const prompt = bookAction.confirmation?.prompt;
    expect(prompt?.(good, createVoice({}))).toBe("Book a table for 4 at “Chez Marie” on Friday 4 December at 19:30?");
    expect(prompt?.({ ...good, location: "Paris" }, createVoice({ locale: "en-US" }))).toBe(
      "Book a table for 4 at “Chez Marie”, Paris, on Friday, December 4 at 7:30 PM?",
    );
    expect(bookAction.confirmation?.fields).toEqual(["restaurant_name", "date", "time", "party_size"]);
  });
});
