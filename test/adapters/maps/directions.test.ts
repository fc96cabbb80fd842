import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { mapsHybrid } from "../../../src/adapters/maps/maps-hybrid.ts";
import { DirectionsOutput } from "../../../src/adapters/maps/schemas.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext, createTestClient } from "../../support/context.ts";
import { createOwnPlaces } from "../../support/places.ts";
import { providerFaults } from "../../support/provider-faults.ts";
import { failureOf } from "../../support/upstream.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function run(parameters: Record<string, unknown>, more: Partial<ToolContext> = {}, key?: string) {
  const action = mapsHybrid.actions.find(({ id }) => id === "directions");
  if (!action) throw new Error("there are no directions");
  const config = { ...sandbox.baseUrls, GOOGLE_MAPS_API_KEY: key };
  const { data, metadata } = await action.run(parameters, createContext({ config, ...more }));
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every part
  return { data: data as any, metadata };
}

const berlin = { origin: "Alexanderplatz, Berlin", destination: "Brandenburg Gate" };
const asked = (upstream: string) => sandbox.requests.filter((request) => request.upstream === upstream);

describe("directions without a key", () => {
  test("give steps, lengths and a page with the map, from OSRM", async () => {
    const { data, metadata } = await run(berlin);
    expect(Value.Check(DirectionsOutput, data)).toBe(true);
    expect(data).toMatchObject({
      origin: { name: "Alexanderplatz" },
      destination: { name: "Brandenburg Gate", address: "Pariser Platz, 10117 Berlin, Germany" },
      mode: "driving",
      units: "metric",
    });
    const [route] = data.routes;
    expect(route.map_url).toBe(
      "https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route=52.5219,13.4132;52.5162746,13.3777041",
    );
    const total = route.steps.reduce((sum: number, step: { distance_m: number }) => sum + step.distance_m, 0);
    expect(Math.abs(total - route.distance_m)).toBeLessThan(10);
    expect(route.steps[0].instruction).toMatch(/^Head \w+ on Alexanderplatz$/);
    expect(route.steps.at(-1)).toMatchObject({
      instruction: "Arrive at your destination, on the right",
      distance_m: 0,
    });
    expect(metadata).toMatchObject({
      provider: "OSRM",
      attribution: "Routes by OSRM, © OpenStreetMap contributors, ODbL",
      source_url: "https://www.openstreetmap.org/copyright",
      cached: false,
    });
  });

  test.each([
    ["driving", "osrm", "/route/v1/driving/", "fossgis_osrm_car"],
    ["walking", "osrm-foot", "/route/v1/foot/", "fossgis_osrm_foot"],
    ["cycling", "osrm-bike", "/route/v1/bike/", "fossgis_osrm_bike"],
  ])("%s asks %s", async (mode, upstream, path, engine) => {
    const { data } = await run({ ...berlin, mode });
    expect(asked(upstream)).toMatchObject([
      {
        path: `${path}13.4132,52.5219;13.3777041,52.5162746`,
        query: { steps: "true", overview: "false", alternatives: "false" },
      },
    ]);
    expect(data.routes[0].map_url).toContain(`engine=${engine}&`);
  });

  test("on foot it takes longer than by bicycle, by bicycle longer than by car", async () => {
    const seconds = async (mode: string) => (await run({ ...berlin, mode })).data.routes[0].duration_s;
    const [foot, bike, car] = [await seconds("walking"), await seconds("cycling"), await seconds("driving")];
    expect(foot).toBeGreaterThan(bike);
    expect(bike).toBeGreaterThan(car);
  });

  test("other ways come when asked for, the best first", async () => {
    const { data } = await run({ ...berlin, alternatives: true });
    expect(data.routes).toHaveLength(3);
    const lengths = data.routes.map(({ distance_m }: { distance_m: number }) => distance_m);
    expect(lengths[0]).toBeLessThan(lengths[1]);
  });

  test("coordinates need no search", async () => {
    const { data } = await run({ origin: "52.5219, 13.4132", destination: "52.5163,13.3777" });
    expect(data.origin).toEqual({ name: "52.5219, 13.4132", latitude: 52.5219, longitude: 13.4132 });
    expect(asked("nominatim")).toEqual([]);
  });

  test("units: the parameter comes before the profile, the profile before metric", async () => {
    const profile = { units: "imperial" as const };
    expect((await run(berlin)).data.routes[0].distance_text).toMatch(/ km$/);
    expect((await run(berlin, { profile })).data.routes[0].distance_text).toMatch(/ mi$/);
    expect((await run({ ...berlin, units: "metric" }, { profile })).data.routes[0].distance_text).toMatch(/ km$/);
  });

  test("of two places of one name the nearer one is meant, and the other is told", async () => {
    const toLondon = await run({ origin: "Baker Street, London", destination: "Chez Marie" });
    expect(toLondon.data.destination.address).toContain("London");
    expect(toLondon.metadata.candidates).toMatchObject({
      origin: [],
      destination: [{ name: "Chez Marie", address: "12 Rue des Abbesses, 75018 Paris, France" }],
    });
    const fromParis = await run({ origin: "Chez Marie", destination: "48.86,2.34" });
    expect(fromParis.data.origin.address).toContain("Paris");
  });

  type Refused = [name: string, parameters: Record<string, unknown>, code: string, message: RegExp];
  const refused: Refused[] = [
    [
      "an unknown place",
      { ...berlin, destination: "Qwxlorbia" },
      "not_found",
      /^No place called "Qwxlorbia" was found$/,
    ],
    [
      "no way over the sea",
      { origin: "Paris", destination: "Tokyo" },
      "not_found",
      /^There is no way from Paris to Tokyo by car$/,
    ],
    ["far from any road", { origin: "0,0", destination: "52.5,13.4" }, "not_found", /^No road is near enough/],
    ["one place twice", { origin: "Paris", destination: "Paris" }, "invalid_parameters", /are one place$/],
    ["off the globe", { ...berlin, origin: "91,0" }, "invalid_parameters", /Parameter origin must have a latitude/],
    [
      "off the globe sideways",
      { ...berlin, destination: "0,181" },
      "invalid_parameters",
      /destination must have a longitude/,
    ],
    ["no words", { ...berlin, origin: "?!" }, "invalid_parameters", /Parameter origin must have a place/],
    ["home unset", { ...berlin, origin: "home" }, "not_found", /^No place is known as home$/],
    ["work unset", { ...berlin, origin: "Work" }, "not_found", /^No place is known as work$/],
    ["transit", { ...berlin, mode: "transit" }, "not_configured", /GOOGLE_MAPS_API_KEY/],
  ];
  test.each(refused)("%s", async (_name, parameters, code, message) => {
    const error = (await failureOf(run(parameters))) as AppError;
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe(code as AppError["code"]);
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
  });

  const rows = [
    ["nominatim", "Nominatim"],
    ["osrm", "OSRM"],
  ].flatMap(([upstream = "", name = ""]) =>
    providerFaults.map(([fault, code]) => [upstream, fault, code, name] as const),
  );
  test.each(rows)("a failing %s (%j) is %s of %s", async (upstream, fault, code, provider) => {
    sandbox.fail(upstream, fault);
    const error = await failureOf(run(berlin, { http: createTestClient({ deadlineMs: 300 }) }));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`The way could not be found: ${provider}`),
      hint: expect.any(String),
      metadata: { failed_providers: [{ provider, code }] },
    });
  });
});

describe("directions and one's own places", () => {
  test("start at a label, whose point is looked up once and kept", async () => {
    const places = createOwnPlaces({ name: "Grandma", address: "Kastanienallee 41, Berlin", label: "home" });
    const { data } = await run({ origin: "Home", destination: "Brandenburg Gate" }, { places });
    expect(data.origin).toEqual({
      name: "Grandma",
      address: "Kastanienallee 41, Berlin",
      latitude: 52.5391,
      longitude: 13.4093,
    });
    await run({ origin: "grandma", destination: "Brandenburg Gate" }, { places });
    expect(places.located).toEqual(["plc_0"]);
  });

  test("home is the profile's where no place bears the label", async () => {
    const profile = { home: "Unter den Linden 77, Berlin" };
    expect((await run({ ...berlin, origin: "home" }, { profile })).data.origin.name).toBe("Unter den Linden 77");
    const places = createOwnPlaces({ name: "Flat", label: "home", latitude: 52.5, longitude: 13.4 });
    expect((await run({ ...berlin, origin: "home" }, { profile, places })).data.origin.name).toBe("Flat");
  });

  test("a place that nobody finds says how to mend it", async () => {
    const places = createOwnPlaces({ name: "Qwxlorbia" });
    expect(await failureOf(run({ ...berlin, origin: "qwxlorbia" }, { places }))).toMatchObject({
      code: "not_found",
      hint: 'Tell its address: mcqueen places set plc_0 --address "<address>"',
    });
  });

  test("are not looked at when not wanted", async () => {
    const places = createOwnPlaces({ name: "Paris", latitude: 52.5, longitude: 13.4 });
    const asks = { origin: "Paris", destination: "48.86,2.34" };
    expect((await run(asks, { places })).data.origin.latitude).toBe(52.5);
    expect((await run({ ...asks, saved_places: false }, { places })).data.origin.latitude).toBe(48.8588897);
  });

  test("when they cannot be read, the public half still answers", async () => {
    const places = {
      ...createOwnPlaces(),
      list: () => Promise.reject(new AppError("unavailable", "The database is busy")),
    };
    const { metadata } = await run(berlin, { places });
    expect(metadata).toMatchObject({ provider: "OSRM", saved_places_failed: "The database is busy" });
  });
});

describe("directions with a key", () => {
  test("come from Google, which finds addresses itself", async () => {
    const { data, metadata } = await run({ ...berlin, mode: "cycling", alternatives: true }, {}, "sandbox-key");
    expect(Value.Check(DirectionsOutput, data)).toBe(true);
    expect(metadata).toMatchObject({ provider: "Google Routes", attribution: "Google Maps" });
    expect(data.origin).toEqual({ name: "Alexanderplatz, Berlin", latitude: 52.5219, longitude: 13.4132 });
    expect(data.routes).toHaveLength(2);
    expect(data.routes[0].warnings).toEqual(["Walking and bicycling directions are in beta. Use caution."]);
    expect(data.routes[0].map_url).toStartWith("https://www.google.com/maps/dir/?api=1&origin=52.5219%2C13.4132");
    expect(data.routes[0].steps.every(({ instruction }: { instruction: string }) => !instruction.includes("\n"))).toBe(
      true,
    );
    expect(asked("nominatim")).toEqual([]);
    expect(asked("google-routes")[0]?.headers["x-goog-fieldmask"]).toContain("routes.legs.steps.navigationInstruction");
  });

  test("go by public transport", async () => {
    const { data } = await run({ ...berlin, mode: "transit" }, {}, "sandbox-key");
    expect(data.routes[0].steps[0].instruction).toBe(
      "Take M2 towards Central Station from Alexanderplatz to Central Station (4 stops)",
    );
  });

  test("take the point of a saved place", async () => {
    const places = createOwnPlaces({ name: "Flat", latitude: 52.5, longitude: 13.4 });
    const { data } = await run({ ...berlin, origin: "flat" }, { places }, "sandbox-key");
    expect(data.origin).toEqual({ name: "Flat", latitude: 52.5, longitude: 13.4 });
  });

  test.each([
    ["bad-key", /^Google Routes refused the key: API key not valid/],
    ["disabled-key", /^Google Routes refused the key: This API has not been used/],
  ])("a refused key (%s) is told, and OSRM answers", async (key, reason) => {
    const { metadata } = await run(berlin, {}, key);
    expect(metadata).toMatchObject({
      provider: "OSRM",
      failed_providers: [{ provider: "Google Routes", code: "upstream_rejected" }],
    });
    expect((metadata.failed_providers as { reason: string }[])[0]?.reason).toMatch(reason);
    expect(JSON.stringify(metadata)).not.toContain(key);
  });

  test.each(providerFaults)("%j at Google is %s, and OSRM answers", async (fault, code) => {
    sandbox.fail("google-routes", fault);
    const { data, metadata } = await run(berlin, { http: createTestClient({ deadlineMs: 300 }) }, "sandbox-key");
    expect(metadata).toMatchObject({ provider: "OSRM", failed_providers: [{ provider: "Google Routes", code }] });
    expect(data.routes).not.toEqual([]);
  });

  test("no way of Google's is no last word", async () => {
    expect(await failureOf(run({ origin: "Paris", destination: "Tokyo" }, {}, "sandbox-key"))).toMatchObject({
      code: "not_found",
    });
  });

  test("transit has nobody to fall back on", async () => {
    sandbox.fail("google-routes", { kind: "status", status: 403 });
    expect(await failureOf(run({ ...berlin, mode: "transit" }, {}, "sandbox-key"))).toMatchObject({
      code: "upstream_rejected",
    });
    expect(asked("osrm")).toEqual([]);
  });

  test("the user's order decides", async () => {
    const { metadata } = await run(berlin, { settings: { provider_order: ["osrm"] } }, "sandbox-key");
    expect(metadata.provider).toBe("OSRM");
    expect(asked("google-routes")).toEqual([]);
  });
});
