import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { momentOf, zoneAt } from "../../../src/adapters/booking/moment.ts";
import { AppError } from "../../../src/core/errors.ts";

const now = new Date("2026-11-20T12:00:00Z");

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a date and time by the restaurant's clock", () => {
  test.each([
    ["2026-12-04", "19:30", "Europe/Paris", "2026-12-04T18:30:00Z"],
    ["2026-12-04", "19:30", "America/New_York", "2026-12-05T00:30:00Z"],
    ["2026-12-04", "19:30", "Asia/Tokyo", "2026-12-04T10:30:00Z"],
    ["2026-12-04", "19:30", "Asia/Kathmandu", "2026-12-04T13:45:00Z"],
    ["2027-03-28", "03:00", "Europe/Paris", "2027-03-28T01:00:00Z"],
    ["2027-10-31", "02:30", "Europe/Paris", "2027-10-31T00:30:00Z"],
    ["2026-11-20", "13:01", "Europe/Paris", "2026-11-20T12:01:00Z"],
    ["2026-11-21", "00:30", "Asia/Tokyo", "2026-11-20T15:30:00Z"],
  ])("%s %s in %s is %s", (date, time, zone, instant) => {
    expect(momentOf(date, time, zone, now).start.toInstant().toString()).toBe(instant);
  });

  test.each([
    ["2026-11-20", "13:00", "Europe/Paris", "Parameter time must not be past"],
    ["2026-11-19", "20:00", "Europe/Paris", "Parameter date must not be past"],
    ["2026-11-20", "20:00", "Asia/Tokyo", "Parameter time must not be past"],
    ["2026-11-20", "23:00", "Pacific/Auckland", "Parameter date must not be past"],
    ["2027-03-28", "02:30", "Europe/Paris", "the clocks in Europe/Paris go forward and leave 02:30 out"],
    ["2027-03-14", "02:00", "America/New_York", "go forward and leave 02:00 out"],
    ["2026-10-01", "20:00", "Europe/Paris", "Parameter date must not be past"],
  ])("%s %s in %s is refused", (date, time, zone, message) => {
    const { code, message: said, hint } = refusal(() => momentOf(date, time, zone, now));
    expect(code).toBe("invalid_parameters");
    expect(said).toContain(message);
    expect(hint).toBeDefined();
  });

  test("of an hour that comes twice the first is meant, or the second when the first is past", () => {
    const night = ["2027-10-31", "02:30", "Europe/Paris"] as const;
    expect(momentOf(...night, now)).toMatchObject({ isTwice: true });
    const between = momentOf(...night, new Date("2027-10-31T00:45:00Z"));
    expect([between.isTwice, between.start.toInstant().toString()]).toEqual([false, "2027-10-31T01:30:00Z"]);
  });

  test("any date, time and zone: the instant shows that very clock there, or it is refused", () => {
    const zones = fc.constantFrom(
      "Europe/Paris",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Tokyo",
      "Africa/Cairo",
    );
    const minutes = fc.integer({ min: 0, max: 3 * 365 * 1440 });
    fc.assert(
      fc.property(zones, minutes, (zone, offset) => {
        const wall = Temporal.PlainDateTime.from("2026-11-22T00:00").add({ minutes: offset });
        const [date, time] = [String(wall.toPlainDate()), wall.toString({ smallestUnit: "minute" }).slice(11)];
        const isSkipped = !wall.toZonedDateTime(zone).toPlainDateTime().equals(wall);
        if (isSkipped) {
          expect(refusal(() => momentOf(date, time, zone, now)).code).toBe("invalid_parameters");
          return;
        }
        const shown = new Intl.DateTimeFormat("sv-SE", {
          timeZone: zone,
          dateStyle: "short",
          timeStyle: "short",
        }).format(momentOf(date, time, zone, now).start.epochMilliseconds);
        expect(shown).toBe(`${date} ${time}`);
      }),
      { numRuns: 300 },
    );
  });

  test("every point of the earth has a zone that is known here", async () => {
    for (let latitude = -90; latitude <= 90; latitude += 3) {
      for (let longitude = -180; longitude <= 180; longitude += 3) {
        const zone = await zoneAt(latitude, longitude);
        expect(() => momentOf("2026-12-04", "19:30", zone, now)).not.toThrow();
      }
    }
  });

  test.each([
    [48.88, 2.34, "Europe/Paris"],
    [40.73, -74, "America/New_York"],
    [35.67, 139.76, "Asia/Tokyo"],
    [27.7, 85.32, "Asia/Kathmandu"],
    [-31.55, 159.08, "Australia/Lord_Howe"],
  ])("%d, %d lies in %s", async (latitude, longitude, zone) => {
    expect(await zoneAt(latitude, longitude)).toBe(zone);
  });
});
