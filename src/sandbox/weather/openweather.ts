import { cityNear, findCities } from "../cities.ts";
import type { Upstream } from "../upstream.ts";
import { type Ground, groundAt, type MadeWeather, one, queryNumber, weatherAt } from "./climate.ts";

const key = "sandbox-key";
const threeHoursMs = 10_800_000;

export const openWeather: Upstream = {
  id: "openweather",
  setting: "OPENWEATHER_BASE_URL",
  failure: (status) => ({ cod: status, message: `The service answers ${status}` }),
  answer(_request, path, query, now) {
    if (query.get("appid") !== key) {
      return Response.json(
        { cod: 401, message: "Invalid API key. Please see http://openweathermap.org/faq#error401 for more info." },
        { status: 401 },
      );
    }
    if (path === "/geo/1.0/direct") return places(query);
    if (path !== "/data/2.5/weather" && path !== "/data/2.5/forecast") {
      return Response.json({ cod: "404", message: "Internal error" }, { status: 404 });
    }
    const lat = queryNumber(query, "lat");
    const lon = queryNumber(query, "lon");
    if (lat === undefined || lon === undefined) return refuse("Nothing to geocode");
    if (Math.abs(lat) > 90) return refuse("wrong latitude");
    if (Math.abs(lon) > 180) return refuse("wrong longitude");
    const ground = groundAt(lat, lon);
    const units = query.get("units") ?? "standard";
    return Response.json(path.endsWith("/weather") ? weather(ground, units, now) : forecast(ground, units, now));
  },
};

/** Here `cod` is a text, as in the real refusals. */
const refuse = (message: string): Response => Response.json({ cod: "400", message }, { status: 400 });

function places(query: URLSearchParams): Response {
  const q = query.get("q");
  if (!q) return refuse("Nothing to geocode");
  const [name = "", ...rest] = q.split(",").map((part) => part.trim());
  const country = rest.at(-1);
  const found = findCities(name)
    .filter(({ countryCode }) => country === undefined || countryCode === country.toUpperCase())
    .filter(({ admin1 }) => rest.length < 2 || stateCodes[admin1] === rest[0]?.toUpperCase())
    .slice(0, queryNumber(query, "limit") ?? 5);
  return Response.json(
    found.map(({ name, latitude, longitude, countryCode, admin1 }) => ({
      name,
      local_names: { en: name },
      lat: latitude,
      lon: longitude,
      country: countryCode,
      state: admin1,
    })),
  );
}

const stateCodes: Record<string, string> = {
  Illinois: "IL",
  Massachusetts: "MA",
  Missouri: "MO",
  "New York": "NY",
  Oregon: "OR",
  Texas: "TX",
};

const degrees = (celsius: number, units: string): number =>
  units === "metric" ? celsius : units === "imperial" ? one(celsius * 1.8 + 32) : one(celsius + 273.15);
const speed = (ms: number, units: string): number => (units === "imperial" ? one(ms * 2.237) : ms);

const mainOf = (made: MadeWeather, units: string) => ({
  temp: degrees(made.temperature, units),
  feels_like: degrees(made.feelsLike, units),
  temp_min: degrees(made.temperature, units),
  temp_max: degrees(made.temperature, units),
  pressure: made.pressure,
  humidity: made.humidity,
});

/** Millimetres, whatever the units. */
function fallen(made: MadeWeather, span: "1h" | "3h", amount: number) {
  if (amount === 0) return {};
  return { [made.temperature < 0 ? "snow" : "rain"]: { [span]: one(amount) } };
}

function weather(ground: Ground, units: string, now: Date): unknown {
  const at = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(ground.zone);
  const made = weatherAt(ground, at);
  const city = cityNear(ground.latitude, ground.longitude);
  const noon = Math.floor(at.startOfDay().epochMilliseconds / 1000) + 12 * 3600;
  return {
    coord: { lon: ground.longitude, lat: ground.latitude },
    weather: [conditionOf(made)],
    base: "stations",
    main: mainOf(made, units),
    visibility: 10_000,
    wind: { speed: speed(made.wind, units), deg: Math.round(made.chance * 3.6) },
    ...fallen(made, "1h", made.precipitation),
    clouds: { all: made.clouds },
    dt: Math.floor(now.getTime() / 1000),
    sys: { type: 1, id: 4610, country: city?.countryCode ?? "", sunrise: noon - 6 * 3600, sunset: noon + 6 * 3600 },
    timezone: at.offsetNanoseconds / 1e9,
    id: city?.id ?? 0,
    name: city?.name ?? "",
    cod: 200,
  };
}

function forecast(ground: Ground, units: string, now: Date): unknown {
  const first = (Math.floor(now.getTime() / threeHoursMs) + 1) * threeHoursMs;
  const city = cityNear(ground.latitude, ground.longitude);
  const list = Array.from({ length: 40 }, (_, index) => {
    const instant = Temporal.Instant.fromEpochMilliseconds(first + index * threeHoursMs);
    const made = weatherAt(ground, instant.toZonedDateTimeISO(ground.zone));
    return {
      dt: instant.epochMilliseconds / 1000,
      main: { ...mainOf(made, units), sea_level: made.pressure, grnd_level: made.pressure - 4, temp_kf: 0 },
      weather: [conditionOf(made)],
      clouds: { all: made.clouds },
      wind: {
        speed: speed(made.wind, units),
        deg: Math.round(made.chance * 3.6),
        gust: speed(made.gust, units),
      },
      visibility: 10_000,
      pop: made.chance / 100,
      ...fallen(made, "3h", made.precipitation * 3),
      sys: { pod: made.isDay ? "d" : "n" },
      dt_txt: instant.toString().replace("T", " ").replace("Z", ""),
    };
  });
  return {
    cod: "200",
    message: 0,
    cnt: list.length,
    list,
    city: {
      id: city?.id ?? 0,
      name: city?.name ?? "",
      coord: { lat: ground.latitude, lon: ground.longitude },
      country: city?.countryCode ?? "",
      population: city?.population ?? 0,
      timezone:
        Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(ground.zone).offsetNanoseconds / 1e9,
      sunrise: 0,
      sunset: 0,
    },
  };
}

function conditionOf({ wmo, isDay }: MadeWeather) {
  const [id, main, description, icon] = conditions[wmo] ?? [804, "Clouds", "overcast clouds", "04"];
  return { id, main, description, icon: `${icon}${isDay ? "d" : "n"}` };
}

const conditions: Record<number, [id: number, main: string, description: string, icon: string]> = {
  0: [800, "Clear", "clear sky", "01"],
  1: [801, "Clouds", "few clouds", "02"],
  2: [802, "Clouds", "scattered clouds", "03"],
  3: [804, "Clouds", "overcast clouds", "04"],
  61: [500, "Rain", "light rain", "10"],
  63: [501, "Rain", "moderate rain", "10"],
  71: [600, "Snow", "light snow", "13"],
  73: [601, "Snow", "snow", "13"],
  95: [201, "Thunderstorm", "thunderstorm with rain", "11"],
};
