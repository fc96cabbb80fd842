import { afterEach, beforeEach, expect, test } from "bun:test";
import { getWeather } from "../../../src/adapters/weather/get-weather.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext, createMapHealth, createTestClient } from "../../support/context.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function run(order: string[], key?: string, health = createMapHealth()) {
  const config = { ...sandbox.baseUrls, WEATHER_API_KEY: key };
  const settings = { provider_order: order };
  const http = createTestClient({ health });
  const answer = await getWeather.actions[0]?.run({ location: "Oslo" }, createContext({ config, settings, http }));
  return { metadata: answer?.metadata, asked: sandbox.requests.map(({ upstream }) => upstream), health };
}

const rows: [order: string[], key: string | undefined, provider: string, asked: string[]][] = [
  [[], undefined, "Open-Meteo", ["open-meteo-geocoding", "open-meteo-forecast"]],
  [["met_norway"], undefined, "MET Norway", ["open-meteo-geocoding", "met-norway"]],
  [["openweather_geocoding", "met_norway"], "sandbox-key", "MET Norway", ["openweather", "met-norway"]],
  [["openweather_geocoding", "openweather"], undefined, "Open-Meteo", ["open-meteo-geocoding", "open-meteo-forecast"]],
  [["open_meteo"], "sandbox-key", "Open-Meteo", ["open-meteo-geocoding", "open-meteo-forecast"]],
];
test.each(rows)("%j with the key %s: %s, asked are %j", async (order, key, provider, asked) => {
  const ran = await run(order, key);
  expect(ran.metadata).toMatchObject({ provider });
  expect(ran.asked).toEqual(asked);
});

test("a refused key is OpenWeather's last error, and counts as no trouble of its own", async () => {
  const { metadata, health } = await run([], "wrong-key");
  expect(metadata).toMatchObject({ provider: "Open-Meteo" });
  expect(health.known.get("OpenWeather")).toMatchObject({
    failures: 0,
    lastFailure: { code: "upstream_rejected", reason: "OpenWeather refused the key" },
  });
  expect(health.known.get("Open-Meteo")).toMatchObject({ failures: 0, lastSuccessAt: expect.any(Date) });
});
