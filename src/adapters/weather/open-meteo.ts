import { listIn, notUnderstood, numberIn, present, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import { symbolOf, wmoCondition } from "./conditions.ts";
import type { DayWeather, Reading } from "./forecast.ts";
import { instantOf, offsetOf } from "./local-time.ts";
import type { WeatherProvider } from "./weather.ts";

const name = "Open-Meteo";

const currentVariables = [
  "temperature_2m",
  "relative_humidity_2m",
  "apparent_temperature",
  "precipitation",
  "weather_code",
  "wind_speed_10m",
  "is_day",
].join(",");
const dailyVariables = [
  "weather_code",
  "temperature_2m_max",
  "temperature_2m_min",
  "precipitation_probability_max",
  "precipitation_sum",
].join(",");

/** Keyless. https://open-meteo.com/en/docs; 600 requests a minute, 10,000 a day. */
export const openMeteo: WeatherProvider = {
  name,
  attribution: "Weather data by Open-Meteo.com (CC BY 4.0)",
  sourceUrl: "https://open-meteo.com/",
  async ask({ latitude, longitude }, units, { http, config, signal }) {
    const answer = await http.json({
      provider: name,
      url: under(config.WEATHER_BASE_URL ?? "https://api.open-meteo.com", "/v1/forecast"),
      query: {
        latitude,
        longitude,
        current: currentVariables,
        daily: dailyVariables,
        timezone: "auto",
        forecast_days: 7,
        ...(units === "imperial"
          ? { temperature_unit: "fahrenheit", wind_speed_unit: "mph", precipitation_unit: "inch" }
          : {}),
      },
      deadlineMs: 8_000,
      signal,
      cache: 600,
      accept: (status) => status === 400,
      keep: (json) => recordIn(json, "current") !== undefined,
      refusal: (_status, json) => refusedByOpenMeteo(json),
    });
    return { ...parseOpenMeteo(answer.json), cached: answer.cached };
  },
};

/** A refusal in Open-Meteo's own words. */
function refusedByOpenMeteo(json: unknown): AppError | undefined {
  if (!isRecord(json) || json.error !== true) return undefined;
  const reason = textIn(json, "reason") ?? "no reason given";
  return new AppError("upstream_rejected", `${name} refused the request: ${printable(reason)}`, {
    metadata: { provider: name },
  });
}

/** @throws AppError upstream_rejected for an answer with `error: true` and for any other form */
export function parseOpenMeteo(json: unknown): Reading {
  const refusal = refusedByOpenMeteo(json);
  if (refusal) throw refusal;
  const current = recordIn(json, "current");
  const offset = offsetOf(numberIn(json, "utc_offset_seconds")) ?? "+00:00";
  const time = textIn(current, "time");
  const local = time && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(time) ? `${time}:00${offset}` : undefined;
  const instant = instantOf(local);
  if (!current || !local || !instant) throw notUnderstood(name);
  const condition = wmoCondition(current.weather_code);
  const isDay = { 0: false, 1: true }[numberIn(current, "is_day") ?? -1];
  return present({
    current: present({
      temperature: numberIn(current, "temperature_2m"),
      feels_like: numberIn(current, "apparent_temperature"),
      humidity: numberIn(current, "relative_humidity_2m"),
      precipitation: numberIn(current, "precipitation"),
      wind_speed: numberIn(current, "wind_speed_10m"),
      condition: condition?.words,
      symbol: symbolOf(condition, isDay),
      is_day: isDay,
      time: local,
    }),
    daily: daysOf(recordIn(json, "daily")),
    dataTime: instant.toString(),
    timeZone: textIn(json, "timezone"),
  });
}

/** Turns columns into days. A hole in a column leaves that day's member out. */
function daysOf(daily: Record<string, unknown> | undefined): DayWeather[] {
  const column = (variable: string): unknown[] => listIn(daily, variable) ?? [];
  const code = column("weather_code");
  const highest = column("temperature_2m_max");
  const lowest = column("temperature_2m_min");
  const probability = column("precipitation_probability_max");
  const sum = column("precipitation_sum");
  const at = (of: unknown[], index: number): number | undefined => {
    const value = of[index];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  return column("time").flatMap((date, index) => {
    if (typeof date !== "string" || !/^\d{4}-\d\d-\d\d$/.test(date)) return [];
    const condition = wmoCondition(at(code, index));
    return [
      present({
        date,
        condition: condition?.words,
        symbol: symbolOf(condition),
        temperature_max: at(highest, index),
        temperature_min: at(lowest, index),
        precipitation_probability: at(probability, index),
        precipitation: at(sum, index),
      }),
    ];
  });
}
