import { notUnderstood, numberIn, present, textIn, under } from "../../core/answer.ts";
import type { ToolContext } from "../../core/tool.ts";
import { defaultOpenWeatherUrl, refusedByOpenWeather } from "./openweather.ts";
import type { Candidate } from "./places.ts";
import { countryName, usStateCode } from "./regions.ts";

const provider = "OpenWeather geocoding";

/** Asks OpenWeather's own geocoder, which takes US states as part of the query and gives five places at most. */
export async function searchOpenWeather(
  name: string,
  qualifiers: readonly string[],
  { http, config, signal }: ToolContext,
): Promise<Candidate[]> {
  const state = qualifiers.map(usStateCode).find((code) => code !== undefined);
  const answer = await http.json({
    provider,
    url: under(config.OPENWEATHER_BASE_URL ?? defaultOpenWeatherUrl, "/geo/1.0/direct"),
    query: { q: state ? `${name},${state},US` : name, limit: 5, appid: config.WEATHER_API_KEY },
    deadlineMs: 8_000,
    signal,
    cache: 86_400,
    accept: (status) => [400, 401, 404].includes(status),
    keep: Array.isArray,
    refusal: (status, json) => (status >= 400 ? refusedByOpenWeather(provider, status, json) : undefined),
  });
  return parseOpenWeatherPlaces(answer.json);
}

/** @throws AppError upstream_rejected */
export function parseOpenWeatherPlaces(json: unknown): Candidate[] {
  if (!Array.isArray(json)) throw notUnderstood(provider);
  return json.flatMap((result: unknown) => {
    const [name, latitude, longitude] = [textIn(result, "name"), numberIn(result, "lat"), numberIn(result, "lon")];
    if (name === undefined || latitude === undefined || longitude === undefined) return [];
    const countryCode = textIn(result, "country");
    const state = textIn(result, "state");
    return [
      present({
        name,
        latitude,
        longitude,
        countryCode,
        country: countryCode === undefined ? undefined : (countryName(countryCode) ?? countryCode),
        areas: state === undefined ? [] : [state],
      }) satisfies Candidate,
    ];
  });
}
