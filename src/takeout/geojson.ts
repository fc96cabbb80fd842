import { listIn, recordIn, textIn } from "../core/answer.ts";
import { isRecord } from "../core/parameters.ts";
import { nameOfUrl, pointOfUrl, type Reading, skip, take } from "./reading.ts";

/**
 * Reads a feature collection of Google Takeout: saved places with the keys of 2018 or of 2025, and labelled places.
 * Gives false for a collection of something else.
 */
export function readGeoJson(json: unknown, reading: Reading): boolean {
  const features = listIn(json, "features");
  if (!isRecord(json) || json.type !== "FeatureCollection" || !features) return false;
  for (const feature of features) readFeature(feature, reading);
  return true;
}

function readFeature(feature: unknown, reading: Reading): void {
  const properties = recordIn(feature, "properties");
  const isReview = properties && ("five_star_rating_published" in properties || "review_text_published" in properties);
  if (!properties || isReview) {
    skip(reading, isReview ? "it is a review" : "it is no place");
    return;
  }
  const location = recordIn(properties, "location") ?? recordIn(properties, "Location");
  const url = textIn(properties, "google_maps_url") ?? textIn(properties, "Google Maps URL");
  const first = (...found: (string | undefined)[]) => found.find((text) => text !== undefined);
  const ownName = textIn(properties, "name");
  const point = pointIn(feature) ?? pointOfUrl(url ?? "");
  const named = first(
    textIn(location, "name"),
    textIn(location, "Business Name"),
    textIn(properties, "Title"),
    ownName,
    point && url && pointOfUrl(url) ? "Dropped pin" : nameOfUrl(url ?? ""),
  );
  take(
    reading,
    {
      name: named,
      address: first(textIn(location, "address"), textIn(location, "Address"), textIn(properties, "address")),
      ...point,
      url,
      label: /^(home|work)$/i.test(ownName ?? "") ? ownName?.toLowerCase() : undefined,
    },
    "google_takeout",
  );
}

/** GeoJSON puts the longitude first. */
function pointIn(feature: unknown): { latitude: number; longitude: number } | undefined {
  const [longitude, latitude] = listIn(recordIn(feature, "geometry"), "coordinates") ?? [];
  if (typeof latitude !== "number" || typeof longitude !== "number") return undefined;
  return latitude === 0 && longitude === 0 ? undefined : { latitude, longitude };
}
