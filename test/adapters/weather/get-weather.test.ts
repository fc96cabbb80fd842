import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { ForecastSchema } from "../../../src/adapters/weather/forecast.ts";
import { getWeather } from "../../../src/adapters/weather/get-weather.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { Fault } from "../../../src/sandbox/faults.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext, createMapCache, createTestClient, userAgent } from "../../support/context.ts";

const now = () => new Date("2026-03-10T12:20:00Z");
let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ now });
});
afterEach(() => sandbox.stop());

async function run(parameters: Record<string, unknown>, more: Partial<ToolContext> = {}, key?: string) {
  const [action] = getWeather.actions;
  if (!action) throw new Error("get_weather has no action");
  const config = { ...sandbox.baseUrls, WEATHER_API_KEY: key };
  const { data, metadata } = await action.run(parameters, createContext({ config, now, ...more }));
  return { data: data as Record<string, unknown>, metadata };
}

const failAll = (fault: Fault): void => {
  for (const upstream of ["open-meteo-forecast", "met-norway", "openweather"]) sandbox.fail(upstream, fault);
};

describe("get_weather", () => {
  test("answers with the published fields, from Open-Meteo", async () => {
    const { data, metadata } = await run({ location: "New York" });
    expect(Value.Check(ForecastSchema, data)).toBe(true);
    expect(data).toMatchObject({
      location: "New York, New York, United States",
      units: "metric",
      unit_labels: { temperature: "°C", wind_speed: "km/h", precipitation: "mm" },
      coordinates: { latitude: 40.71427, longitude: -74.00597 },
      time_zone: "America/New_York",
      current: { time: "2026-03-10T08:15:00-04:00", is_day: true },
    });
    expect(data.humidity).toMatch(/^\d{1,3}%$/);
    expect((data.daily as { date: string }[]).map(({ date }) => date)).toEqual(
      [10, 11, 12, 13, 14, 15, 16].map((day) => `2026-03-${day}`),
    );
    expect(metadata).toEqual({
      provider: "Open-Meteo",
      attribution: "Weather data by Open-Meteo.com (CC BY 4.0)",
      source_url: "https://open-meteo.com/",
      data_time: "2026-03-10T12:15:00Z",
      cached: false,
    });
  });

  test("asks as the services want to be asked", async () => {
    await run({ location: "Oslo", units: "imperial" });
    expect(sandbox.requests).toMatchObject([
      {
        upstream: "open-meteo-geocoding",
        path: "/v1/search",
        query: { name: "Oslo", count: "5", language: "en", format: "json" },
        headers: { "user-agent": userAgent },
      },
      {
        upstream: "open-meteo-forecast",
        path: "/v1/forecast",
        query: {
          latitude: "59.91273",
          longitude: "10.74609",
          timezone: "auto",
          forecast_days: "7",
          temperature_unit: "fahrenheit",
          wind_speed_unit: "mph",
          precipitation_unit: "inch",
        },
      },
    ]);
  });

  test("units: the parameter comes before the profile, the profile before metric", async () => {
    const imperial = { profile: { units: "imperial" as const } };
    expect((await run({ location: "Oslo" })).data.units).toBe("metric");
    expect((await run({ location: "Oslo" }, imperial)).data.units).toBe("imperial");
    expect((await run({ location: "Oslo", units: "metric" }, imperial)).data.units).toBe("metric");
  });

  test.each([[undefined], ["sandbox-key"]])("both unit systems mean the same weather (key: %s)", async (key) => {
    const celsius = Number((await run({ location: "Tokyo" }, {}, key)).data.temperature);
    const { data } = await run({ location: "Tokyo", units: "imperial" }, {}, key);
    expect(Number(data.temperature)).toBeCloseTo(celsius * 1.8 + 32, 0);
    expect(data.unit_labels).toEqual({ temperature: "°F", wind_speed: "mph", precipitation: "inch" });
  });

  test("with a key OpenWeather answers first", async () => {
    const { data, metadata } = await run({ location: "Sydney" }, {}, "sandbox-key");
    expect(metadata.provider).toBe("OpenWeather");
    expect(metadata.failed_providers).toBeUndefined();
    expect(data.time_zone).toBe("Australia/Sydney");
    expect(Value.Check(ForecastSchema, data)).toBe(true);
    const asked = sandbox.requests.filter(({ upstream }) => upstream === "openweather");
    expect(asked.map(({ path }) => path).sort()).toEqual(["/data/2.5/forecast", "/data/2.5/weather"]);
    for (const { query } of asked) {
      expect(query).toEqual({ lat: "-33.86785", lon: "151.20732", units: "metric", appid: "sandbox-key" });
    }
  });

  test("a key that OpenWeather refuses is told, and the weather comes from elsewhere", async () => {
    const { metadata } = await run({ location: "Sydney" }, {}, "wrong-key");
    expect(metadata.provider).toBe("Open-Meteo");
    expect(metadata.failed_providers).toEqual([
      { provider: "OpenWeather", code: "upstream_rejected", reason: "OpenWeather refused the key" },
    ]);
    expect(JSON.stringify(metadata)).not.toContain("wrong-key");
  });

  test("coordinates need no geocoder, and MET Norway gets four decimals", async () => {
    sandbox.fail("open-meteo-geocoding", { kind: "status", status: 500 });
    sandbox.fail("open-meteo-forecast", { kind: "status", status: 500 });
    const { data, metadata } = await run({ location: "40.714278, -74.005979" });
    expect(metadata.provider).toBe("MET Norway");
    expect(data).toMatchObject({ location: "40.714278, -74.005979", time_zone: "UTC" });
    expect(Value.Check(ForecastSchema, data)).toBe(true);
    expect(sandbox.requests.at(-1)?.query).toEqual({ lat: "40.7142", lon: "-74.0059" });
  });

  test("an ambiguous name brings its other places", async () => {
    const { metadata } = await run({ location: "Paris" });
    expect(metadata.candidates).toEqual([
      { name: "Paris, Texas, United States", latitude: 33.66094, longitude: -95.55551 },
    ]);
  });

  test("an unknown place asks no forecast", async () => {
    await expect(run({ location: "Qwxlorbia" })).rejects.toMatchObject({ code: "not_found" });
    expect(sandbox.requests.every(({ upstream }) => upstream === "open-meteo-geocoding")).toBe(true);
  });

  test("a second question is answered from the cache", async () => {
    const cache = createMapCache();
    const http = createTestClient({ cache, now });
    expect((await run({ location: "Oslo" }, { http })).metadata.cached).toBe(false);
    const asked = sandbox.requests.length;
    expect((await run({ location: "Oslo" }, { http })).metadata.cached).toBe(true);
    expect(sandbox.requests.length).toBe(asked);
    const lifetimes = [...cache.kept.values()].map(({ expiresAt }) => (expiresAt.getTime() - now().getTime()) / 1000);
    expect(lifetimes.sort()).toEqual([600, 86_400]);
  });

  test("MET Norway's own Expires rules the cache", async () => {
    sandbox.fail("open-meteo-forecast", { kind: "status", status: 400 });
    const cache = createMapCache();
    await run({ location: "59.9,10.7" }, { http: createTestClient({ cache, now }) });
    expect([...cache.kept.values()].map(({ expiresAt }) => expiresAt.toISOString())).toEqual([
      "2026-03-10T12:50:00.000Z",
    ]);
  });
});

describe("get_weather when providers fail", () => {
  const faults: [fault: Fault, code: string][] = [
    [{ kind: "status", status: 500 }, "upstream_rejected"],
    [{ kind: "status", status: 400 }, "upstream_rejected"],
    [{ kind: "status", status: 429, retryAfter: 60 }, "rate_limited"],
    [{ kind: "garbage" }, "upstream_rejected"],
    [{ kind: "truncated" }, "upstream_rejected"],
    [{ kind: "empty" }, "upstream_rejected"],
    [{ kind: "reset" }, "upstream_unavailable"],
    [{ kind: "timeout" }, "timeout"],
  ];
  test.each(faults)("%j at Open-Meteo: MET Norway answers, and the reason is told", async (fault, code) => {
    sandbox.fail("open-meteo-forecast", fault);
    const { data, metadata } = await run({ location: "Oslo" }, { http: createTestClient({ deadlineMs: 300 }) });
    expect(metadata.provider).toBe("MET Norway");
    expect(metadata.failed_providers).toMatchObject([{ provider: "Open-Meteo", code }]);
    expect(Value.Check(ForecastSchema, data)).toBe(true);
  });

  test.each(faults)("%j everywhere: one failure names each provider", async (fault, code) => {
    failAll(fault);
    const http = createTestClient({ deadlineMs: 300 });
    const error = await run({ location: "Oslo" }, { http }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code,
      hint: expect.any(String),
      metadata: { failed_providers: [{ provider: "Open-Meteo" }, { provider: "MET Norway" }] },
    });
    expect(String(error)).toMatch(/The weather could not be fetched: .*Open-Meteo.*; .*MET Norway/);
  });

  test("the most telling code is chosen", async () => {
    sandbox.fail("open-meteo-forecast", { kind: "status", status: 429, retryAfter: 77 });
    sandbox.fail("met-norway", { kind: "reset" });
    await expect(run({ location: "Oslo" })).rejects.toMatchObject({ code: "rate_limited", retryAfterS: 77 });
  });

  test("all unreachable in different ways is unavailable", async () => {
    sandbox.fail("open-meteo-forecast", { kind: "timeout" });
    sandbox.fail("met-norway", { kind: "reset" });
    const http = createTestClient({ deadlineMs: 1_000 });
    await expect(run({ location: "Oslo" }, { http })).rejects.toMatchObject({ code: "upstream_unavailable" });
  });

  test("nobody else is asked once the caller has gone", async () => {
    sandbox.fail("open-meteo-forecast", { kind: "timeout" });
    const controller = new AbortController();
    const gone = new AppError("timeout", "The caller went away");
    const running = run({ location: "Oslo" }, { signal: controller.signal });
    while (!sandbox.requests.some(({ upstream }) => upstream === "open-meteo-forecast")) await Bun.sleep(1);
    controller.abort(gone);
    await expect(running).rejects.toBe(gone);
    await running.catch(() => undefined);
    expect(sandbox.requests.some(({ upstream }) => upstream === "met-norway")).toBe(false);
  });

  test("a geocoder that is down costs no forecast request", async () => {
    sandbox.fail("open-meteo-geocoding", { kind: "reset" });
    await expect(run({ location: "Oslo" })).rejects.toMatchObject({ code: "upstream_unavailable" });
    await run({ location: "Oslo" }).catch(() => undefined);
    expect(sandbox.requests.every(({ upstream }) => upstream === "open-meteo-geocoding")).toBe(true);
  });
});

describe("get_weather with strange answers", () => {
  test("a refusal is told in the provider's own words", async () => {
    const body = { error: true, reason: "No such place on this planet" };
    await using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => Response.json(body, { status: 400 }),
    });
    const config = { ...sandbox.baseUrls, WEATHER_BASE_URL: String(server.url) };
    const { metadata } = await run({ location: "Oslo" }, { config });
    expect(metadata.failed_providers).toMatchObject([
      { code: "upstream_rejected", reason: "Open-Meteo refused the request: No such place on this planet" },
    ]);
  });

  test("any JSON from every provider gives a result in form or an AppError", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (json) => {
        const http = { json: async () => ({ status: 200, headers: new Headers(), json, cached: false }) };
        try {
          expect(Value.Check(ForecastSchema, (await run({ location: "1,1" }, { http })).data)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a provider without a temperature does not count as an answer", async () => {
    const answers: Record<string, unknown> = {
      "Open-Meteo": { utc_offset_seconds: 0, current: { time: "2026-03-10T12:15", weather_code: 3 } },
      "MET Norway": {
        properties: {
          timeseries: [{ time: "2026-03-10T12:00:00Z", data: { instant: { details: { air_temperature: 7 } } } }],
        },
      },
    };
    const http: ToolContext["http"] = {
      json: async ({ provider }) => ({ status: 200, headers: new Headers(), json: answers[provider], cached: false }),
    };
    const { data, metadata } = await run({ location: "1,1" }, { http });
    expect(data.temperature).toBe(7);
    expect("humidity" in data || "condition" in data).toBe(false);
    expect(metadata.failed_providers).toMatchObject([{ reason: "Open-Meteo gave no temperature for this place" }]);
  });

  test("an unreadable answer is not kept", async () => {
    const cache = createMapCache();
    await using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => Response.json({ hello: "there" }) });
    const config = { METNO_BASE_URL: String(server.url), WEATHER_BASE_URL: String(server.url) };
    await expect(run({ location: "1,1" }, { config, http: createTestClient({ cache, now }) })).rejects.toMatchObject({
      code: "upstream_rejected",
    });
    expect(cache.kept.size).toBe(0);
  });
});
