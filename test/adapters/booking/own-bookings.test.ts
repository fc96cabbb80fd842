import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { bookRestaurantPublic } from "../../../src/adapters/booking/book-restaurant-public.ts";
import { CancelOutput, ListOutput } from "../../../src/adapters/booking/schemas.ts";
import { type App, createApp } from "../../../src/app.ts";
import type { Booking } from "../../../src/core/booking.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { createVoice } from "../../../src/core/voice.ts";
import { createOwnBookings } from "../../support/bookings.ts";
import { createContext } from "../../support/context.ts";
import { bootApp, callOf, owner } from "../../support/home.ts";
import { failureOf } from "../../support/upstream.ts";

const now = new Date("2026-11-20T12:00:00Z");

async function run(action: string, parameters: Record<string, unknown>, more: Partial<ToolContext> = {}) {
  const found = bookRestaurantPublic.actions.find(({ id }) => id === action);
  if (!found) throw new Error(`there is no action ${action}`);
  const { data, metadata } = await found.run(parameters, createContext({ now: () => now, ...more }));
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every part
  return { data: data as any, metadata };
}

const on = (id: string, day: string, more: Partial<Booking> = {}): Partial<Booking> => ({
  id,
  date: day,
  startsAt: new Date(`${day}T18:30:00Z`),
  endsAt: new Date(`${day}T20:30:00Z`),
  ...more,
});
const several = () =>
  createOwnBookings(
    on("bkg_later", "2026-12-24"),
    on("bkg_past", "2026-11-01"),
    on("bkg_longer_past", "2026-10-01"),
    on("bkg_failed", "2026-12-03", { status: "failed" }),
    on("bkg_gone", "2026-12-02", { status: "cancelled" }),
    on("bkg_next", "2026-11-21", { status: "pending" }),
    on("bkg_now", "2026-11-20", {
      startsAt: new Date("2026-11-20T11:00:00Z"),
      endsAt: new Date("2026-11-20T13:00:00Z"),
    }),
  );

describe("the list", () => {
  test.each([
    [{}, ["bkg_now", "bkg_next", "bkg_later"], 3],
    [{ limit: 1 }, ["bkg_now"], 3],
    [{ all: true }, ["bkg_now", "bkg_next", "bkg_gone", "bkg_failed", "bkg_later", "bkg_past", "bkg_longer_past"], 7],
    [{ all: true, limit: 2 }, ["bkg_now", "bkg_next"], 7],
  ])("%j: what is to come first, the next one at the top", async (parameters, ids, total) => {
    const { data, metadata } = await run("list", parameters, { bookings: several() });
    expect(Value.Check(ListOutput, data)).toBe(true);
    expect(data.bookings.map(({ booking_id }: { booking_id: string }) => booking_id)).toEqual(ids);
    expect([data.total, metadata.provider]).toEqual([total, "mcqueen"]);
  });

  test("wants somebody who asks", async () => {
    expect(await failureOf(run("list", {}))).toMatchObject({ code: "unauthenticated" });
  });
});

describe("cancelling", () => {
  test.each([
    ["handoff", "never booked here"],
    ["failed", "never booked"],
  ] as const)("what is a %s is only forgotten, and told so", async (status, message) => {
    const bookings = createOwnBookings({ status });
    const { data } = await run("cancel", { booking_id: "bkg_0" }, { bookings });
    expect(Value.Check(CancelOutput, data)).toBe(true);
    expect(data).toMatchObject({ booking_id: "bkg_0", status: "forgotten", message: expect.stringContaining(message) });
    expect(bookings.kept).toEqual([]);
  });

  test("what is cancelled is not cancelled twice; what is not there is not found", async () => {
    const bookings = createOwnBookings({ status: "cancelled", providerRef: "uid", provider: "Cal.com" });
    expect(await failureOf(run("cancel", { booking_id: "bkg_0" }, { bookings }))).toMatchObject({ code: "conflict" });
    for (const action of ["cancel", "show"]) {
      expect(await failureOf(run(action, { booking_id: "bkg_9" }, { bookings }))).toMatchObject({ code: "not_found" });
    }
  });

  test("is asked about first", () => {
    const cancel = bookRestaurantPublic.actions.find(({ id }) => id === "cancel");
    expect(cancel).toMatchObject({ effect: "destructive", confirmation: { fields: ["booking_id"] } });
    expect(cancel?.confirmation?.prompt({ booking_id: "bkg_0" }, createVoice({}))).toBe(
      "Cancel this table, or forget it where none is booked?",
    );
  });
});

describe("through the whole program", () => {
  let app: Awaited<ReturnType<typeof bootApp>>;
  beforeEach(async () => {
    app = await bootApp({ sandbox: true });
    const venues = { "Trattoria Bella": { event_type_id: 410_001, time_zone: "Europe/Berlin" } };
    await app.changeConfig(owner, "book_restaurant_public", { custom_settings: { venues } });
    await app.changeProfile(owner, { guest: { name: "Ada", email: "ada@example.org" } });
  });
  afterEach(() => app[Symbol.asyncDispose]());

  const day = String(Temporal.Now.plainDateISO("UTC").add({ days: 30 }));
  const table = { restaurant_name: "Trattoria Bella", date: day, time: "19:30", party_size: 4 };
  const confirmations = { ...table };
  const at = (action: string, parameters: object, more: Parameters<typeof callOf>[2] = {}) =>
    app.execute(callOf("book_restaurant_public", parameters, { action, ...more }));
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every part
  const dataOf = (outcome: Awaited<ReturnType<App["execute"]>>): any => {
    if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
    return outcome.data;
  };

  test("a write waits for its confirmation, and `book` is what is meant where nothing is named", async () => {
    const asked = await app.execute(callOf("book_restaurant_public", table));
    expect(asked).toMatchObject({
      ok: false,
      code: "confirmation_required",
      metadata: {
        service: "restaurant_booking",
        action: "book",
        requires_confirmation: ["restaurant_name", "date", "time", "party_size"],
        confirmation_prompt: expect.stringContaining("Book a table for 4 at “Trattoria Bella” on "),
      },
    });
    const other = await at("book", table, { confirmations: { ...confirmations, party_size: 5 } });
    expect(other).toMatchObject({ ok: false, code: "invalid_parameters", metadata: { mismatched: ["party_size"] } });
    expect(dataOf(await at("list", { all: true }))).toMatchObject({ total: 0 });
  });

  test("the audit keeps who was booked for, and no way to reach them", async () => {
    const guest = { name: "Zoë", email: "zoe@canary.example", phone: "+49 30 5550199" };
    const whole = { ...table, guest, notes: "canary wish" };
    dataOf(await at("book", whole, { confirmations }));
    const lines = JSON.stringify(await app.audit.page({ userId: "owner" }, undefined, 100));
    expect(lines).toContain("Zoë");
    for (const secret of ["zoe@canary", "5550199", "canary wish"]) expect(lines).not.toContain(secret);
  });

  test("the same idempotency key never books twice", async () => {
    const call = () => at("book", table, { confirmations, idempotencyKey: "dinner" });
    const first = await call();
    const again = await call();
    expect(dataOf(first).status).toBe("confirmed");
    expect(again).toMatchObject({ ok: true, data: dataOf(first), metadata: { replayed: true } });
    expect(dataOf(await at("list", { all: true })).total).toBe(1);
  });

  test("a booking is kept, shown, cancelled at Cal.com, and its table is free again", async () => {
    const { booking_id, confirmation_number } = dataOf(await at("book", table, { confirmations }));
    expect(dataOf(await at("show", { booking_id }))).toMatchObject({ status: "confirmed", confirmation_number });
    expect(await at("cancel", { booking_id })).toMatchObject({ code: "confirmation_required" });
    const cancelled = await at("cancel", { booking_id }, { confirmations: { action: true, booking_id } });
    expect(dataOf(cancelled)).toMatchObject({ status: "cancelled", message: "Cal.com cancelled the booking." });
    expect(dataOf(await at("list", {}))).toEqual({ bookings: [], total: 0 });
    const shown = dataOf(await at("show", { booking_id }));
    expect([shown.status, shown.confirmation_number]).toEqual(["cancelled", undefined]);
    expect(shown.ics).toContain("STATUS:CANCELLED");
    expect(dataOf(await at("book", table, { confirmations })).status).toBe("confirmed");
  });

  test("nobody reaches another's bookings, and they go with their user", async () => {
    const { booking_id } = dataOf(await at("book", table, { confirmations }));
    await app.people.addUser(owner, { id: "mia", role: "member" });
    const caller = { ...owner, userId: "mia", role: "member" as const };
    expect(dataOf(await at("list", { all: true }, { caller }))).toEqual({ bookings: [], total: 0 });
    for (const action of ["show", "cancel"]) {
      const outcome = await at(action, { booking_id }, { caller, confirmations: { action: true, booking_id } });
      expect(outcome).toMatchObject({ ok: false, code: "not_found" });
    }
    expect(await at("show", { booking_id, user_id: "owner" }, { caller })).toMatchObject({
      code: "invalid_parameters",
    });
    expect(dataOf(await at("show", { booking_id })).status).toBe("confirmed");
    const bella = { restaurant_name: "Le Petit Pont", location: "Paris", date: day, time: "19:30", party_size: 2 };
    const own = dataOf(await at("book", bella, { caller, confirmations: bella }));
    await app.people.removeUser(owner, "mia", "mia");
    await app.people.addUser(owner, { id: "mia", role: "member" });
    expect(await at("show", { booking_id: own.booking_id }, { caller })).toMatchObject({ code: "not_found" });
  });

  test("they are there when the program starts again", async () => {
    const { booking_id } = dataOf(await at("book", table, { confirmations }));
    const other = await createApp({ settings: app.settings });
    const outcome = await other.execute(callOf("book_restaurant_public", { booking_id }, { action: "show" }));
    await other.close();
    expect(outcome).toMatchObject({ ok: true, data: { booking_id, status: "confirmed", date: day, time: "19:30" } });
  });
});
