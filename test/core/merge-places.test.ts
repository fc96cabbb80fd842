import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { googleId, mergePlaces } from "../../src/core/merge-places.ts";
import { findSaved } from "../../src/core/place-book.ts";
import type { NewPlace } from "../../src/core/saved-place.ts";

const now = new Date("2026-03-10T12:00:00Z");
const place = (name: string, more: Partial<NewPlace> = {}): NewPlace => ({ name, source: "google_takeout", ...more });
const cid = "http://maps.google.com/?cid=1834935931531459558";
const ftid = "https://www.google.com/maps/place/X/data=!4m2!3m1!1s0x54b8c77d187a3975:0x1977008200887be6";

describe("merging places", () => {
  test.each([
    [cid, "1834935931531459558"],
    [ftid, "1834935931531459558"],
    ["http://maps.google.com/?q=X&ftid=0x54b8c77d187a3975:0x1977008200887be6", "1834935931531459558"],
    ["https://www.google.com", undefined],
    ["http://maps.google.com/?q=1,2", undefined],
    [undefined, undefined],
  ])("Google's number in %p is %p", (url, id) => {
    expect(googleId(url)).toBe(id as string);
  });

  type Row = [
    name: string,
    first: NewPlace,
    second: NewPlace,
    counts: [added: number, updated: number, unchanged: number],
  ];
  const rows: Row[] = [
    ["the same again", place("A"), place("A"), [0, 0, 1]],
    ["the same by Google's number, in both forms", place("A", { url: cid }), place("B", { url: ftid }), [0, 0, 1]],
    [
      "one name, two numbers",
      place("A", { url: cid }),
      place("A", { url: "http://maps.google.com/?cid=7" }),
      [1, 0, 0],
    ],
    ["other case and accents", place("Café"), place("CAFE"), [0, 0, 1]],
    ["coordinates fill in", place("A"), place("A", { latitude: 1, longitude: 2 }), [0, 1, 0]],
    ["an address fills in", place("A", { latitude: 1, longitude: 2 }), place("A", { address: "Street" }), [0, 1, 0]],
    ["a label fills in", place("A"), place("A", { label: "home" }), [0, 1, 0]],
    [
      "one name far apart",
      place("Dropped pin", { latitude: 1, longitude: 2 }),
      place("Dropped pin", { latitude: 1.1, longitude: 2 }),
      [1, 0, 0],
    ],
    [
      "one name next door",
      place("A", { latitude: 1, longitude: 2 }),
      place("A", { latitude: 1.0001, longitude: 2 }),
      [0, 0, 1],
    ],
    ["one name, two addresses", place("A", { address: "x" }), place("A", { address: "y" }), [1, 0, 0]],
  ];
  test.each(rows)("%s", (_name, first, second, counts) => {
    const before = mergePlaces([], [first], now).add;
    const { add, update, unchanged } = mergePlaces(before, [second], now);
    expect([add.length, update.length, unchanged]).toEqual(counts);
  });

  test("what a person wrote stays, and a label is not taken away from another", () => {
    const before = mergePlaces([], [place("A", { note: "mine", label: "home" }), place("B")], now).add;
    const { add, update } = mergePlaces(
      before,
      [place("A", { note: "theirs", address: "x" }), place("B", { label: "home" }), place("C", { label: "home" })],
      now,
    );
    expect(update).toMatchObject([{ name: "A", note: "mine", address: "x", label: "home" }]);
    expect(add).toMatchObject([{ name: "C" }]);
    expect(add[0]?.label).toBeUndefined();
  });

  test("twenty thousand dropped pins are told apart", () => {
    const pins = Array.from({ length: 20_000 }, (_, at) =>
      place("Dropped pin", { latitude: (at % 140) / 10, longitude: Math.floor(at / 140) / 10 }),
    );
    const { add } = mergePlaces([], pins, now);
    expect(add).toHaveLength(20_000);
    expect(mergePlaces(add, pins, now)).toMatchObject({ add: [], update: [], unchanged: 20_000 });
  });

  const many = 20_000;
  const point = { latitude: 1, longitude: 2 };
  test.each<[name: string, made: (at: number) => Partial<NewPlace>]>([
    ["numbers", (at) => ({ url: `https://maps.google.com/?cid=${at + 1}` })],
    ["numbers at one point", (at) => ({ url: `https://maps.google.com/?cid=${at + 1}`, ...point })],
    ["addresses", (at) => ({ address: `Street ${at}` })],
    ["numbers and addresses", (at) => ({ url: `https://maps.google.com/?cid=${at + 1}`, address: `Street ${at}` })],
  ])("twenty thousand of one name with other %s are not compared each with each", (_name, made) => {
    const places = Array.from({ length: many }, (_, at) => place("Home", made(at)));
    const { add } = mergePlaces([], places, now);
    expect(add).toHaveLength(many);
    expect(mergePlaces(add, places, now).unchanged).toBe(many);
  });

  test("the index finds one exactly where a look at all of them does", () => {
    const some = fc.record(
      {
        at: fc.constantFrom(0, 0.0004, 0.0011, 0.0019, 5),
        address: fc.constantFrom("x", "y", "!"),
        url: fc.constantFrom(cid, "http://maps.google.com/?cid=7"),
      },
      { requiredKeys: [] },
    );
    const placeOf = ({ at, ...more }: { at?: number; address?: string; url?: string }): NewPlace =>
      place("A", { ...more, ...(at === undefined ? {} : { latitude: at, longitude: at }) });
    const isSame = (a: NewPlace, b: NewPlace): boolean => {
      const [one, other] = [googleId(a.url), googleId(b.url)];
      if (one && other) return one === other;
      if (a.latitude !== undefined && b.latitude !== undefined) return Math.abs(a.latitude - b.latitude) < 0.001;
      const [first, second] = [a.address, b.address].map((text) => text?.replace("!", ""));
      return !first || !second || first === second;
    };
    fc.assert(
      fc.property(fc.array(some.map(placeOf), { maxLength: 6 }), some.map(placeOf), (known, given) => {
        const before = known.flatMap((each) => mergePlaces([], [each], now).add);
        const isNew = mergePlaces(before, [given], now).add.length === 1;
        expect(isNew).toBe(!before.some((each) => isSame(each, given)));
      }),
      { numRuns: 500 },
    );
  });

  test("importing twice adds nothing, and every row is counted", () => {
    const name = fc.constantFrom("A", "a", "B", "Dropped pin", "Ä");
    const degrees = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
    const some = fc
      .record({
        name,
        degrees,
        url: fc.constantFrom(undefined, cid, ftid, "http://maps.google.com/?cid=7"),
        label: fc.constantFrom(undefined, "home"),
      })
      .map(({ name, degrees, url, label }) =>
        place(name, {
          ...(degrees === undefined ? {} : { latitude: degrees, longitude: degrees }),
          ...(url ? { url } : {}),
          ...(label ? { label } : {}),
        }),
      );
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), (incoming) => {
        const first = mergePlaces([], incoming, now);
        expect(first.update).toEqual([]);
        expect(first.add.length).toBeLessThanOrEqual(incoming.length);
        const labels = first.add.flatMap(({ label }) => label ?? []);
        expect(new Set(labels).size).toBe(labels.length);
        expect(mergePlaces(first.add, incoming, now).add).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("naming a saved place", () => {
  const saved = [
    { id: "plc_1", name: "Chez Marie", label: "treat" },
    { id: "plc_2", name: "Chez Marie" },
    { id: "plc_3", name: "Treat" },
  ];
  test.each([
    ["chez marie", ["plc_1", "plc_2"]],
    ["TREAT", ["plc_1"]],
    ["plc_2", ["plc_2"]],
    ["marie", []],
    ["?", []],
  ])("%s is %j", (text, ids) => {
    expect(findSaved(saved, text).map(({ id }) => id)).toEqual(ids);
  });
});
