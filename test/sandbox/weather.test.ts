import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cities } from "../../src/sandbox/cities.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { groundAt, weatherAt } from "../../src/sandbox/weather/climate.ts";

const now = () => new Date("2026-03-10T23:30:00Z");
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ now });
});
afterAll(() => sandbox.stop());

const agent = { "user-agent": "mcqueen/test" };
const get = async (setting: string, path: string, headers: Record<string, string> = agent) => {
  const response = await fetch(`${sandbox.baseUrls[setting]}${path}`, { headers });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
};

const forecast = "/v1/forecast?latitude=40.7&longitude=-74";
const compact = "/weatherapi/locationforecast/2.0/compact";
const key = "appid=sandbox-key";

describe("the stand-ins are as strict as the services", () => {
  const rows: [setting: string, path: string, status: number, body: unknown][] = [
    ["WEATHER_GEOCODING_BASE_URL", "/v1/search", 400, { error: true }],
    ["WEATHER_GEOCODING_BASE_URL", "/v1/search?name=Oslo&count=101", 400, { error: true }],
    ["WEATHER_GEOCODING_BASE_URL", "/v2/search?name=Oslo", 404, { error: true }],
    ["WEATHER_GEOCODING_BASE_URL", "/v1/search?name=Oslo&whatever=1", 200, { results: [{ name: "Oslo" }] }],
    ["WEATHER_BASE_URL", "/v1/forecast?longitude=1", 400, { error: true }],
    ["WEATHER_BASE_URL", "/v1/forecast?latitude=x&longitude=1", 400, { error: true }],
    [
      "WEATHER_BASE_URL",
      "/v1/forecast?latitude=999&longitude=1",
      400,
      { error: true, reason: "Latitude must be in range of -90 to 90°. Given: 999.0." },
    ],
    ["WEATHER_BASE_URL", "/v1/forecast?latitude=9&longitude=181", 400, { error: true }],
    [
      "WEATHER_BASE_URL",
      `${forecast}&temperature_unit=metric`,
      400,
      {
        error: true,
        reason: "Cannot initialize TemperatureUnit from invalid String value metric for key temperature_unit",
      },
    ],
    ["WEATHER_BASE_URL", `${forecast}&wind_speed_unit=knots`, 400, { error: true }],
    ["WEATHER_BASE_URL", `${forecast}&current=temperature`, 400, { error: true }],
    ["WEATHER_BASE_URL", `${forecast}&daily=temperature_2m`, 400, { error: true }],
    ["WEATHER_BASE_URL", `${forecast}&forecast_days=17`, 400, { error: true }],
    ["WEATHER_BASE_URL", `${forecast}&whatever=1&current=is_day`, 200, { timezone: "GMT", current: { is_day: 0 } }],
    ["METNO_BASE_URL", `${compact}?lat=59.9&lon=10.7`, 200, { type: "Feature" }],
    ["METNO_BASE_URL", `${compact}?lat=59.9`, 400, expect.any(String)],
    ["METNO_BASE_URL", `${compact}?lat=99&lon=10.7`, 400, expect.any(String)],
    ["METNO_BASE_URL", `${compact}?lat=59.91234&lon=10.7`, 403, expect.any(String)],
    ["OPENWEATHER_BASE_URL", "/data/2.5/weather?lat=1&lon=1", 401, { cod: 401 }],
    ["OPENWEATHER_BASE_URL", "/data/2.5/weather?lat=1&lon=1&appid=other", 401, { cod: 401 }],
    ["OPENWEATHER_BASE_URL", `/data/2.5/weather?${key}`, 400, { cod: "400", message: "Nothing to geocode" }],
    ["OPENWEATHER_BASE_URL", `/data/2.5/forecast?lat=91&lon=1&${key}`, 400, { cod: "400", message: "wrong latitude" }],
    ["OPENWEATHER_BASE_URL", `/data/2.5/weather?lat=1&lon=1&${key}`, 200, { cod: 200 }],
    ["OPENWEATHER_BASE_URL", `/data/2.5/forecast?lat=1&lon=1&${key}`, 200, { cod: "200", cnt: 40 }],
    ["OPENWEATHER_BASE_URL", `/geo/1.0/direct?q=London&${key}`, 200, [{ country: "GB" }, { country: "CA" }]],
    ["OPENWEATHER_BASE_URL", `/geo/1.0/direct?q=Paris,TX,US&${key}`, 200, [{ state: "Texas" }]],
    ["OPENWEATHER_BASE_URL", `/geo/1.0/direct?q=Nowhere&${key}`, 200, []],
  ];
  test.each(rows)("%s %s answers %d", async (setting, path, status, body) => {
    const answer = await get(setting, path);
    expect(answer.status).toBe(status);
    if (Array.isArray(body)) expect(answer.body).toHaveLength(body.length);
    expect({ body: answer.body }).toMatchObject({ body });
  });

  test("MET Norway turns away who does not say who they are", async () => {
    const path = `${compact}?lat=59.9&lon=10.7`;
    expect((await get("METNO_BASE_URL", path, {})).status).toBe(403);
    const { headers } = await get("METNO_BASE_URL", path);
    expect(Date.parse(headers.get("expires") ?? "")).toBe(now().getTime() + 1_800_000);
  });

  test("Open-Meteo leaves `results` out when nothing is found", async () => {
    for (const name of ["Qwxlorbia", "x", "Os"]) {
      const { status, body } = await get("WEATHER_GEOCODING_BASE_URL", `/v1/search?name=${name}`);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(["generationtime_ms"]);
    }
  });
});

describe("the weather of the sandbox", () => {
  test("begins today, in the place's own zone", async () => {
    const firstDay = async (latitude: number, longitude: number): Promise<unknown> =>
      (
        await get(
          "WEATHER_BASE_URL",
          `/v1/forecast?latitude=${latitude}&longitude=${longitude}&timezone=auto&daily=weather_code`,
        )
      ).body.daily.time[0];
    expect(await firstDay(40.7, -74)).toBe("2026-03-10");
    expect(await firstDay(35.69, 139.69)).toBe("2026-03-11");
  });

  test("is the same for the same place and hour, and another elsewhere", async () => {
    const at = async (place: string): Promise<unknown> =>
      (await get("WEATHER_BASE_URL", `/v1/forecast?${place}&current=temperature_2m,weather_code`)).body.current;
    expect(await at("latitude=52.5&longitude=13.4")).toEqual(await at("latitude=52.5&longitude=13.4"));
    expect(await at("latitude=52.5&longitude=13.4")).not.toEqual(await at("latitude=-1.3&longitude=36.8"));
  });

  test("has seasons that differ by hemisphere, and believable degrees", () => {
    const noon = (name: string, month: number): number => {
      const city = cities.find((each) => each.name === name);
      if (!city) throw new Error(`no ${name}`);
      const ground = groundAt(city.latitude, city.longitude);
      const days = Array.from({ length: 28 }, (_, day) =>
        Temporal.ZonedDateTime.from({ year: 2026, month, day: day + 1, hour: 14, timeZone: ground.zone }),
      );
      const degrees = days.map((day) => weatherAt(ground, day).temperature);
      for (const each of degrees) expect(Math.abs(each)).toBeLessThan(55);
      return degrees.reduce((sum, each) => sum + each, 0) / degrees.length;
    };
    expect(noon("Oslo", 7)).toBeGreaterThan(noon("Oslo", 1) + 10);
    expect(noon("Sydney", 1)).toBeGreaterThan(noon("Sydney", 7) + 5);
    expect(noon("Mumbai", 1)).toBeGreaterThan(noon("Oslo", 1) + 10);
  });

  test("every city has a zone that exists and a country by name", () => {
    expect(cities.length).toBeGreaterThanOrEqual(12);
    for (const { timeZone, country, countryCode, latitude, longitude } of cities) {
      expect(() => Temporal.Now.zonedDateTimeISO(timeZone)).not.toThrow();
      expect(country).not.toBe(countryCode);
      expect(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180).toBe(true);
    }
  });
});
