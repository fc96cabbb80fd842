import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readPlace } from "../../../src/adapters/weather/place-text.ts";
import { type Candidate, displayName, rank, resolvePlace } from "../../../src/adapters/weather/places.ts";
import { AppError } from "../../../src/core/errors.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext } from "../../support/context.ts";

describe("readPlace", () => {
  const coordinates: [text: string, latitude: number, longitude: number][] = [
    ["40.71,-74.01", 40.71, -74.01],
    [" -33.9 , 151.2 ", -33.9, 151.2],
    ["90,180", 90, 180],
    ["+5,-0", 5, -0],
  ];
  test.each(coordinates)("%s is a point", (text, latitude, longitude) => {
    expect(readPlace(text)).toEqual({ kind: "coordinates", latitude, longitude });
  });

  const refused: [text: string, about: string][] = [
    ["91,0", "latitude"],
    ["-90.1,0", "latitude"],
    ["0,180.5", "longitude"],
    ["999,999", "latitude"],
    [" , ", "place name"],
    ["???", "place name"],
  ];
  test.each(refused)("%s is refused for its %s", (text, about) => {
    expect(() => readPlace(text)).toThrow(expect.objectContaining({ code: "invalid_parameters" }));
    expect(() => readPlace(text)).toThrow(about);
  });

  test("a name is parted from what narrows it", () => {
    expect(readPlace("  New   York ,NY, United States")).toEqual({
      kind: "name",
      name: "New York",
      qualifiers: ["NY", "United States"],
    });
    expect(readPlace("90210")).toEqual({ kind: "name", name: "90210", qualifiers: [] });
  });

  test("every point on the globe is read as itself", () => {
    const latitude = fc.double({ min: -90, max: 90, noNaN: true, noDefaultInfinity: true });
    const longitude = fc.double({ min: -180, max: 180, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(latitude, longitude, (lat, lon) => {
        const [a, b] = [lat.toFixed(5), lon.toFixed(5)];
        expect(readPlace(`${a},${b}`)).toEqual({ kind: "coordinates", latitude: Number(a), longitude: Number(b) });
      }),
    );
  });

  test("any text gives a place or a refusal", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme" })), (text) => {
        try {
          const place = readPlace(text);
          if (place.kind === "name") expect(place.name).not.toBe("");
          else expect(Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

const city = (name: string, area: string | undefined, country: string, countryCode: string): Candidate => ({
  name,
  latitude: 1,
  longitude: 2,
  country,
  countryCode,
  areas: area === undefined ? [] : [area],
});

describe("rank", () => {
  const candidates = [
    city("Parisot", "Occitanie", "France", "FR"),
    city("Paris", "Île-de-France", "France", "FR"),
    city("Paris", "Texas", "United States", "US"),
    city("Paris", "Ontario", "Canada", "CA"),
    city("Munich", "Bavaria", "Germany", "DE"),
    city("London", "England", "United Kingdom", "GB"),
    city("Washington", "District of Columbia", "United States", "US"),
  ];
  const rows: [name: string, qualifiers: string[], expected: string[]][] = [
    ["Paris", ["TX"], ["Paris, Texas, United States"]],
    ["Paris", ["texas"], ["Paris, Texas, United States"]],
    ["Paris", ["Texas", "USA"], ["Paris, Texas, United States"]],
    ["paris", ["ile de france"], ["Paris, Île-de-France, France"]],
    ["Paris", ["FR"], ["Paris, Île-de-France, France"]],
    ["Paris", ["Frankreich"], []],
    ["Paris", ["Germany"], []],
    ["Paris", ["Canada"], ["Paris, Ontario, Canada"]],
    ["München", ["Deutschland"], ["Munich, Bavaria, Germany"]],
    ["Paris", ["Springfield", "Texas"], ["Paris, Texas, United States"]],
    ["London", ["UK"], ["London, England, United Kingdom"]],
    ["London", ["U.K."], ["London, England, United Kingdom"]],
    ["Washington", ["D.C."], []],
    ["Washington", ["DC"], ["Washington, District of Columbia, United States"]],
  ];
  test.each(rows)("%s, %j", (name, qualifiers, expected) => {
    const found = rank(candidates, name, qualifiers).map(displayName);
    expect(found).toEqual(expected);
  });

  test("the exact name comes before the provider's first, and its namesakes stay candidates", () => {
    expect(rank(candidates, "paris", []).map(displayName)).toEqual([
      "Paris, Île-de-France, France",
      "Paris, Texas, United States",
      "Paris, Ontario, Canada",
    ]);
  });

  test("a nickname keeps the provider's order", () => {
    const found = rank(
      [city("New York", "New York", "United States", "US"), city("Ny", "Hainaut", "Belgium", "BE")],
      "NY",
      [],
    );
    expect(found.map(displayName)[0]).toBe("New York, New York, United States");
  });

  test("a full display name finds its own place again", () => {
    for (const each of candidates) {
      const place = readPlace(displayName(each));
      if (place.kind !== "name") throw new Error("not a name");
      expect(rank(candidates, place.name, place.qualifiers)).toEqual([each]);
    }
  });
});

describe("displayName", () => {
  test("names a city state once, and a city in a state of its name fully", () => {
    expect(displayName(city("Singapore", undefined, "Singapore", "SG"))).toBe("Singapore");
    expect(displayName(city("New York", "New York", "United States", "US"))).toBe("New York, New York, United States");
  });
});

describe("resolvePlace", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  const resolve = (text: string, key?: string) =>
    resolvePlace(text, createContext({ config: { ...sandbox.baseUrls, WEATHER_API_KEY: key } }), []);

  const found: [text: string, name: string][] = [
    ["new york", "New York, New York, United States"],
    ["NYC", "New York, New York, United States"],
    ["Sao Paulo", "São Paulo, São Paulo, Brazil"],
    ["Springfield, OR", "Springfield, Oregon, United States"],
    ["Paris, TX", "Paris, Texas, United States"],
    ["Paris Texas", "Paris, Texas, United States"],
    ["New York New York", "New York, New York, United States"],
    ["London, Ontario", "London, Ontario, Canada"],
    ["東京", "Tokyo, Tokyo, Japan"],
  ];
  test.each(found)("%s is %s", async (text, name) => {
    expect((await resolve(text)).name).toBe(name);
  });

  test("tells the other places of the name", async () => {
    const { name, others } = await resolve("Springfield");
    expect(name).toBe("Springfield, Missouri, United States");
    expect(others.map((other) => other.name)).toEqual([
      "Springfield, Massachusetts, United States",
      "Springfield, Illinois, United States",
      "Springfield, Oregon, United States",
    ]);
    expect((await resolve("Oslo")).others).toEqual([]);
  });

  test("a place that is nowhere is not found, and no other is taken for it", async () => {
    await expect(resolve("Qwxlorbia")).rejects.toMatchObject({
      code: "not_found",
      message: 'No place called "Qwxlorbia" was found',
      hint: expect.stringContaining("latitude,longitude"),
    });
    await expect(resolve("Paris, Germany")).rejects.toMatchObject({
      code: "not_found",
      hint: expect.stringContaining("Paris, Île-de-France, France"),
    });
  });

  test("coordinates need no geocoder", async () => {
    const before = sandbox.requests.length;
    expect(await resolve("59.91,10.75")).toEqual({
      name: "59.91, 10.75",
      latitude: 59.91,
      longitude: 10.75,
      others: [],
    });
    expect(sandbox.requests.length).toBe(before);
  });
});

describe("resolvePlace without its first geocoder", () => {
  test("takes OpenWeather's when there is a key, and says who failed", async () => {
    const sandbox = await startSandbox();
    sandbox.fail("open-meteo-geocoding", { kind: "reset" });
    const failed: { provider: string; code: string; reason: string }[] = [];
    const config = { ...sandbox.baseUrls, WEATHER_API_KEY: "sandbox-key" };
    const place = await resolvePlace("Springfield, Oregon", createContext({ config }), failed as []);
    expect(place).toMatchObject({ name: "Springfield, Oregon, United States", latitude: 44.04624 });
    expect(place.timeZone).toBeUndefined();
    expect(failed).toMatchObject([{ provider: "Open-Meteo geocoding", code: "upstream_unavailable" }]);
    expect(sandbox.requests.at(-1)).toMatchObject({
      path: "/geo/1.0/direct",
      query: { q: "Springfield,OR,US", limit: "5", appid: "sandbox-key" },
    });
    await sandbox.stop();
  });

  test("without a key it is unavailable, with a way round", async () => {
    const sandbox = await startSandbox();
    sandbox.fail("open-meteo-geocoding", { kind: "reset" });
    await expect(resolvePlace("Oslo", createContext({ config: sandbox.baseUrls }), [])).rejects.toMatchObject({
      code: "upstream_unavailable",
      hint: expect.stringContaining("latitude,longitude"),
      metadata: { failed_providers: [{ provider: "Open-Meteo geocoding" }] },
    });
    await sandbox.stop();
  });
});
