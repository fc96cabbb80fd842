import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { bookRestaurantPublic } from "../../../src/adapters/booking/book-restaurant-public.ts";
import { parseBooking, parseSlots, refusalOf } from "../../../src/adapters/booking/cal-com.ts";
import { AppError } from "../../../src/core/errors.ts";
import { checkParameters } from "../../../src/core/parameters.ts";

describe("what Cal.com answers", () => {
  test("slots come with and without a status around them, in any order", () => {
    const data = {
      "2026-12-04": [{ start: "2026-12-04T20:00:00.000+01:00" }, { start: "2026-12-04T19:30:00.000+01:00" }],
    };
    const read = ["2026-12-04T18:30:00Z", "2026-12-04T19:00:00Z"];
    expect(parseSlots({ status: "success", data }).map(String)).toEqual(read);
    expect(parseSlots({ data }).map(String)).toEqual(read);
    expect(parseSlots({ data: {} })).toEqual([]);
    expect(parseSlots({ data: { "2026-12-04": [{ start: "soon" }, null, 3] } })).toEqual([]);
  });

  test.each([[null], [[]], ["x"], [{}], [{ data: [] }], [{ data: { uid: "a", status: "odd", start: "x" } }]])(
    "%j is not understood",
    (json) => {
      expect(() => parseBooking(json)).toThrow("not understood");
    },
  );

  test("whatever comes is read or refused in our words", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(400, 404, 409), (json, status) => {
        expect(refusalOf({ status, json })).toBeInstanceOf(AppError);
        for (const read of [parseSlots, parseBooking]) {
          try {
            read(json);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("the setting venues", () => {
  const schema = bookRestaurantPublic.settings;
  test.each([
    [{ A: { event_type_id: 0 } }, "venues.A.event_type_id"],
    [{ A: { event_type_id: 1, time_zone: "Mars/Base" } }, "venues.A.time_zone must be a valid time zone"],
    [{ A: { slug: "x" } }, "Unknown setting: venues.A.slug"],
    [{ A: {} }, "Missing required setting: venues.A.event_type_id"],
    ["A", "venues must be an object"],
  ])("%j is refused", (given, problem) => {
    const checked = schema && checkParameters(schema, { venues: given }, {}, "setting");
    expect(checked?.ok === false && checked.problems.join()).toContain(problem);
  });
});
