import { listIn, notUnderstood, numberIn, present, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import { symbolOf } from "./conditions.ts";
import type { CurrentWeather, DayWeather, Reading, UnitSystem } from "./forecast.ts";
import { convert, dateIn, instantOfSeconds, isoIn, offsetOf } from "./local-time.ts";
import { openWeatherCondition } from "./openweather-conditions.ts";
import type { WeatherProvider } from "./weather.ts";

const name = "OpenWeather";
export const defaultOpenWeatherUrl = "https://api.openweathermap.org";
/** Three-hourly steps that a day needs for its highest and lowest to mean something. */
const leastStepsOfDay = 5;

/** Needs a key. https://openweathermap.org/current and /forecast5. */
export const openWeather: WeatherProvider = {
  name,
  attribution: "Weather data provided by OpenWeather",
  sourceUrl: "https://openweathermap.org/",
  async ask({ latitude, longitude, timeZone }, units, { http, config, signal }) {
    const send = (path: string) =>
      http.json({
        provider: name,
        url: under(config.OPENWEATHER_BASE_URL ?? defaultOpenWeatherUrl, path),
        query: { lat: latitude, lon: longitude, units, appid: config.WEATHER_API_KEY },
        deadlineMs: 8_000,
        signal,
        cache: 600,
        accept: (status) => [400, 401, 404].includes(status),
        keep: isRecord,
        refusal: (status, json) => (status >= 400 ? refusedByOpenWeather(name, status, json) : undefined),
      });
    const [weather, forecast] = await Promise.all([send("/data/2.5/weather"), send("/data/2.5/forecast")]);
    const reading = parseOpenWeather(weather.json, units);
    const daily = parseOpenWeatherDays(forecast.json, units);
    return { ...reading, ...(timeZone ? { timeZone } : {}), daily, cached: weather.cached && forecast.cached };
  },
};

/** A refusal in OpenWeather's own words. `cod` is a number in some answers and a text in others. */
export function refusedByOpenWeather(provider: string, status: number, json: unknown): AppError {
  const said = textIn(json, "message");
  const isKey = status === 401;
  return new AppError(
    "upstream_rejected",
    isKey ? `${provider} refused the key` : `${provider} answered ${status}${said ? `: ${printable(said)}` : ""}`,
    {
      hint: isKey ? "Check WEATHER_API_KEY: mcqueen settings" : "Try again later.",
      metadata: { provider, upstream_status: status },
    },
  );
}

/** Reads /data/2.5/weather in the units that were asked for; the zone is an offset such as "-04:00". @throws AppError upstream_rejected */
export function parseOpenWeather(json: unknown, units: UnitSystem): Reading {
  const at = instantOfSeconds(numberIn(json, "dt"));
  const main = recordIn(json, "main");
  if (!at || !main) throw notUnderstood(name);
  const offset = offsetOf(numberIn(json, "timezone"));
  const { condition, isDay } = conditionOf(json);
  const current: CurrentWeather = present({
    temperature: numberIn(main, "temp"),
    feels_like: numberIn(main, "feels_like"),
    humidity: numberIn(main, "humidity"),
    precipitation: convert.precipitation(fallen(json, "1h"), units),
    wind_speed: windOf(json, units),
    condition: condition?.words,
    symbol: symbolOf(condition, isDay),
    is_day: isDay,
    time: isoIn(at, offset ?? "+00:00"),
  });
  return { current, daily: [], dataTime: at.toString(), ...(offset ? { timeZone: offset } : {}) };
}

/** Reads the three-hourly steps of /data/2.5/forecast into local days. @throws AppError upstream_rejected */
export function parseOpenWeatherDays(json: unknown, units: UnitSystem): DayWeather[] {
  const list = listIn(json, "list");
  if (!list) throw notUnderstood(name);
  const zone = offsetOf(numberIn(recordIn(json, "city"), "timezone")) ?? "+00:00";
  const steps = list.flatMap((step) => {
    const at = instantOfSeconds(numberIn(step, "dt"));
    return at ? [{ step, hour: at.toZonedDateTimeISO(zone).hour, date: dateIn(at, zone) }] : [];
  });
  return [...Map.groupBy(steps, ({ date }) => date)]
    .filter(([, of], index) => index === 0 || of.length >= leastStepsOfDay)
    .map(([date, of]) => {
      const noon = of.reduce((best, each) => (Math.abs(each.hour - 12) < Math.abs(best.hour - 12) ? each : best));
      const all = (key: string): number[] => of.flatMap(({ step }) => numberIn(recordIn(step, "main"), key) ?? []);
      const chances = of.flatMap(({ step }) => numberIn(step, "pop") ?? []);
      const amounts = of.flatMap(({ step }) => fallen(step, "3h") ?? []);
      const { condition } = conditionOf(noon.step);
      return present({
        date,
        condition: condition?.words,
        symbol: symbolOf(condition),
        temperature_max: most(all("temp_max")),
        temperature_min: least(all("temp_min")),
        precipitation_probability: chances.length > 0 ? Math.round(Math.max(...chances) * 100) : undefined,
        precipitation: convert.precipitation(amounts.length > 0 ? sum(amounts) : undefined, units),
      });
    });
}

const most = (of: readonly number[]): number | undefined => (of.length > 0 ? Math.max(...of) : undefined);
const least = (of: readonly number[]): number | undefined => (of.length > 0 ? Math.min(...of) : undefined);
const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0);

function conditionOf(json: unknown) {
  const [first] = listIn(json, "weather") ?? [];
  const time = textIn(first, "icon")?.at(-1);
  const isDay = time === "d" ? true : time === "n" ? false : undefined;
  return { condition: openWeatherCondition(numberIn(first, "id"), textIn(first, "description")), isDay };
}

/** Rain and snow in mm, whatever units were asked for. Absent when neither is mentioned. */
function fallen(json: unknown, span: "1h" | "3h"): number | undefined {
  const kinds = ["rain", "snow"].flatMap((kind) => numberIn(recordIn(json, kind), span) ?? []);
  return kinds.length > 0 ? sum(kinds) : undefined;
}

/** Metres a second in metric answers, miles an hour in imperial ones. */
function windOf(json: unknown, units: UnitSystem): number | undefined {
  const speed = numberIn(recordIn(json, "wind"), "speed");
  return units === "metric" ? convert.wind(speed, units) : speed;
}
