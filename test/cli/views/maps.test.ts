import { describe, expect, test } from "bun:test";
import { createPaint } from "../../../cli/paint.ts";
import { maps } from "../../../cli/views/maps.ts";

const paint = createPaint(false);
const view = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}) =>
  maps(data, metadata, paint, (text) => text);
const route = {
  distance_text: "1.2 km",
  duration_text: "15 min",
  summary: "Main Road",
  steps: [
    { instruction: "Head north on Main Road", distance_m: 1_200, distance_text: "1.2 km" },
    { instruction: "Arrive at your destination", distance_m: 0, distance_text: "0 m" },
  ],
  map_url: "https://www.openstreetmap.org/directions?x",
};
const ends = { origin: { name: "A" }, destination: { name: "B" }, mode: "walking" };

describe("maps on a terminal", () => {
  test("a route: numbered steps, total, map, whose data it is", () => {
    expect(view({ ...ends, routes: [route] }, { attribution: "© OpenStreetMap contributors" })).toBe(
      [
        "A to B  walking",
        "",
        "15 min, 1.2 km, by Main Road",
        " 1.  Head north on Main Road     1.2 km",
        " 2.  Arrive at your destination",
        "Map: https://www.openstreetmap.org/directions?x",
        "",
        "© OpenStreetMap contributors",
      ].join("\n"),
    );
  });

  test("several routes are told apart, with their warnings", () => {
    const text = view({ ...ends, routes: [route, { ...route, summary: "", warnings: ["Take care"] }] });
    expect(text).toContain("Way 1: 15 min, 1.2 km, by Main Road\n");
    expect(text).toContain("Way 2: 15 min, 1.2 km\n");
    expect(text).toContain("Take care\nMap: ");
  });

  test("who failed, what could not be read, and what else could be meant", () => {
    const text = view(
      { ...ends, routes: [route] },
      {
        failed_providers: [{ provider: "Google Routes", reason: "refused the key" }],
        saved_places_failed: "The database is busy",
        candidates: { origin: [], destination: [{ name: "B", address: "B Street, Town" }, { name: "C" }] },
      },
    );
    expect(text).toContain(
      "Google Routes failed: refused the key · Your saved places could not be read: The database is busy",
    );
    expect(text).toEndWith("Other destination: B Street, Town; C");
  });

  test("places: what is known of each", () => {
    const places = [
      {
        name: "Quay",
        kind: "restaurant",
        distance_text: "2 km",
        address: "1 Water Street",
        phone: "+49 30 1",
        opening_hours: "Mo-Fr 09:00-17:00",
      },
      { name: "Pier", label: "work", saved: true },
    ];
    expect(view({ query: "q", places })).toBe(
      ["Quay  restaurant, 2 km", "  1 Water Street", "  +49 30 1", "  Mo-Fr 09:00-17:00", "", "Pier  work, saved"].join(
        "\n",
      ),
    );
    expect(view({ query: "Qwx", places: [] })).toBe("Nothing was found for Qwx.");
  });

  test("saved places: a table, and how many more there are", () => {
    const saved_places = [
      { id: "plc_1", name: "Quay", label: "work", address: "1 Water Street" },
      { id: "plc_2", name: "Pin", latitude: 1, longitude: 2 },
      { id: "plc_3", name: "Pier" },
    ];
    expect(view({ saved_places, total: 5 })).toBe(
      [
        "id     name  label  where",
        "plc_1  Quay  work   1 Water Street",
        "plc_2  Pin          1,2",
        "plc_3  Pier         not looked up yet",
        "2 more",
      ].join("\n"),
    );
    expect(view({ saved_places: [], total: 0 })).toContain("No saved place fits");
  });

  test("nothing of a service's text reaches the terminal as a command", () => {
    const evil = "x\u001b]0;title\u0007\r\u202e";
    const texts = [
      view(
        {
          origin: { name: evil },
          destination: { name: evil },
          mode: evil,
          routes: [
            {
              ...route,
              summary: evil,
              warnings: [evil],
              map_url: evil,
              steps: [{ instruction: evil, distance_m: 1, distance_text: evil }],
            },
          ],
        },
        { attribution: evil },
      ),
      view({ query: evil, places: [] }),
      view({
        query: "q",
        places: [{ name: evil, kind: evil, address: evil, phone: evil, website: evil, opening_hours: evil }],
      }),
      view({ saved_places: [{ id: evil, name: evil, label: evil, address: evil }], total: 1 }),
    ];
    for (const text of texts) expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\u202e/u);
  });
});
