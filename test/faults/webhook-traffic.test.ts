import { describe, expect, test } from "bun:test";
import { createTraffic, type Kept } from "../support/webhook-traffic.ts";

/** The judge of the load is judged here: a loss or a double that it did not see would make the load prove nothing. */
describe("of what was sent and what is kept", () => {
  const traffic = createTraffic(400);
  const all: Kept = {
    messages: traffic.messages,
    announced: traffic.messages,
    statuses: new Map(traffic.outgoing.map((id) => [id, 3])),
  };
  const shown = [
    ...traffic.messages.map((id) => ({ id, direction: "in" })),
    ...traffic.outgoing.map((id) => ({ id, direction: "out", status: "read" })),
  ];

  test("the traffic has duplicates, and statuses that overtake each other", () => {
    expect(traffic.schedule).toHaveLength(new Set(traffic.schedule).size + traffic.duplicates);
    const ranks = traffic.outgoing.map((id) =>
      traffic.schedule.filter(({ about }) => about === id).map(({ rank }) => rank),
    );
    expect(ranks.some((each) => each[0] !== 1)).toBe(true);
  });

  test("all of it is right", () => {
    expect([traffic.faultsOf(shown, all), traffic.missingOf(all, traffic.schedule)]).toEqual([[], []]);
  });

  const wrong: [what: string, faults: number, shown: typeof shown, kept: Kept][] = [
    ["a message lost", 1, shown.slice(1), all],
    ["a message doubled", 1, [...shown, ...shown.slice(0, 1)], all],
    ["a stranger's message", 1, [...shown, { id: "other", direction: "in" }], all],
    ["an announcement lost", 1, shown, { ...all, announced: all.announced.slice(1) }],
    ["an announcement doubled", 1, shown, { ...all, announced: [...all.announced, ...all.announced.slice(0, 1)] }],
    [
      "a status behind",
      1,
      shown.map((each, at) => (at === shown.length - 1 ? { ...each, status: "sent" } : each)),
      all,
    ],
  ];
  test.each(wrong)("%s is seen", (_what, faults, seen, kept) => {
    expect(traffic.faultsOf(seen, kept)).toHaveLength(faults);
  });

  test("what was acknowledged and is not kept is missing", () => {
    const behind = { ...all, statuses: new Map([...all.statuses, [traffic.outgoing[0] ?? "", 2]]) };
    expect(traffic.missingOf(behind, new Set(traffic.schedule))).toMatchObject([{ about: "wamid.out.0", rank: 3 }]);
    const gone = { ...all, messages: all.messages.slice(1) };
    expect(traffic.missingOf(gone, new Set(traffic.schedule))).toMatchObject([{ about: "wamid.in.0.a" }]);
  });
});
