import { listIn, notUnderstood, numberIn, present, recordIn, textIn, under } from "../../core/answer.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { webAddress } from "../../core/web-address.ts";
import { acceptGoogle, googleHeaders, refusedByGoogle } from "./google.ts";
import type { Located } from "./locate.ts";
import type { FoundPlace } from "./schemas.ts";

export const googlePlaces = {
  name: "Google Places",
  attribution: "Google Maps",
  sourceUrl: "https://www.google.com/maps",
} as const;

const fields = [
  "id",
  "displayName",
  "formattedAddress",
  "location",
  "primaryType",
  "types",
  "internationalPhoneNumber",
  "nationalPhoneNumber",
  "websiteUri",
  "regularOpeningHours.weekdayDescriptions",
  "googleMapsUri",
].map((field) => `places.${field}`);

/** Metres around `near` in which places come first. */
const radius = 5_000;

/** @throws AppError upstream_rejected and the like */
export async function askGooglePlaces(
  query: string,
  limit: number,
  near: Located | undefined,
  { http, config, signal, profile }: ToolContext,
): Promise<FoundPlace[]> {
  const answer = await http.json({
    provider: googlePlaces.name,
    method: "POST",
    url: under(config.GOOGLE_PLACES_BASE_URL ?? "https://places.googleapis.com", "/v1/places:searchText"),
    headers: googleHeaders(config.GOOGLE_MAPS_API_KEY, fields),
    body: {
      textQuery: query,
      pageSize: limit,
      languageCode: profile.locale ?? "en",
      ...(near
        ? { locationBias: { circle: { center: { latitude: near.latitude, longitude: near.longitude }, radius } } }
        : {}),
    },
    idempotent: true,
    signal,
    accept: acceptGoogle,
    refusal: (status, json) => refusedByGoogle(googlePlaces.name, status, json),
  });
  return parseGooglePlaces(answer.json);
}

/** `places` is absent when nothing fits. @throws AppError upstream_rejected */
export function parseGooglePlaces(json: unknown): FoundPlace[] {
  if (!isRecord(json) || "error" in json) throw notUnderstood(googlePlaces.name);
  const list = json.places === undefined ? [] : listIn(json, "places");
  if (!list) throw notUnderstood(googlePlaces.name);
  return list.flatMap((place) => placeOf(place) ?? []);
}

function placeOf(place: unknown): FoundPlace | undefined {
  const [id, name] = [textIn(place, "id"), textIn(recordIn(place, "displayName"), "text")];
  if (id === undefined || name === undefined) return undefined;
  const location = recordIn(place, "location");
  const hours = recordIn(place, "regularOpeningHours") ?? recordIn(place, "currentOpeningHours");
  const days = (listIn(hours, "weekdayDescriptions") ?? []).filter((day) => typeof day === "string");
  const [type] = listIn(place, "types") ?? [];
  return present({
    id,
    name,
    address: textIn(place, "formattedAddress") ?? textIn(place, "shortFormattedAddress"),
    latitude: numberIn(location, "latitude"),
    longitude: numberIn(location, "longitude"),
    phone: textIn(place, "internationalPhoneNumber") ?? textIn(place, "nationalPhoneNumber"),
    website: webAddress(textIn(place, "websiteUri"))?.href,
    // Google sets thin and unbreakable spaces around times.
    opening_hours: days.length > 0 ? days.join("; ").replace(/[\u2009\u202f\u00a0]/g, " ") : undefined,
    kind: (textIn(place, "primaryType") ?? (typeof type === "string" ? type : undefined))?.replaceAll("_", " "),
    url: webAddress(textIn(place, "googleMapsUri"))?.href,
  }) satisfies FoundPlace;
}
