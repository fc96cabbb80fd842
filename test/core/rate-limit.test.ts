import { describe, expect, test } from "bun:test";
import { createFailureBrake, createRateLimiter } from "../../src/core/rate-limit.ts";

const minute = 60_000;
const year = 365 * 24 * 60 * minute;
const noon = Date.parse("2026-11-25T12:00:00Z");

describe("a limit of three a minute, used up", () => {
  const moves: [clock: string, movedMs: number, isFree: boolean][] = [
    ["stands still", 0, false],
    ["goes on half a minute", minute / 2, false],
    ["goes on a minute", minute, true],
    ["is set back a year", -year, true],
    ["is set ahead a year", year, true],
  ];
  test.each(moves)("while the clock %s", (_clock, movedMs, isFree) => {
    const limiter = createRateLimiter();
    for (let call = 0; call < 3; call++) expect(limiter.take("a", 3, minute, noon).ok).toBe(true);
    expect(limiter.take("a", 3, minute, noon).ok).toBe(false);
    const { ok, resetS } = limiter.take("a", 3, minute, noon + movedMs);
    expect(ok).toBe(isFree);
    expect(resetS).toBeLessThanOrEqual(60);
  });
});

describe("a brake that is on", () => {
  const moves: [clock: string, movedMs: number, waitS: number][] = [
    ["stands still", 0, 60],
    ["goes on half a minute", minute / 2, 30],
    ["goes on a minute", minute, 0],
    ["is set back a year", -year, 60],
    ["is set ahead a year", year, 0],
  ];
  test.each(moves)("while the clock %s", (_clock, movedMs, waitS) => {
    const brake = createFailureBrake(2);
    for (let failure = 0; failure < 2; failure++) brake.failed("a", noon);
    expect(brake.waitS("a", noon)).toBe(60);
    expect(brake.waitS("a", noon + movedMs)).toBe(waitS);
    expect(brake.waitS("a", noon + movedMs + minute)).toBe(0);
  });

  test("stays on for who fails again after the clock was set back", () => {
    const brake = createFailureBrake(2);
    for (let failure = 0; failure < 3; failure++) brake.failed("a", noon);
    expect(brake.waitS("a", noon - year)).toBe(120);
    brake.failed("a", noon - year);
    expect(brake.waitS("a", noon - year)).toBe(240);
  });
});
