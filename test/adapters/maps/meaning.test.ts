import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { meaningOf } from "../../../src/adapters/maps/meaning.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { SavedPlace } from "../../../src/core/saved-place.ts";

const importedAt = new Date("2026-03-10T12:00:00Z");
const saved: SavedPlace[] = [
  { id: "plc_1", name: "Café Morgenrot", label: "treat", source: "manual", importedAt },
  { id: "plc_2", name: "Office", source: "manual", importedAt },
  { id: "plc_3", name: "office", source: "manual", importedAt },
];
const read = (text: string, profile = {}) => meaningOf(text, "origin", saved, profile);

describe("what words for a place mean", () => {
  test.each([
    ["52.5,13.4", { kind: "point", latitude: 52.5, longitude: 13.4 }],
    [" -33.9 , +151.2 ", { kind: "point", latitude: -33.9, longitude: 151.2 }],
    ["Treat", { kind: "saved", place: { id: "plc_1" }, others: [] }],
    ["cafe morgenrot", { kind: "saved", place: { id: "plc_1" } }],
    ["OFFICE", { kind: "saved", place: { id: "plc_2" }, others: [{ id: "plc_3" }] }],
    [" Main Street 5, 10115 Berlin ", { kind: "text", text: "Main Street 5, 10115 Berlin" }],
    ["52.5,13.4,7", { kind: "text" }],
    ["東京", { kind: "text", text: "東京" }],
  ])("%j", (text, meaning) => {
    expect(read(text)).toMatchObject(meaning);
  });

  test("home of the profile stands in for a label that no place bears", () => {
    expect(read("Home", { home: "5 Elm Street" })).toEqual({ kind: "text", text: "5 Elm Street" });
  });

  test("any text is a place, or refused in our words", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+-]?\d{0,4}\.?\d*,[+-]?\d{0,4}\.?\d*$/)), (text) => {
        try {
          const meaning = read(text);
          if (meaning.kind !== "point") return;
          expect(Math.abs(meaning.latitude)).toBeLessThanOrEqual(90);
          expect(Math.abs(meaning.longitude)).toBeLessThanOrEqual(180);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect((error as AppError).message).toContain("origin");
        }
      }),
      { numRuns: 300 },
    );
  });

  test("coordinates come through as they were written", () => {
    const degrees = (most: number) =>
      fc.double({ min: -most, max: most, noNaN: true }).map((value) => Number(value.toFixed(5)) + 0);
    fc.assert(
      fc.property(degrees(90), degrees(180), (latitude, longitude) => {
        expect(read(`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`)).toEqual({ kind: "point", latitude, longitude });
      }),
      { numRuns: 200 },
    );
  });
});
