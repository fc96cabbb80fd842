import { listIn, notUnderstood, numberIn, present, textIn, under } from "../../core/answer.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import type { Candidate } from "./places.ts";

const provider = "Open-Meteo geocoding";

/** Asks for places of a name. More are asked for when something else in the text will choose between them. */
export async function searchOpenMeteo(
  name: string,
  qualifiers: readonly string[],
  { http, config, signal }: ToolContext,
): Promise<Candidate[]> {
  const answer = await http.json({
    provider,
    url: under(config.WEATHER_GEOCODING_BASE_URL ?? "https://geocoding-api.open-meteo.com", "/v1/search"),
    query: { name, count: qualifiers.length > 0 ? 50 : 5, language: "en", format: "json" },
    deadlineMs: 8_000,
    signal,
    cache: 86_400,
    keep: (json) => isRecord(json) && (json.results === undefined || Array.isArray(json.results)),
  });
  return parseOpenMeteoPlaces(answer.json);
}

/** `results` is absent when nothing matches. @throws AppError upstream_rejected */
export function parseOpenMeteoPlaces(json: unknown): Candidate[] {
  if (!isRecord(json)) throw notUnderstood(provider);
  if (json.results === undefined) return [];
  const results = listIn(json, "results");
  if (!results) throw notUnderstood(provider);
  return results.flatMap((result) => {
    const [name, latitude, longitude] = [
      textIn(result, "name"),
      numberIn(result, "latitude"),
      numberIn(result, "longitude"),
    ];
    if (name === undefined || latitude === undefined || longitude === undefined) return [];
    return [
      present({
        name,
        latitude,
        longitude,
        timeZone: textIn(result, "timezone"),
        country: textIn(result, "country"),
        countryCode: textIn(result, "country_code"),
        areas: ["admin1", "admin2", "admin3", "admin4"].flatMap((key) => textIn(result, key) ?? []),
      }) satisfies Candidate,
    ];
  });
}
