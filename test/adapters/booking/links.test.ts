import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { linksFor } from "../../../src/adapters/booking/links.ts";
import { webAddress } from "../../../src/core/web-address.ts";
import type { OsmPlace } from "../../../src/osm/nominatim.ts";

const wish = { name: "Chez Marie", date: "2026-12-04", time: "19:30", partySize: 4, city: "Paris", countryCode: "FR" };
const place = (tags: Record<string, string>, website?: string): OsmPlace => ({
  id: "node/1",
  name: "Chez Marie",
  address: "12 Rue des Abbesses, Paris",
  latitude: 48.88,
  longitude: 2.33,
  category: "amenity",
  type: "restaurant",
  url: "https://www.openstreetmap.org/node/1",
  tags,
  ...(website === undefined ? {} : { website }),
});
const search = {
  name: "OpenTable",
  url: "https://www.opentable.com/s?covers=4&dateTime=2026-12-04T19%3A30&term=Chez+Marie+Paris",
  kind: "search",
};

describe("links to finish it", () => {
  test("without anything of its own there is a search, which says that it is one", () => {
    expect(linksFor(place({}), wish)).toEqual([search]);
    expect(linksFor(undefined, wish)).toEqual([search]);
  });

  test.each([
    [
      "https://www.opentable.co.uk/r/chez-marie-paris?ref=1",
      "OpenTable",
      "https://www.opentable.co.uk/r/chez-marie-paris?covers=4&dateTime=2026-12-04T19%3A30",
    ],
    [
      "https://resy.com/cities/new-york-ny/venues/chez-marie",
      "Resy",
      "https://resy.com/cities/new-york-ny/venues/chez-marie?date=2026-12-04&seats=4",
    ],
    [
      "https://www.exploretock.com/chezmarie/",
      "Tock",
      "https://www.exploretock.com/chezmarie/search?date=2026-12-04&size=4&time=19%3A30",
    ],
    [
      "http://www.sevenrooms.com/reservations/chezmarie",
      "SevenRooms",
      "https://www.sevenrooms.com/reservations/chezmarie?date=2026-12-04&party_size=4",
    ],
    [
      "https://www.thefork.fr/restaurant/chez-marie-r12345",
      "TheFork",
      "https://www.thefork.fr/restaurant/chez-marie-r12345?date=2026-12-04&time=19%3A30&partySize=4",
    ],
  ])("%s is filled in, for its address is known", (given, name, url) => {
    expect(linksFor(place({ "reservation:website": given }), wish)[0]).toEqual({ name, url, kind: "reservation" });
    expect(linksFor(place({}, given), wish)[0]).toEqual({ name, url, kind: "reservation" });
  });

  test("the restaurant's own pages come first, each once", () => {
    const own = place({ "reservation:website": "https://marie.example/book" }, "https://marie.example/");
    expect(linksFor(own, wish)).toEqual([
      { name: "Reservations", url: "https://marie.example/book", kind: "reservation" },
      { name: "Website", url: "https://marie.example/", kind: "website" },
      search,
    ]);
    expect(linksFor(place({ reservation: "https://marie.example/" }, "https://marie.example/"), wish)).toHaveLength(2);
  });

  test("Resy's city comes only where its page is known", () => {
    const city = (name: string, countryCode: string) =>
      linksFor(undefined, { ...wish, city: name, countryCode }).find(({ kind }) => kind === "city")?.url;
    expect(city("New York", "US")).toBe("https://resy.com/cities/new-york-ny?date=2026-12-04&seats=4");
    expect(city("Paris", "FR")).toBeUndefined();
    expect(city("New York", "GB")).toBeUndefined();
  });

  test.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://user:secret@evil.example/",
    "data:text/html,x",
    "not a page",
    "",
  ])("%p is no page to open", (given) => {
    expect(webAddress(given)).toBeUndefined();
    expect(linksFor(place({ "reservation:website": given }, given), wish)).toEqual([search]);
  });

  test("www.… without a scheme is a page, and of several the first counts", () => {
    expect(webAddress("www.marie.example/book; https://other.example")?.href).toBe("https://www.marie.example/book");
  });

  test("whatever a name holds, links are https and hold it as text", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
        fc.integer({ min: 1, max: 50 }),
        (name, partySize) => {
          for (const { url } of linksFor(undefined, { ...wish, name, partySize })) {
            const { origin, searchParams } = new URL(url);
            expect(origin).toBe("https://www.opentable.com");
            expect(searchParams.get("term")?.isWellFormed()).toBe(true);
            expect(searchParams.get("covers")).toBe(String(partySize));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
