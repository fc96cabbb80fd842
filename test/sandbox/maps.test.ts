import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { plan, type Vehicle } from "../../src/sandbox/osrm/router.ts";
import { polyline } from "../../src/sandbox/osrm/upstream.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const berlin = { latitude: 52.5219, longitude: 13.4132 };
const gate = { latitude: 52.5163, longitude: 13.3777 };
const paris = { latitude: 48.8582, longitude: 2.2945 };
const tokyo = { latitude: 35.6585, longitude: 139.7454 };

describe("the stand-ins' router", () => {
  test.each<[Vehicle, number, number]>([
    ["driving", 20, 60],
    ["foot", 4, 6],
    ["bike", 12, 20],
  ])("%s keeps to its speed", (vehicle, least, most) => {
    const way = plan(berlin, gate, vehicle);
    if (typeof way === "string") throw new Error(way);
    expect((way.metres / way.seconds) * 3.6).toBeWithin(least, most);
    const sum = way.pieces.reduce((total, { metres }) => total + metres, 0);
    expect(way.metres).toBeCloseTo(sum, 0);
    expect(way).toEqual(plan(berlin, gate, vehicle) as typeof way);
  });

  test("there is no way over an ocean, and no road far from every town", () => {
    expect(plan(paris, tokyo, "driving")).toBe("NoRoute");
    expect(plan(paris, { latitude: 0, longitude: 0 }, "foot")).toBe("NoSegment");
  });

  test("the sea is crossed by ferry", () => {
    const way = plan(paris, { latitude: 51.508, longitude: -0.076 }, "driving");
    expect(typeof way === "string" ? [] : way.pieces.map(({ isFerry }) => isFerry ?? false)).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });

  test("a polyline is Google's", () => {
    const points = [
      { latitude: 38.5, longitude: -120.2 },
      { latitude: 40.7, longitude: -120.95 },
      { latitude: 43.252, longitude: -126.453 },
    ];
    expect(polyline(points)).toBe("_p~iF~ps|U_ulLnnqC_mqNvxq`@");
  });
});

describe("the stand-in of OSRM", () => {
  const points = "13.4132,52.5219;13.3777,52.5163";
  test.each([
    [`/route/v1/driving/${points}?steps=true`, 200, "Ok"],
    [`/route/v1/driving/${points}?colour=red`, 400, "InvalidQuery"],
    ["/route/v1/driving/13.4132,52.5219", 400, "InvalidOptions"],
    ["/route/v1/driving/52;13", 400, "InvalidUrl"],
    ["/route/v1/driving/13.4,91;13.3,52.5", 400, "InvalidUrl"],
    ["/table/v1/driving/13.4,52;13.3,52.5", 400, "InvalidUrl"],
    ["/route/v1/driving/2.2945,48.8582;139.7454,35.6585", 400, "NoRoute"],
    ["/route/v1/driving/0,0;139.7454,35.6585", 400, "NoSegment"],
  ])("%s: %d %s", async (path, status, code) => {
    const response = await fetch(`${sandbox.baseUrls.OSRM_BASE_URL}${path}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
  });
});

describe("the stand-ins of Google", () => {
  const post = async (setting: string, path: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(`${sandbox.baseUrls[setting]}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers,
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
    return { status: response.status, json: (await response.json()) as any };
  };
  const good = { "x-goog-api-key": "sandbox-key", "x-goog-fieldmask": "*" };
  const ends = { origin: { address: "Alexanderplatz, Berlin" }, destination: { location: { latLng: gate } } };
  const routes = (body: unknown, headers: Record<string, string> = good) =>
    post("GOOGLE_ROUTES_BASE_URL", "/directions/v2:computeRoutes", body, headers);
  const places = (body: unknown, headers: Record<string, string> = good) =>
    post("GOOGLE_PLACES_BASE_URL", "/v1/places:searchText", body, headers);

  type Row = [name: string, headers: Record<string, string>, status: number, message: RegExp];
  const doors: Row[] = [
    ["no key", { "x-goog-fieldmask": "*" }, 403, /unregistered callers/],
    ["a wrong key", { ...good, "x-goog-api-key": "x" }, 400, /API key not valid/],
    ["an API that is off", { ...good, "x-goog-api-key": "disabled-key" }, 403, /disabled/],
    ["no field mask", { "x-goog-api-key": "sandbox-key" }, 400, /FieldMask is a required parameter/],
    ["a strange field", { ...good, "x-goog-fieldmask": "hats" }, 400, /Cannot find matching fields for path 'hats'/],
  ];
  test.each(doors)("%s is refused by both", async (_name, headers, status, message) => {
    for (const answer of [await routes(ends, headers), await places({ textQuery: "Berlin" }, headers)]) {
      expect(answer.status).toBe(status);
      expect(answer.json.error).toMatchObject({ code: status, message: expect.stringMatching(message) });
    }
  });

  test.each([
    [{ ...ends, colour: "red" }, 400],
    [{ ...ends, travelMode: "FLY" }, 400],
    [{ ...ends, travelMode: "WALK", routingPreference: "TRAFFIC_AWARE" }, 400],
    [{ destination: ends.destination }, 400],
    [ends, 200],
  ])("routes for %j: %d", async (body, status) => {
    expect((await routes(body)).status).toBe(status);
  });

  test.each([
    [{ textQuery: "Berlin", colour: "red" }, 400],
    [{ textQuery: "" }, 400],
    [{ textQuery: "Berlin", pageSize: 21 }, 400],
    [{ textQuery: "Berlin", pageSize: 1 }, 200],
  ])("places for %j: %d", async (body, status) => {
    expect((await places(body)).status).toBe(status);
  });

  test("only masked fields come back, and nothing at all where nothing was found", async () => {
    const mask = (paths: string) => ({ ...good, "x-goog-fieldmask": paths });
    expect((await places({ textQuery: "Louvre" }, mask("places.id,places.displayName.text"))).json).toEqual({
      places: [{ id: expect.any(String), displayName: { text: "Louvre Museum" } }],
    });
    expect((await routes(ends, mask("routes.distanceMeters"))).json).toEqual({
      routes: [{ distanceMeters: expect.any(Number) }],
    });
    expect((await places({ textQuery: "Qwxlorbia" })).json).toEqual({});
    expect((await routes({ ...ends, origin: { address: "Qwxlorbia" } })).json).toEqual({});
  });

  test("hours are told for each day", async () => {
    const { json } = await places({ textQuery: "Chez Marie, Paris" });
    expect(json.places[0].regularOpeningHours.weekdayDescriptions).toEqual([
      "Monday: Closed",
      ...["Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"].map(
        (day) => `${day}: 12:00\u2009–\u200914:30, 19:00\u2009–\u200922:30`,
      ),
      "Sunday: 12:00\u2009–\u200915:00",
    ]);
  });
});
