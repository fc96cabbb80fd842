import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import ICAL from "ical.js";
import { calendarFile } from "../../../src/adapters/booking/calendar-file.ts";
import type { Booking, BookingStatus } from "../../../src/core/booking.ts";
import { createOwnBookings } from "../../support/bookings.ts";

const bookingOf = (more: Partial<Booking> = {}): Booking => createOwnBookings(more).kept[0] as Booking;

/** Reads a file as another program does, with the zone's rules that it holds and no others. */
async function parse(booking: Booking) {
  const text = await calendarFile(booking);
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const component = calendar.getFirstSubcomponent("vevent");
  if (!component) throw new Error("the file holds no event");
  const event = new ICAL.Event(component);
  return { text, event, component, start: event.startDate.toUnixTime() * 1000, end: event.endDate.toUnixTime() * 1000 };
}

describe("the calendar file", () => {
  test.each<[BookingStatus, string, string]>([
    ["handoff", "TENTATIVE", "Table at Chez Marie (not booked yet)"],
    ["pending", "TENTATIVE", "Table at Chez Marie (not confirmed yet)"],
    ["confirmed", "CONFIRMED", "Table at Chez Marie"],
    ["cancelled", "CANCELLED", "Table at Chez Marie (cancelled)"],
    ["failed", "CANCELLED", "Table at Chez Marie (not booked)"],
  ])("of a %s booking is %s", async (status, state, summary) => {
    const { component, event } = await parse(bookingOf({ status, providerRef: "uid" }));
    expect([component.getFirstPropertyValue("status"), event.summary]).toEqual([state, summary]);
    expect(event.description.includes("Confirmation number: uid")).toBe(status === "confirmed");
  });

  test("tells place, phone and links, and the same thing by the same id", async () => {
    const details = {
      venue: { name: "Chez Marie", address: "12 Rue des Abbesses, Paris" },
      handoff: { links: [{ name: "OpenTable", url: "https://o.example/s?a=1,2;3", kind: "search" }], phone: "+33 1" },
      notes: "A high chair, please;\nby the window",
    };
    const { event, text } = await parse(bookingOf({ details }));
    expect(event.location).toBe("Chez Marie\n12 Rue des Abbesses, Paris");
    expect(event.description).toBe(
      "Table for 4\nNotes: A high chair, please;\nby the window\nPhone: +33 1\nOpenTable: https://o.example/s?a=1,2;3",
    );
    expect(event.uid).toBe("bkg_0@mcqueen");
    expect(text).toContain("DTSTART;TZID=Europe/Paris:20261204T193000\r\n");
    expect(text).toEndWith("END:VCALENDAR\r\n");
    for (const line of text.split("\r\n")) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  test.each([
    ["Europe/Paris", "2027-03-28T00:30:00Z", "over the night when the clocks go forward"],
    ["Europe/Paris", "2026-10-25T00:30:00Z", "over the night when they go back"],
    ["Europe/Paris", "2026-10-25T01:30:00Z", "in the second of two equal hours"],
    ["Europe/Paris", "2026-10-24T23:00:00Z", "into that night"],
    ["Europe/Paris", "2027-03-28T01:00:00Z", "at the very change"],
    ["America/New_York", "2026-11-01T05:30:00Z", "over New York's"],
    ["Australia/Lord_Howe", "2027-04-03T14:00:00Z", "of half an hour"],
    ["Asia/Tokyo", "2026-12-04T10:30:00Z", "where clocks never change now"],
    ["UTC", "2026-12-04T10:30:00Z", "where they never did"],
  ])("%s %s: another program reads the same instants (%s)", async (timeZone, instant) => {
    const startsAt = new Date(instant);
    const endsAt = new Date(startsAt.getTime() + 2 * 3_600_000);
    const { start, end } = await parse(bookingOf({ timeZone, startsAt, endsAt }));
    expect([new Date(start), new Date(end)]).toEqual([startsAt, endsAt]);
  });

  test("any time in any zone is read as the same instant, whatever the texts hold", async () => {
    const zones = fc.constantFrom("Europe/Paris", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu", "Africa/Cairo");
    const quarter = fc.integer({ min: 0, max: 3 * 365 * 96 });
    const text = fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" }).filter((each) => !/\p{Cc}/u.test(each));
    await fc.assert(
      fc.asyncProperty(zones, quarter, text, async (timeZone, offset, restaurantName) => {
        const startsAt = new Date(Date.parse("2026-11-20T12:00:00Z") + offset * 900_000);
        const endsAt = new Date(startsAt.getTime() + 7_200_000);
        const { start, end, event } = await parse(bookingOf({ timeZone, startsAt, endsAt, restaurantName }));
        expect([new Date(start), new Date(end)]).toEqual([startsAt, endsAt]);
        expect(event.summary).toContain(restaurantName);
      }),
      { numRuns: 150 },
    );
  });
});
