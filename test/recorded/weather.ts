import type { Reading } from "../../src/adapters/weather/forecast.ts";
import { parseMetNorway } from "../../src/adapters/weather/met-norway.ts";
import { parseOpenMeteo } from "../../src/adapters/weather/open-meteo.ts";
import { parseOpenMeteoPlaces } from "../../src/adapters/weather/open-meteo-geocoding.ts";
import {
  parseOpenWeather,
  parseOpenWeatherDays,
  refusedByOpenWeather,
} from "../../src/adapters/weather/openweather.ts";
import { displayName, rank } from "../../src/adapters/weather/places.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const say = ({ current, daily }: Reading): string => {
  const { temperature, condition, humidity, time } = current;
  const numbers = [temperature, humidity].filter((value) => value !== undefined);
  must(numbers.every(Number.isFinite), "a number is missing");
  return `${temperature ?? "no temperature"}, ${condition ?? "no condition"} at ${time}; ${daily.length} days`;
};

const places =
  (name: string, qualifiers: string[], expected: string[]) =>
  (json: unknown): string => {
    const found = rank(parseOpenMeteoPlaces(json), name, qualifiers).map(displayName);
    must(Bun.deepEquals(found, expected), `understood ${JSON.stringify(found)}`);
    return `${[name, ...qualifiers].join(", ")} is ${found[0] ?? "nowhere"}, and ${Math.max(0, found.length - 1)} others`;
  };

const openMeteo =
  (expected: Partial<Reading["current"]>, days: number) =>
  (json: unknown): string => {
    const reading = parseOpenMeteo(json);
    must(Bun.deepMatch(expected, reading.current), `understood ${JSON.stringify(reading.current)}`);
    must(reading.daily.length === days, `understood ${reading.daily.length} days`);
    must(
      reading.daily.every(({ condition, symbol }) => Boolean(condition && symbol)),
      "a day has no condition",
    );
    return say(reading);
  };

const refusal =
  (parse: (json: unknown) => unknown, expected: RegExp) =>
  (json: unknown): string => {
    try {
      parse(json);
    } catch (error) {
      must(error instanceof AppError && expected.test(error.message), String(error));
      return `refused: ${String(error)}`;
    }
    throw new Error("the refusal was not noticed");
  };

const metNorway =
  (zone: string, now: string, expected: Partial<Reading["current"]>) =>
  (json: unknown): string => {
    const reading = parseMetNorway(json, "metric", zone, new Date(now));
    must(Bun.deepMatch(expected, reading.current), `understood ${JSON.stringify(reading.current)}`);
    must(reading.daily.length === 7, `understood ${reading.daily.length} days`);
    const complete = reading.daily.every(
      ({ condition, temperature_max: max, temperature_min: min, precipitation }) =>
        condition !== undefined && max !== undefined && min !== undefined && min <= max && precipitation !== undefined,
    );
    must(complete, "a day is incomplete");
    return say(reading);
  };

const openWeather =
  (expected: Partial<Reading["current"]>) =>
  (json: unknown): string => {
    const reading = parseOpenWeather(json, "metric");
    must(Bun.deepMatch(expected, reading.current), `understood ${JSON.stringify(reading.current)}`);
    return say(reading);
  };

const get = async (sandbox: Sandbox, setting: string, path: string): Promise<unknown> =>
  (await fetch(`${sandbox.baseUrls[setting]}${path}`, { headers: { "user-agent": "mcqueen/check" } })).json();

const hollywoods = ["Alabama", "Maryland"];

export const weather: RecordedAdapter = {
  name: "weather",
  folders: ["open-meteo-geocoding", "open-meteo-forecast", "met-norway", "openweather"],
  files: {
    "open-meteo-geocoding/search_enschede.json": places("Enschede", [], ["Enschede, Overijssel, The Netherlands"]),
    "open-meteo-geocoding/search_hollywood_20.json": (json) => {
      const found = parseOpenMeteoPlaces(json);
      must(found.length === 20, `understood ${found.length} places`);
      const best = rank(found, "Hollywood", ["CA"]).map(displayName);
      must(Bun.deepEquals(best, ["Hollywood, California, United States"]), `understood ${JSON.stringify(best)}`);
      const plain = rank(found, "Hollywood", []).map(displayName);
      must(plain[0] === "Hollywood, Florida, United States" && plain.length === 17, `understood ${plain.join("; ")}`);
      for (const state of hollywoods) {
        must(rank(found, "Hollywood", [state]).length > 1, `several in ${state} were not noticed`);
      }
      return `20 places, ${best[0]} for "Hollywood, CA"`;
    },
    "open-meteo-geocoding/search_no_result.json": places("Qwxlorbia", [], []),
    "open-meteo-geocoding/search_springfield_10_ambiguous.json": places(
      "Springfield",
      ["Illinois"],
      ["Springfield, Illinois, United States"],
    ),
    "open-meteo-forecast/error_400_bad_unit.json": refusal(parseOpenMeteo, /refused the request: Cannot initialize/),
    "open-meteo-forecast/error_400_latitude_out_of_range.json": refusal(parseOpenMeteo, /Latitude must be in range/),
    "open-meteo-forecast/error_429_minutely.json": refusal(parseOpenMeteo, /Minutely API request limit exceeded/),
    "open-meteo-forecast/forecast_berlin_weathercode_only.json": openMeteo({ condition: "Overcast" }, 7),
    "open-meteo-forecast/forecast_london_metric_current_daily.json": openMeteo(
      { temperature: 21.6, condition: "Partly cloudy", wind_speed: 16.6, time: "2026-07-02T10:30:00+01:00" },
      7,
    ),
    "open-meteo-forecast/forecast_toronto_imperial_current_hourly_daily.json": openMeteo(
      { temperature: 32.6, feels_like: 22.5, condition: "Overcast", time: "2026-03-05T21:00:00-05:00" },
      8,
    ),
    "met-norway/compact_beijing.json": metNorway("Asia/Shanghai", "2020-07-20T11:30:00Z", {
      temperature: 30.4,
      humidity: 56.5,
      wind_speed: 6.5,
      condition: "Clear sky",
      is_day: true,
      time: "2020-07-20T19:00:00+08:00",
    }),
    "met-norway/compact_new_york.json": metNorway("America/New_York", "2020-07-20T11:59:00Z", {
      time: "2020-07-20T07:00:00-04:00",
    }),
    "openweather/forecast_5day_london.json": (json) => {
      const days = parseOpenWeatherDays(json, "metric");
      must(days.length === 6, `understood ${days.length} days`);
      must(
        days.every(({ temperature_max: max }) => max !== undefined),
        "a day has no temperature",
      );
      return `${days.length} days from ${days[0]?.date}`;
    },
    "openweather/onecall_400_out_of_range.json": refusal((json) => {
      throw refusedByOpenWeather("OpenWeather", 400, json);
    }, /^OpenWeather answered 400: requested time is out of allowed range/),
    "openweather/weather_401_invalid_key.json": refusal((json) => {
      throw refusedByOpenWeather("OpenWeather", 401, json);
    }, /^OpenWeather refused the key$/),
    "openweather/weather_moscow_imperial_ru.json": (json) => {
      const reading = parseOpenWeather(json, "imperial");
      must(reading.current.wind_speed === 6.71 && reading.current.condition === "Clear sky", say(reading));
      return say(reading);
    },
    "openweather/weather_moscow_metric_fr_rain.json": openWeather({
      temperature: 13.67,
      condition: "Light rain showers",
      wind_speed: 32.4,
      is_day: true,
      time: "2020-05-17T15:13:42+03:00",
    }),
    "openweather/weather_new_york_kelvin.json": openWeather({ condition: "Overcast", humidity: 75, is_day: false }),
    "openweather/weather_zip_10018.json": openWeather({ condition: "Broken clouds", humidity: 70 }),
  },
  standIns: [
    {
      files: [
        "open-meteo-geocoding/search_enschede.json",
        "open-meteo-geocoding/search_hollywood_20.json",
        "open-meteo-geocoding/search_springfield_10_ambiguous.json",
      ],
      ask: (sandbox) => get(sandbox, "WEATHER_GEOCODING_BASE_URL", "/v1/search?name=Springfield"),
    },
    {
      files: ["open-meteo-geocoding/search_no_result.json"],
      ask: (sandbox) => get(sandbox, "WEATHER_GEOCODING_BASE_URL", "/v1/search?name=Qwxlorbia"),
    },
    {
      files: ["open-meteo-forecast/forecast_london_metric_current_daily.json"],
      ask: (sandbox) =>
        get(
          sandbox,
          "WEATHER_BASE_URL",
          "/v1/forecast?latitude=51.5085&longitude=-0.1257&timezone=auto&current=temperature_2m,weather_code,wind_speed_10m&daily=temperature_2m_max,temperature_2m_min,weather_code",
        ),
    },
    {
      files: ["open-meteo-forecast/error_400_bad_unit.json"],
      exact: true,
      ask: (sandbox) => get(sandbox, "WEATHER_BASE_URL", "/v1/forecast?latitude=1&longitude=1&temperature_unit=metric"),
    },
    {
      files: ["open-meteo-forecast/error_400_latitude_out_of_range.json"],
      exact: true,
      ask: (sandbox) => get(sandbox, "WEATHER_BASE_URL", "/v1/forecast?latitude=999&longitude=1"),
    },
    {
      files: ["open-meteo-forecast/error_429_minutely.json"],
      exact: true,
      ask: (sandbox) => {
        sandbox.fail("open-meteo-forecast", { kind: "status", status: 429, times: 1 });
        return get(sandbox, "WEATHER_BASE_URL", "/v1/forecast?latitude=1&longitude=1");
      },
    },
    {
      files: ["met-norway/compact_beijing.json", "met-norway/compact_new_york.json"],
      ask: (sandbox) => get(sandbox, "METNO_BASE_URL", "/weatherapi/locationforecast/2.0/compact?lat=40.7&lon=-74"),
    },
    {
      files: [
        "openweather/weather_moscow_imperial_ru.json",
        "openweather/weather_moscow_metric_fr_rain.json",
        "openweather/weather_new_york_kelvin.json",
        "openweather/weather_zip_10018.json",
      ],
      documented: [".rain", ".snow"],
      ask: (sandbox) => get(sandbox, "OPENWEATHER_BASE_URL", "/data/2.5/weather?lat=40.7&lon=-74&appid=sandbox-key"),
    },
    {
      files: ["openweather/forecast_5day_london.json"],
      documented: [".list[].rain", ".list[].snow"],
      ask: (sandbox) => get(sandbox, "OPENWEATHER_BASE_URL", "/data/2.5/forecast?lat=40.7&lon=-74&appid=sandbox-key"),
    },
    {
      files: ["openweather/weather_401_invalid_key.json"],
      exact: true,
      ask: (sandbox) => get(sandbox, "OPENWEATHER_BASE_URL", "/data/2.5/weather?lat=40.7&lon=-74&appid=wrong"),
    },
  ],
};
