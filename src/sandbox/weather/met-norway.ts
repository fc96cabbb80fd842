import type { Upstream } from "../upstream.ts";
import { groundAt, one, queryNumber, weatherAt } from "./climate.ts";

const hourMs = 3_600_000;
const hourlySteps = 60;
const allSteps = 86;

export const metNorway: Upstream = {
  id: "met-norway",
  setting: "METNO_BASE_URL",
  failure: (status) => ({ error: `The service answers ${status}` }),
  answer(request, path, query, now) {
    const agent = request.headers.get("user-agent") ?? "";
    // The real service turns away clients that do not say whose they are, the runtime's own default among them.
    if (agent === "" || /^Bun\//.test(agent)) return refuse(403, "403 Forbidden: identify yourself in the User-Agent");
    if (path !== "/weatherapi/locationforecast/2.0/compact") return refuse(404, "404 Not Found");
    const lat = queryNumber(query, "lat");
    const lon = queryNumber(query, "lon");
    if (lat === undefined || lon === undefined) return refuse(400, "400 Bad Request: lat and lon are required");
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return refuse(400, "400 Bad Request: lat or lon is out of range");
    const decimals = [query.get("lat"), query.get("lon")].map((text) => text?.split(".")[1]?.length ?? 0);
    if (Math.max(...decimals) > 4) return refuse(403, "403 Forbidden: more than four decimals");
    return Response.json(compact(lat, lon, now), {
      headers: {
        expires: new Date(now.getTime() + hourMs / 2).toUTCString(),
        "last-modified": now.toUTCString(),
      },
    });
  },
};

const refuse = (status: number, text: string): Response =>
  new Response(text, { status, headers: { "content-type": "text/plain" } });

function compact(lat: number, lon: number, now: Date): unknown {
  const ground = groundAt(lat, lon);
  const times = stepTimes(now);
  const at = (ms: number): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(ground.zone);
  const timeseries = times.map((ms, index) => {
    const weather = weatherAt(ground, at(ms));
    const ahead = (hours: number) =>
      Array.from({ length: hours }, (_, hour) => weatherAt(ground, at(ms + hour * hourMs)));
    const span = (hours: number) => {
      const coming = ahead(hours);
      const middle = coming[Math.floor(hours / 2)] ?? weather;
      return {
        summary: { symbol_code: symbolCode(middle.wmo, middle.isDay) },
        details: { precipitation_amount: one(coming.reduce((sum, { precipitation }) => sum + precipitation, 0)) },
      };
    };
    return {
      time: new Date(ms).toISOString().replace(".000", ""),
      data: {
        instant: {
          details: {
            air_pressure_at_sea_level: weather.pressure,
            air_temperature: weather.temperature,
            cloud_area_fraction: weather.clouds,
            relative_humidity: weather.humidity,
            wind_from_direction: (weather.chance * 3.6) % 360,
            wind_speed: weather.wind,
          },
        },
        ...(index < times.length - 2 ? { next_12_hours: { summary: span(12).summary } } : {}),
        ...(index < hourlySteps ? { next_1_hours: span(1) } : {}),
        ...(index < times.length - 1 ? { next_6_hours: span(6) } : {}),
      },
    };
  });
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat, ground.elevation] },
    properties: {
      meta: {
        updated_at: new Date(now.getTime() - (now.getTime() % hourMs)).toISOString().replace(".000", ""),
        units: {
          air_pressure_at_sea_level: "hPa",
          air_temperature: "celsius",
          cloud_area_fraction: "%",
          precipitation_amount: "mm",
          relative_humidity: "%",
          wind_from_direction: "degrees",
          wind_speed: "m/s",
        },
      },
      timeseries,
    },
  };
}

/** Hourly from this hour on, then every six hours at 00, 06, 12 and 18 UTC. */
function stepTimes(now: Date): number[] {
  const first = now.getTime() - (now.getTime() % hourMs);
  const times = Array.from({ length: hourlySteps }, (_, index) => first + index * hourMs);
  const sixHours = 6 * hourMs;
  let next = (Math.floor((times.at(-1) ?? first) / sixHours) + 1) * sixHours;
  while (times.length < allSteps) {
    times.push(next);
    next += sixHours;
  }
  return times;
}

function symbolCode(wmo: number, isDay: boolean): string {
  const time = isDay ? "day" : "night";
  const codes: Record<number, string> = {
    0: `clearsky_${time}`,
    1: `fair_${time}`,
    2: `partlycloudy_${time}`,
    3: "cloudy",
    61: "lightrain",
    63: "rain",
    71: "lightsnow",
    73: "snow",
    95: "rainandthunder",
  };
  return codes[wmo] ?? "cloudy";
}
