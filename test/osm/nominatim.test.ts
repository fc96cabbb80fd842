import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../src/core/errors.ts";
import type { HttpClient, UpstreamRequest } from "../../src/core/http-client.ts";
import { addressLine } from "../../src/osm/address.ts";
import { type OsmSearch, parseNominatim, searchNominatim } from "../../src/osm/nominatim.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createContext, createMapCache, createTestClient, userAgent } from "../support/context.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const search = async (request: OsmSearch, http = createTestClient()) =>
  searchNominatim(request, createContext({ config: sandbox.baseUrls, http }));

describe("searching OpenStreetMap", () => {
  test("gives a restaurant with what the map knows of it", async () => {
    const { places, cached } = await search({ query: "Zum Alten Ufer, Berlin" });
    expect(cached).toBe(false);
    expect(places).toHaveLength(1);
    expect(places[0]).toMatchObject({
      name: "Zum Alten Ufer",
      address: "Karl-Liebknecht-Straße 7, 10178 Berlin, Germany",
      latitude: 52.5189,
      longitude: 13.4021,
      category: "amenity",
      type: "restaurant",
      city: "Berlin",
      countryCode: "DE",
      phone: "+49 30 23125 014",
      website: "https://zum-alten-ufer.example/",
      openingHours: "Tu-Su 12:00-23:00; Mo off",
      cuisine: "german",
      tags: { reservation: "recommended" },
    });
    expect(places[0]?.url).toBe(`https://www.openstreetmap.org/${places[0]?.id}`);
  });

  test("asks as the service wants to be asked", async () => {
    await search({ query: "Berlin", limit: 3, language: "de" });
    expect(sandbox.requests).toMatchObject([
      {
        path: "/search",
        query: {
          q: "Berlin",
          format: "jsonv2",
          addressdetails: "1",
          extratags: "1",
          limit: "3",
          "accept-language": "de",
        },
        headers: { "user-agent": userAgent },
      },
    ]);
  });

  test.each([
    [undefined, { everyMs: 1_100, key: "nominatim" }],
    ["https://nominatim.openstreetmap.org/", { everyMs: 1_100, key: "nominatim" }],
    ["http://nominatim.home.example", undefined],
  ])("keeps the pace of the public server (%p)", async (base, pace) => {
    const asked: UpstreamRequest[] = [];
    const http: HttpClient = {
      async json(request) {
        asked.push(request);
        return { status: 200, headers: new Headers(), json: [], cached: false };
      },
    };
    await searchNominatim({ query: "x" }, createContext({ http, config: { NOMINATIM_BASE_URL: base } }));
    expect(asked.map((request) => request.pace)).toEqual([pace]);
  });

  test("searches within an area", async () => {
    const within = { west: 13, south: 52, east: 14, north: 53 };
    const names = async (query: string) => (await search({ query, within })).places.map(({ name }) => name);
    expect(await names("Blue Door Coffee")).toEqual(["Blue Door Coffee"]);
    expect(await names("Chez Marie")).toEqual([]);
  });

  test("keeps answers for a day, empty ones too", async () => {
    const cache = createMapCache();
    const http = createTestClient({ cache });
    for (const query of ["Paris", "Qwxlorbia"]) {
      const first = await search({ query }, http);
      expect(await search({ query }, http)).toEqual({ places: first.places, cached: true });
    }
    expect(sandbox.requests).toHaveLength(2);
    for (const { expiresAt } of cache.kept.values()) {
      expect(expiresAt.getTime() - Date.now()).toBeWithin(86_000_000, 86_400_001);
    }
  });

  test("a refusal is told as one", async () => {
    sandbox.fail("nominatim", { kind: "status", status: 403 });
    expect(search({ query: "Paris" })).rejects.toMatchObject({ code: "upstream_rejected" });
  });

  test.each([[{}], ["text"], [null], [{ error: { code: 400, message: "no" } }]])("%j is no list of places", (json) => {
    expect(() => parseNominatim(json)).toThrow(AppError);
  });

  test("a kind that is none of OpenStreetMap's makes no path of its address", () => {
    const found = { lat: "1", lon: "2", display_name: "Quay", osm_type: "node/../../x", osm_id: 1 };
    expect(parseNominatim([found])).toMatchObject([
      { id: "1,2", url: "https://www.openstreetmap.org/?mlat=1&mlon=2#map=17/1/2" },
    ]);
    expect(parseNominatim([{ ...found, osm_type: "node", osm_id: "1/../x" }])).toMatchObject([{ id: "1,2" }]);
  });

  test("never breaks on what a list holds", () => {
    const text = fc.option(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { nil: undefined });
    const result = fc.record(
      {
        lat: text,
        lon: text,
        display_name: text,
        name: text,
        osm_type: text,
        osm_id: text,
        address: fc.object(),
        extratags: fc.object(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(result, fc.anything()), { maxLength: 5 }), (list) => {
        for (const place of parseNominatim(list)) {
          expect(Number.isFinite(place.latitude) && Number.isFinite(place.longitude)).toBe(true);
          expect(Object.values(place.tags).every((tag) => typeof tag === "string")).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const parts = { house_number: "10", road: "Main Road", city: "Town", postcode: "123" };

test.each([
  [{ ...parts, country_code: "de", country: "Germany" }, "Main Road 10, 123 Town, Germany"],
  [{ ...parts, country_code: "gb", country: "United Kingdom" }, "10 Main Road, Town, 123, United Kingdom"],
  [{ ...parts, country_code: "fr", country: "France" }, "10 Main Road, 123 Town, France"],
  [
    { ...parts, country_code: "us", state: "Ohio", country: "United States" },
    "10 Main Road, Town, Ohio 123, United States",
  ],
  [{ road: "Main Road", village: "Ham" }, "Main Road, Ham"],
  [{ city: "Town", country: "Germany" }, undefined],
  [undefined, undefined],
])("%j is written as %p", (address, line) => {
  expect(addressLine(address)).toBe(line as string);
});
