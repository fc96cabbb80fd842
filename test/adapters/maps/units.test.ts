import { expect, test } from "bun:test";
import { distanceBetween, distanceText, durationText } from "../../../src/adapters/maps/units.ts";

test.each([
  [0, "0 m", "0 ft"],
  [42, "42 m", "140 ft"],
  [853, "850 m", "0.5 mi"],
  [996, "1.0 km", "0.6 mi"],
  [2_332, "2.3 km", "1.4 mi"],
  [99_940, "99.9 km", "62.1 mi"],
  [497_004, "497 km", "309 mi"],
])("%d metres are %s or %s", (metres, metric, imperial) => {
  expect(distanceText(metres, "metric")).toBe(metric);
  expect(distanceText(metres, "imperial")).toBe(imperial);
});

test.each([
  [0, "1 min"],
  [89, "1 min"],
  [1_770, "30 min"],
  [3_900, "1 h 05 min"],
  [93_600, "26 h 00 min"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("the crow flies from Berlin to Paris", () => {
  const [berlin, paris] = [
    { latitude: 52.5174, longitude: 13.3951 },
    { latitude: 48.8589, longitude: 2.32 },
  ];
  expect(distanceBetween(berlin, paris) / 1000).toBeCloseTo(878.6, 0);
  expect(distanceBetween(berlin, berlin)).toBe(0);
});
