import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { nextTurn, type PaceState } from "../../src/core/pace.ts";
import { afterEvent, circuitState, freshHealth, type ProviderEvent } from "../../src/core/provider-health.ts";

const start = Date.parse("2026-03-10T12:00:00Z");
const at = (seconds: number): Date => new Date(start + seconds * 1000);
const broken = (seconds: number): ProviderEvent => ({
  kind: "failure",
  at: at(seconds),
  code: "timeout",
  reason: "slow",
  theirs: true,
});
const refused = (seconds: number): ProviderEvent => ({
  kind: "failure",
  at: at(seconds),
  code: "upstream_rejected",
  reason: "no",
  theirs: false,
});
const good = (seconds: number): ProviderEvent => ({ kind: "success", at: at(seconds) });
const five = [0, 0, 0, 0, 0].map(broken);

describe("a circuit", () => {
  const rows: [name: string, events: ProviderEvent[], seconds: number, state: string][] = [
    ["nothing happened", [], 0, "closed"],
    ["four failures", five.slice(1), 0, "closed"],
    ["five", five, 1, "open"],
    ["five, a while ago", five, 30, "half_open"],
    ["five with an answer between", [...five.slice(1), good(0), ...five.slice(1)], 0, "closed"],
    ["five with a refusal between", [...five.slice(1), refused(0), ...five.slice(1)], 0, "closed"],
    ["a trial is under way", [...five, { kind: "trial", at: at(30) }], 31, "open"],
    ["a trial never ended", [...five, { kind: "trial", at: at(30) }], 60, "half_open"],
    ["its caller left", [...five, { kind: "trial", at: at(30) }, { kind: "abandoned", at: at(31) }], 31, "half_open"],
    ["it went well", [...five, { kind: "trial", at: at(30) }, good(31)], 31, "closed"],
    ["it went wrong", [...five, { kind: "trial", at: at(30) }, broken(31)], 60, "open"],
    ["the clock was set back nine hours", five, -9 * 3600, "half_open"],
  ];
  test.each(rows)("%s", (_name, events, seconds, state) => {
    const health = events.reduce((before, event) => afterEvent(before, event), freshHealth);
    expect(circuitState(health, at(seconds))).toBe(state as "open");
  });

  test("remembers the last of each kind", () => {
    const health = [broken(1), good(2), refused(3)].reduce((before, event) => afterEvent(before, event), freshHealth);
    expect(health).toEqual({
      failures: 0,
      lastSuccessAt: at(2),
      lastFailure: { at: at(3), code: "upstream_rejected", reason: "no" },
    });
  });
});

describe("turns", () => {
  test("lie apart, whenever they are asked for, also when the clock is set back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.array(fc.record({ passed: fc.nat(4_000), step: fc.constantFrom(0, 0, 0, -40_000_000, 500) }), {
          maxLength: 30,
        }),
        (everyMs, asks) => {
          let known: PaceState | undefined;
          let [real, clock, last] = [0, start, Number.NEGATIVE_INFINITY];
          for (const { passed, step } of asks) {
            real += passed;
            clock += passed + Math.min(step, 0);
            const { waitMs, state } = nextTurn(known, everyMs, clock);
            expect(waitMs).toBeGreaterThanOrEqual(0);
            expect(real + waitMs - last).toBeGreaterThanOrEqual(everyMs);
            [known, last] = [state, real + waitMs];
          }
        },
      ),
    );
  });

  test("a burst goes at once after a rest, and no time holds more turns than it may, also when the clock jumps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.record({ passed: fc.nat(4_000), step: fc.constantFrom(0, 0, 0, -40_000_000) }), { maxLength: 40 }),
        (everyMs, burst, asks) => {
          let known: PaceState | undefined;
          let [real, clock] = [0, start];
          const given: number[] = [];
          for (const { passed, step } of asks) {
            real += passed;
            clock += passed + step;
            const { waitMs, state } = nextTurn(known, everyMs, clock, burst);
            given.push(real + waitMs);
            known = state;
          }
          expect(given.slice(0, burst)).toEqual(given.slice(0, burst).sort((a, b) => a - b));
          for (let at = burst; at < given.length; at++) {
            expect((given[at] ?? 0) - (given[at - burst] ?? 0)).toBeGreaterThanOrEqual(everyMs);
          }
        },
      ),
    );
    let known: PaceState | undefined;
    const waits = Array.from({ length: 5 }, () => {
      const { waitMs, state } = nextTurn(known, 1_000, start, 3);
      known = state;
      return waitMs;
    });
    expect(waits).toEqual([0, 0, 0, 1_000, 2_000]);
  });

  test("a free provider is asked at once, and nobody waits for long ago", () => {
    expect(nextTurn(undefined, 1_000, start).waitMs).toBe(0);
    expect(nextTurn({ takenAt: start - 60_000, nextAt: start - 59_000 }, 1_000, start).waitMs).toBe(0);
    expect(nextTurn({ takenAt: start, nextAt: start + 1_000 }, 1_000, start + 400).waitMs).toBe(600);
  });
});
