import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { fourDecimals, parseMetNorway } from "../../../src/adapters/weather/met-norway.ts";
import { parseOpenMeteo } from "../../../src/adapters/weather/open-meteo.ts";
import { parseOpenMeteoPlaces } from "../../../src/adapters/weather/open-meteo-geocoding.ts";
import { parseOpenWeather, parseOpenWeatherDays } from "../../../src/adapters/weather/openweather.ts";
import { parseOpenWeatherPlaces } from "../../../src/adapters/weather/openweather-geocoding.ts";
import { AppError } from "../../../src/core/errors.ts";

const now = new Date("2026-03-10T12:20:00Z");

describe("Open-Meteo", () => {
  const answer = {
    utc_offset_seconds: -14_400,
    timezone: "America/New_York",
    current: { time: "2026-03-10T08:15", temperature_2m: 4.5, relative_humidity_2m: 65, weather_code: 0, is_day: 0 },
    daily: {
      time: ["2026-03-10", "2026-03-11", "not a date"],
      weather_code: [61, null, 3],
      temperature_2m_max: [9.1, null, 1],
      temperature_2m_min: [null, 2.2],
      precipitation_probability_max: "gone",
    },
  };

  test("is read, and its holes stay holes", () => {
    expect(parseOpenMeteo(answer)).toEqual({
      current: {
        temperature: 4.5,
        humidity: 65,
        condition: "Clear sky",
        symbol: "🌙",
        is_day: false,
        time: "2026-03-10T08:15:00-04:00",
      },
      daily: [
        { date: "2026-03-10", condition: "Light rain", symbol: "🌧️", temperature_max: 9.1 },
        { date: "2026-03-11", temperature_min: 2.2 },
      ],
      dataTime: "2026-03-10T12:15:00Z",
      timeZone: "America/New_York",
    });
  });

  test("a number past all numbers is a hole", () => {
    const huge = JSON.parse('{"time":["2026-03-10"],"temperature_2m_max":[1e999]}');
    const reading = parseOpenMeteo({
      ...answer,
      current: { ...answer.current, precipitation: Number.POSITIVE_INFINITY },
      daily: huge,
    });
    expect(reading.daily).toEqual([{ date: "2026-03-10" }]);
    expect("precipitation" in reading.current).toBe(false);
  });

  test("an error in the body is a refusal in the provider's words", () => {
    expect(() => parseOpenMeteo({ error: true, reason: "No such unit" })).toThrow(
      "Open-Meteo refused the request: No such unit",
    );
  });

  const strange: [what: string, json: unknown][] = [
    ["null", null],
    ["a list", []],
    ["no current", { daily: {} }],
    ["no time", { current: { temperature_2m: 1 } }],
    ["an unreadable time", { current: { time: "2026-99-99T99:99" } }],
  ];
  test.each(strange)("%s is not understood", (_what, json) => {
    expect(() => parseOpenMeteo(json)).toThrow("Open-Meteo answered in a form that is not understood");
  });
});

const step = (time: string, temperature: number, ahead: Record<string, unknown> = {}) => ({
  time,
  data: { instant: { details: { air_temperature: temperature, wind_speed: 10, relative_humidity: 50 } }, ...ahead },
});
const next = (hours: number, symbol: string, mm?: number) => ({
  [`next_${hours}_hours`]: {
    summary: { symbol_code: symbol },
    ...(mm === undefined ? {} : { details: { precipitation_amount: mm } }),
  },
});
const series = (...timeseries: unknown[]) => ({
  properties: { meta: { updated_at: "2026-03-10T11:00:00Z" }, timeseries },
});

describe("MET Norway", () => {
  test("takes the step that covers now, in the units asked for", () => {
    const json = series(
      step("2026-03-10T11:00:00Z", 1),
      step("2026-03-10T12:00:00Z", 10, next(1, "partlycloudy_night", 2.54)),
      step("2026-03-10T13:00:00Z", 20),
    );
    expect(parseMetNorway(json, "metric", "Europe/Oslo", now).current).toEqual({
      temperature: 10,
      humidity: 50,
      precipitation: 2.5,
      wind_speed: 36,
      condition: "Partly cloudy",
      symbol: "☁️",
      is_day: false,
      time: "2026-03-10T13:00:00+01:00",
    });
    expect(parseMetNorway(json, "imperial", "Europe/Oslo", now).current).toMatchObject({
      temperature: 50,
      precipitation: 0.1,
      wind_speed: 22.4,
    });
  });

  test("days are the place's own, and a day that is only begun is left out", () => {
    const json = series(
      step("2026-03-10T12:00:00Z", 5),
      step("2026-03-10T15:30:00Z", 9),
      ...[0, 6, 12, 18].map((hour, index) =>
        step(`2026-03-11T${String(hour).padStart(2, "0")}:00:00Z`, index, next(6, index === 2 ? "rain" : "cloudy", 1)),
      ),
      step("2026-03-12T00:00:00Z", 30),
    );
    const utc = parseMetNorway(json, "metric", undefined, now);
    expect(utc.timeZone).toBe("UTC");
    expect(utc.daily).toEqual([
      { date: "2026-03-10", temperature_max: 9, temperature_min: 5 },
      {
        date: "2026-03-11",
        condition: "Rain",
        symbol: "🌧️",
        temperature_max: 3,
        temperature_min: 0,
        precipitation: 4,
      },
    ]);
    const kolkata = parseMetNorway(json, "metric", "Asia/Kolkata", now);
    expect(kolkata.daily[0]).toEqual({ date: "2026-03-10", temperature_max: 9, temperature_min: 5 });
    expect(parseMetNorway(json, "metric", "Asia/Tokyo", now).daily[0]).toMatchObject({ temperature_max: 5 });
  });

  test("rain of overlapping spans is counted once", () => {
    const json = series(
      step("2026-03-10T12:00:00Z", 5, { ...next(1, "rain", 1), ...next(6, "rain", 6) }),
      step("2026-03-10T13:00:00Z", 5, next(6, "rain", 6)),
      step("2026-03-10T14:00:00Z", 5, next(6, "rain", 6)),
    );
    expect(parseMetNorway(json, "metric", undefined, now).daily[0]?.precipitation).toBe(7);
  });

  test("a zone that nobody knows is UTC", () => {
    const reading = parseMetNorway(series(step("2026-03-10T12:00:00Z", 5)), "metric", "Mars/Olympus", now);
    expect(reading.current.time).toBe("2026-03-10T12:00:00+00:00");
  });

  test.each([[null], [{}], [series()], [series({ time: "soon" })]])("%j is not understood", (json) => {
    expect(() => parseMetNorway(json, "metric", undefined, now)).toThrow("MET Norway answered in a form");
  });

  test("coordinates are cut, not rounded, to four decimals", () => {
    expect([fourDecimals(59.91279), fourDecimals(-0.12578), fourDecimals(10)]).toEqual([59.9127, -0.1257, 10]);
  });
});

describe("OpenWeather", () => {
  const weather = {
    dt: 1_773_144_000,
    timezone: -14_400,
    main: { temp: 4.5, feels_like: 1, humidity: 65 },
    weather: [{ id: 600, description: "light snow", icon: "13n" }],
    wind: { speed: 10 },
    snow: { "1h": 2.54 },
    cod: 200,
  };

  test("is read; wind and snow are turned into what was asked for", () => {
    expect(parseOpenWeather(weather, "metric")).toEqual({
      current: {
        temperature: 4.5,
        feels_like: 1,
        humidity: 65,
        precipitation: 2.5,
        wind_speed: 36,
        condition: "Light snow",
        symbol: "❄️",
        is_day: false,
        time: "2026-03-10T08:00:00-04:00",
      },
      daily: [],
      dataTime: "2026-03-10T12:00:00Z",
      timeZone: "-04:00",
    });
    expect(parseOpenWeather(weather, "imperial").current).toMatchObject({ wind_speed: 10, precipitation: 0.1 });
  });

  test("three-hourly steps become days of the place", () => {
    const start = Date.parse("2026-03-10T21:00:00Z") / 1000;
    const list = Array.from({ length: 12 }, (_, index) => ({
      dt: start + index * 10_800,
      main: { temp_max: index, temp_min: 20 - index },
      weather: [{ id: index === 5 ? 500 : 800, icon: "01d" }],
      pop: index / 20,
      ...(index > 3 ? { rain: { "3h": 1 } } : {}),
    }));
    const days = parseOpenWeatherDays({ list, city: { timezone: 3600 } }, "metric");
    expect(days.map(({ date }) => date)).toEqual(["2026-03-10", "2026-03-11"]);
    expect(days[0]).toEqual({
      date: "2026-03-10",
      condition: "Clear sky",
      symbol: "☀️",
      temperature_max: 0,
      temperature_min: 20,
      precipitation_probability: 0,
    });
    expect(days[1]).toMatchObject({
      condition: "Light rain",
      temperature_max: 8,
      temperature_min: 12,
      precipitation_probability: 40,
      precipitation: 5,
    });
  });

  test("anything else is not understood", () => {
    expect(() => parseOpenWeather({ cod: "200" }, "metric")).toThrow("OpenWeather answered in a form");
    expect(() => parseOpenWeather({ ...weather, dt: 1e300 }, "metric")).toThrow("OpenWeather answered in a form");
    expect(() => parseOpenWeatherDays({ cod: "200" }, "metric")).toThrow("OpenWeather answered in a form");
  });

  test("its geocoder's places are in English and keep what they lack absent", () => {
    const json = [
      { name: "Oslo", lat: 59.9, lon: 10.7, country: "NO" },
      { name: "?" },
      null,
      { name: "X", lat: "1", lon: 2 },
    ];
    expect(parseOpenWeatherPlaces(json)).toEqual([
      { name: "Oslo", latitude: 59.9, longitude: 10.7, countryCode: "NO", country: "Norway", areas: [] },
    ]);
  });
});

describe("any JSON", () => {
  const parsers: [name: string, parse: (json: unknown) => unknown][] = [
    ["Open-Meteo", parseOpenMeteo],
    ["Open-Meteo geocoding", parseOpenMeteoPlaces],
    ["MET Norway", (json) => parseMetNorway(json, "metric", undefined, now)],
    ["OpenWeather", (json) => parseOpenWeather(json, "imperial")],
    ["OpenWeather's days", (json) => parseOpenWeatherDays(json, "metric")],
    ["OpenWeather geocoding", parseOpenWeatherPlaces],
  ];
  const words = [
    ...["current", "daily", "time", "temperature_2m", "weather_code", "properties", "timeseries", "data", "instant"],
    ...["details", "main", "temp", "dt", "timezone", "list", "weather", "results", "name", "latitude", "lat", "lon"],
  ];
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom("2026-03-10", "2026-03-10T12:00", "2026-03-10T12:00:00Z"),
    ),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...words), tie("tree"), { maxKeys: 6 }),
    ),
  })).tree;

  test.each(parsers)("gives %s a reading without NaN, or an AppError", (_name, parse) => {
    fc.assert(
      fc.property(value, (json) => {
        let read: unknown;
        try {
          read = parse(json);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          return;
        }
        // JSON has no NaN: it would come back as null.
        expect(JSON.stringify(read)).not.toContain("null");
      }),
      { numRuns: 400 },
    );
  });
});
