import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Booking, bookingsOf, showBooking } from "../../src/core/booking.ts";
import { noRestrictions } from "../../src/core/restrictions.ts";
import { createBookingStore } from "../../src/store/booking.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createUserStore } from "../../src/store/user.ts";
import { createOwnBookings } from "../support/bookings.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
let db: Database;
beforeEach(async () => {
  home = createHome();
  db = openDatabase(join(home.path, "mcqueen.db"));
  const users = createUserStore(db.durable);
  for (const id of ["ada", "bob"])
    await users.create({ id, role: "member", createdAt: new Date(0), restrictions: noRestrictions });
});
afterEach(() => {
  db.close();
  home[Symbol.dispose]();
});

const bookingOf = (more: Partial<Booking>): Booking => createOwnBookings(more).kept[0] as Booking;

test("a booking comes back as it was kept, by its start", async () => {
  const store = createBookingStore(db.durable);
  const details = { venue: { name: "Chez Marie" }, warnings: ["w"], notes: "é\n" };
  const later = bookingOf({ id: "bkg_b", startsAt: new Date("2026-12-05T18:30:00Z"), details, providerRef: "uid" });
  const sooner = bookingOf({ id: "bkg_a", status: "pending" });
  await store.add("ada", later);
  await store.add("ada", sooner);
  expect(await store.list("ada")).toEqual([sooner, later]);
  expect(await store.find("ada", "bkg_b")).toEqual(later);
});

test("a change keeps what it does not name", async () => {
  const store = createBookingStore(db.durable);
  const booking = bookingOf({ status: "pending", details: { reason: "open", notes: "n" } });
  await store.add("ada", booking);
  await store.change("ada", booking.id, { status: "confirmed", providerRef: "uid", details: { notes: "n" } });
  const changed = { ...booking, status: "confirmed" as const, providerRef: "uid", details: { notes: "n" } };
  expect(await store.find("ada", booking.id)).toEqual(changed);
  const moved = { date: "2026-12-06", time: "20:00", startsAt: new Date("2026-12-06T19:00:00Z") };
  await store.change("ada", booking.id, moved);
  expect(await store.find("ada", booking.id)).toEqual({ ...changed, ...moved });
  await store.change("ada", "bkg_none", { status: "failed" });
});

test("one user's hand never reaches another's", async () => {
  const store = createBookingStore(db.durable);
  const booking = bookingOf({});
  await store.add("ada", booking);
  const bob = bookingsOf(store, "bob");
  expect([await bob.list(), await bob.find(booking.id)]).toEqual([[], undefined]);
  await bob.change(booking.id, { status: "failed" });
  await bob.remove(booking.id);
  expect(await store.list("ada")).toEqual([booking]);
});

test("bookings go with their user", async () => {
  const store = createBookingStore(db.durable);
  await store.add("ada", bookingOf({}));
  await createUserStore(db.durable).remove("ada");
  expect(db.durable.all("SELECT id FROM bookings")).toEqual([]);
});

test("only a confirmed booking shows a confirmation number", () => {
  for (const status of ["pending", "handoff", "failed", "cancelled"] as const) {
    expect(showBooking(bookingOf({ status, providerRef: "uid" }))).not.toHaveProperty("confirmation_number");
  }
  expect(showBooking(bookingOf({ status: "confirmed", providerRef: "uid" })).confirmation_number).toBe("uid");
});
