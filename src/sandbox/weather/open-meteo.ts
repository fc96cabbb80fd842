import { findCities } from "../cities.ts";
import type { Upstream } from "../upstream.ts";
import { type Ground, groundAt, type MadeWeather, one, queryNumber, weatherAt } from "./climate.ts";

const failure = (status: number): unknown => ({
  reason:
    status === 429
      ? "Minutely API request limit exceeded. Please try again in one minute."
      : `The service answers ${status}`,
  error: true,
});

const refuse = (reason: string): Response => Response.json({ error: true, reason }, { status: 400 });
const missing = (): Response => Response.json({ error: true, reason: "Not Found" }, { status: 404 });

export const openMeteoGeocoding: Upstream = {
  id: "open-meteo-geocoding",
  setting: "WEATHER_GEOCODING_BASE_URL",
  failure,
  answer(request, path, query) {
    if (path !== "/v1/search" || request.method !== "GET") return missing();
    const name = query.get("name");
    if (name === null) return refuse("Value of type 'String' required for key 'name'.");
    const count = queryNumber(query, "count") ?? 10;
    if (count < 1 || count > 100) return refuse("Parameter count must be between 1 and 100.");
    const results = findCities(name)
      .slice(0, count)
      .map((city) => ({
        id: city.id,
        name: city.name,
        latitude: city.latitude,
        longitude: city.longitude,
        elevation: city.elevation,
        feature_code: city.featureCode,
        country_code: city.countryCode,
        admin1_id: city.admin1Id,
        ...(city.admin2 ? { admin2_id: city.admin1Id + 1 } : {}),
        timezone: city.timeZone,
        population: city.population,
        country_id: city.countryId,
        country: city.country,
        admin1: city.admin1,
        ...(city.admin2 ? { admin2: city.admin2 } : {}),
      }));
    return Response.json({ ...(results.length > 0 ? { results } : {}), generationtime_ms: 0.5 });
  },
};

interface Asked {
  fahrenheit: boolean;
  windUnit: "kmh" | "mph" | "ms";
  inches: boolean;
}

type Variable = [unit: (asked: Asked) => string, value: (weather: MadeWeather, asked: Asked) => number];

const degrees = (celsius: number, { fahrenheit }: Asked): number => (fahrenheit ? one(celsius * 1.8 + 32) : celsius);
const height = (mm: number, { inches }: Asked): number => (inches ? Math.round((mm / 25.4) * 1000) / 1000 : one(mm));
const speed = (ms: number, { windUnit }: Asked): number => one(ms * { kmh: 3.6, mph: 2.237, ms: 1 }[windUnit]);
const degreeUnit = ({ fahrenheit }: Asked): string => (fahrenheit ? "°F" : "°C");
const speedUnit = ({ windUnit }: Asked): string => ({ kmh: "km/h", mph: "mp/h", ms: "m/s" })[windUnit];
const heightUnit = ({ inches }: Asked): string => (inches ? "inch" : "mm");

const currentVariables = new Map<string, Variable>([
  ["temperature_2m", [degreeUnit, (weather, asked) => degrees(weather.temperature, asked)]],
  ["apparent_temperature", [degreeUnit, (weather, asked) => degrees(weather.feelsLike, asked)]],
  ["relative_humidity_2m", [() => "%", ({ humidity }) => humidity]],
  ["precipitation", [heightUnit, (weather, asked) => height(weather.precipitation, asked)]],
  ["weather_code", [() => "wmo code", ({ wmo }) => wmo]],
  ["wind_speed_10m", [speedUnit, (weather, asked) => speed(weather.wind, asked)]],
  ["wind_gusts_10m", [speedUnit, (weather, asked) => speed(weather.gust, asked)]],
  ["is_day", [() => "", ({ isDay }) => (isDay ? 1 : 0)]],
]);

type Daily = [unit: (asked: Asked) => string, value: (hours: MadeWeather[], asked: Asked) => number];

const dailyVariables = new Map<string, Daily>([
  ["weather_code", [() => "wmo code", (hours) => Math.max(...hours.map(({ wmo }) => wmo))]],
  [
    "temperature_2m_max",
    [degreeUnit, (hours, asked) => degrees(Math.max(...hours.map(({ temperature }) => temperature)), asked)],
  ],
  [
    "temperature_2m_min",
    [degreeUnit, (hours, asked) => degrees(Math.min(...hours.map(({ temperature }) => temperature)), asked)],
  ],
  ["precipitation_probability_max", [() => "%", (hours) => Math.max(...hours.map(({ chance }) => chance))]],
  [
    "precipitation_sum",
    [
      heightUnit,
      (hours, asked) =>
        height(
          hours.reduce((sum, { precipitation }) => sum + precipitation, 0),
          asked,
        ),
    ],
  ],
]);

export const openMeteoForecast: Upstream = {
  id: "open-meteo-forecast",
  setting: "WEATHER_BASE_URL",
  failure,
  answer(request, path, query, now) {
    if (path !== "/v1/forecast" || request.method !== "GET") return missing();
    const latitude = queryNumber(query, "latitude");
    const longitude = queryNumber(query, "longitude");
    if (latitude === undefined) return refuse("Value of type 'Array<Float>' required for key 'latitude'.");
    if (longitude === undefined) return refuse("Value of type 'Array<Float>' required for key 'longitude'.");
    const outside = (name: string, limit: number, given: number): Response =>
      refuse(`${name} must be in range of -${limit} to ${limit}°. Given: ${given.toFixed(1)}.`);
    if (Math.abs(latitude) > 90) return outside("Latitude", 90, latitude);
    if (Math.abs(longitude) > 180) return outside("Longitude", 180, longitude);
    const units = readUnits(query);
    if (typeof units === "string") return refuse(units);
    const days = queryNumber(query, "forecast_days") ?? 7;
    if (days < 0 || days > 16) return refuse(`Forecast days is invalid. Allowed range 0 to 16. Given ${days}.`);
    const current = query.get("current")?.split(",") ?? [];
    const daily = query.get("daily")?.split(",") ?? [];
    const unknown =
      current.find((name) => !currentVariables.has(name)) ?? daily.find((name) => !dailyVariables.has(name));
    if (unknown !== undefined)
      return refuse(`Cannot initialize ForecastVariable from invalid String value ${unknown}.`);
    const found = groundAt(latitude, longitude);
    const zone = query.get("timezone");
    const ground = zone === "auto" ? found : { ...found, zone: zone ?? "UTC", zoneName: zone ?? "GMT" };
    return Response.json(forecast(ground, now, units, current, daily, days));
  },
};

/** The sentence of the refusal for a unit that the service does not know. */
function readUnits(query: URLSearchParams): Asked | string {
  const choices: [key: string, type: string, allowed: string[]][] = [
    ["temperature_unit", "TemperatureUnit", ["celsius", "fahrenheit"]],
    ["wind_speed_unit", "WindspeedUnit", ["kmh", "mph", "ms"]],
    ["precipitation_unit", "PrecipitationUnit", ["mm", "inch"]],
  ];
  for (const [key, type, allowed] of choices) {
    const given = query.get(key);
    if (given !== null && !allowed.includes(given)) {
      return `Cannot initialize ${type} from invalid String value ${given} for key ${key}`;
    }
  }
  return {
    fahrenheit: query.get("temperature_unit") === "fahrenheit",
    windUnit: (query.get("wind_speed_unit") ?? "kmh") as Asked["windUnit"],
    inches: query.get("precipitation_unit") === "inch",
  };
}

function forecast(ground: Ground, now: Date, asked: Asked, current: string[], daily: string[], days: number): unknown {
  const quarter = 900_000;
  const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(now.getTime() / quarter) * quarter).toZonedDateTimeISO(
    ground.zone,
  );
  const weather = weatherAt(ground, at);
  const dates = Array.from({ length: days }, (_, day) => at.startOfDay().add({ days: day }));
  const hours = dates.map((date) =>
    Array.from({ length: 24 }, (_, hour) => weatherAt(ground, date.add({ hours: hour }))),
  );
  const offsetHours = at.offsetNanoseconds / 3.6e12;
  return {
    latitude: ground.latitude,
    longitude: ground.longitude,
    generationtime_ms: 0.4,
    utc_offset_seconds: at.offsetNanoseconds / 1e9,
    timezone: ground.zoneName,
    timezone_abbreviation: offsetHours === 0 ? "GMT" : `GMT${offsetHours > 0 ? "+" : ""}${offsetHours}`,
    elevation: ground.elevation,
    ...(current.length === 0
      ? {}
      : {
          current_units: {
            time: "iso8601",
            interval: "seconds",
            ...Object.fromEntries(current.map((name) => [name, currentVariables.get(name)?.[0](asked)])),
          },
          current: {
            time: at.toPlainDateTime().toString({ smallestUnit: "minute" }),
            interval: 900,
            ...Object.fromEntries(current.map((name) => [name, currentVariables.get(name)?.[1](weather, asked)])),
          },
        }),
    ...(daily.length === 0
      ? {}
      : {
          daily_units: {
            time: "iso8601",
            ...Object.fromEntries(daily.map((name) => [name, dailyVariables.get(name)?.[0](asked)])),
          },
          daily: {
            time: dates.map((date) => date.toPlainDate().toString()),
            ...Object.fromEntries(
              daily.map((name) => [name, hours.map((day) => dailyVariables.get(name)?.[1](day, asked))]),
            ),
          },
        }),
  };
}
