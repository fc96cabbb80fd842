import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { instructionOf } from "../../../src/adapters/maps/osrm-steps.ts";

type Row = [maneuver: Record<string, unknown>, step: Record<string, unknown>, sentence: string];

const rows: Row[] = [
  [{ type: "depart", bearing_after: 44 }, { name: "Main Street" }, "Head northeast on Main Street"],
  [{ type: "depart", bearing_after: 359 }, { name: "" }, "Head north"],
  [{ type: "depart" }, { name: "Main Street" }, "Head off on Main Street"],
  [{ type: "turn", modifier: "left" }, { name: "Main Street" }, "Turn left onto Main Street"],
  [{ type: "turn", modifier: "right" }, { name: "", ref: "B 96" }, "Turn right onto B 96"],
  [{ type: "turn", modifier: "right" }, { name: "Mehringdamm", ref: "B 96" }, "Turn right onto Mehringdamm (B 96)"],
  [{ type: "turn", modifier: "slight left" }, { name: "X" }, "Bear left onto X"],
  [{ type: "turn", modifier: "sharp right" }, { name: "X" }, "Turn sharply right onto X"],
  [{ type: "turn", modifier: "straight" }, { name: "X" }, "Continue onto X"],
  [{ type: "turn", modifier: "uturn" }, { name: "X" }, "Make a U-turn onto X"],
  [{ type: "turn", modifier: "left" }, { name: "" }, "Turn left"],
  [{ type: "new name", modifier: "straight" }, { name: "X", ref: "A 1;A 2" }, "Continue onto X (A 1 / A 2)"],
  [{ type: "continue", modifier: "straight" }, { name: "X" }, "Continue on X"],
  [{ type: "continue", modifier: "left" }, { name: "X" }, "Turn left to stay on X"],
  [{ type: "continue", modifier: "uturn" }, { name: "X" }, "Make a U-turn on X"],
  [{ type: "merge", modifier: "slight left" }, { name: "A 2" }, "Merge left onto A 2"],
  [
    { type: "on ramp", modifier: "right" },
    { destinations: "A 2: Hannover, Magdeburg" },
    "Take the ramp on the right towards Hannover, Magdeburg",
  ],
  [
    { type: "off ramp", modifier: "slight right" },
    { exits: "12;12A", name: "X" },
    "Take exit 12 or 12A on the right onto X",
  ],
  [{ type: "off ramp", modifier: "right" }, { destinations: "Potsdam" }, "Take the exit on the right towards Potsdam"],
  [{ type: "fork", modifier: "slight left" }, { name: "X" }, "Keep left at the fork onto X"],
  [{ type: "end of road", modifier: "right" }, { name: "X" }, "Turn right at the end of the road onto X"],
  [{ type: "roundabout", exit: 1 }, { name: "X" }, "At the roundabout, take the 1st exit onto X"],
  [{ type: "roundabout", exit: 12 }, { name: "" }, "At the roundabout, take the 12th exit"],
  [{ type: "roundabout" }, { name: "X" }, "At the roundabout, take the exit onto X"],
  [
    { type: "rotary", exit: 3 },
    { name: "X", rotary_name: "Großer Stern" },
    "At Großer Stern, take the 3rd exit onto X",
  ],
  [{ type: "rotary", exit: 22 }, {}, "At the rotary, take the 22nd exit"],
  [{ type: "roundabout turn", modifier: "left" }, { name: "X" }, "At the roundabout, turn left onto X"],
  [{ type: "exit roundabout" }, { name: "X" }, "Leave the roundabout onto X"],
  [{ type: "exit rotary" }, {}, "Leave the roundabout"],
  [{ type: "notification" }, { name: "X" }, "Continue on X"],
  [{ type: "arrive", modifier: "left" }, { name: "X" }, "Arrive at your destination, on the left"],
  [{ type: "arrive" }, { name: "X" }, "Arrive at your destination"],
  [{ type: "something new", modifier: "left" }, { name: "X" }, "Turn left onto X"],
  [{ type: "turn", modifier: "left" }, { name: "Calais", mode: "ferry" }, "Take the ferry Calais"],
  [{ type: "arrive" }, { name: "X", mode: "ferry" }, "Arrive at your destination"],
  [{ type: "turn", modifier: "left" }, { name: "X", mode: "pushing bike" }, "Turn left onto X, walking the bicycle"],
];

describe("steps of OSRM", () => {
  test.each(rows)("%j %j reads: %s", (maneuver, step, sentence) => {
    expect(instructionOf({ ...step, maneuver })).toBe(sentence);
  });

  test("there is a sentence for every step, whatever it holds", () => {
    const word = fc.option(fc.oneof(fc.string(), fc.integer()), { nil: undefined });
    const maneuver = fc.record({ type: word, modifier: word, exit: word, bearing_after: word });
    const step = fc.record({
      maneuver: fc.oneof(maneuver, fc.anything()),
      name: word,
      ref: word,
      mode: word,
      exits: word,
    });
    fc.assert(
      fc.property(fc.oneof(step, fc.anything()), (each) => {
        expect(instructionOf(each)).not.toMatch(/undefined|null|NaN|^$/);
      }),
      { numRuns: 300, examples: [] },
    );
  });
});
