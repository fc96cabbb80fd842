import { isRecord } from "../../core/parameters.ts";
import { type Found, find } from "../nominatim/search.ts";
import { distance } from "../osrm/router.ts";
import type { Upstream } from "../upstream.ts";
import { googleFailure, masked, refuse, statusNames, stop, strayField, strayName } from "./door.ts";

const known = ["textQuery", "pageSize", "languageCode", "regionCode", "locationBias", "includedType", "openNow"];
const fields = [
  "id",
  "name",
  "displayName",
  "formattedAddress",
  "shortFormattedAddress",
  "location",
  "primaryType",
  "types",
  "internationalPhoneNumber",
  "nationalPhoneNumber",
  "websiteUri",
  "regularOpeningHours",
  "googleMapsUri",
].map((field) => `places.${field}`);

export const googlePlaces: Upstream = {
  id: "google-places",
  setting: "GOOGLE_PLACES_BASE_URL",
  failure: (status) => googleFailure(status, statusNames[status] ?? "UNKNOWN", `The service answers ${status}`),
  async answer(request, path) {
    if (request.method !== "POST" || path !== "/v1/places:searchText")
      return refuse(404, "Requested entity was not found.");
    const stopped = stop(request, "places.googleapis.com", fields);
    if (stopped) return stopped;
    const body: unknown = await request.json();
    if (!isRecord(body)) return refuse(400, "Invalid JSON payload received.");
    const stray = strayName(body, known);
    if (stray !== undefined) return strayField(stray, "");
    if (typeof body.textQuery !== "string" || body.textQuery.trim() === "") return refuse(400, "Empty text_query.");
    const size = body.pageSize ?? 20;
    if (typeof size !== "number" || size < 1 || size > 20)
      return refuse(400, "Invalid page_size. Must be between 1 and 20.");
    const circle = circleOf(body.locationBias);
    const results = find(body.textQuery).filter(({ category }) => category !== "highway");
    const nearest = circle ? results.sort((a, b) => distance(a, circle) - distance(b, circle)) : results;
    const mask = request.headers.get("x-goog-fieldmask") ?? "*";
    return Response.json(results.length === 0 ? {} : masked({ places: nearest.slice(0, size).map(placeOf) }, mask));
  },
};

function circleOf(bias: unknown): { latitude: number; longitude: number } | undefined {
  const circle = isRecord(bias) && isRecord(bias.circle) ? bias.circle : undefined;
  const { latitude, longitude } = isRecord(circle?.center) ? circle.center : {};
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : undefined;
}

function placeOf({ town, name, category, type, latitude, longitude, houseNumber, street, postcode, tags }: Found) {
  const id = `ChIJ${Buffer.from(`${town.name} ${name || street} ${houseNumber ?? ""}`)
    .toString("base64url")
    .slice(0, 23)}`;
  const kind = category === "boundary" ? "locality" : type === "house" ? "street_address" : type;
  const short = [[houseNumber, street].filter(Boolean).join(" "), town.name].filter(Boolean).join(", ");
  const phone = tags.phone ?? tags["contact:phone"];
  const website = tags.website ?? tags["contact:website"];
  return {
    name: `places/${id}`,
    id,
    types: [kind, "point_of_interest", "establishment"],
    ...(phone ? { nationalPhoneNumber: phone.replace(/^\+\d+ /, "0"), internationalPhoneNumber: phone } : {}),
    formattedAddress: [short, postcode, town.country].filter(Boolean).join(", "),
    location: { latitude, longitude },
    googleMapsUri: `https://maps.google.com/?cid=${Math.round(Math.abs(latitude * longitude) * 1e9)}`,
    ...(website ? { websiteUri: website } : {}),
    ...(tags.opening_hours
      ? { regularOpeningHours: { openNow: true, weekdayDescriptions: weekOf(tags.opening_hours) } }
      : {}),
    displayName: { text: name || short, languageCode: "en" },
    primaryType: kind,
    shortFormattedAddress: short,
  };
}

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const shortDays = days.map((day) => day.slice(0, 2));

/** Rules such as "Mo-Fr 09:00-17:00" and "Su off", each for its days; others are left out. */
function weekOf(tag: string): string[] {
  const hours: string[] = days.map(() => (tag === "24/7" ? "Open 24 hours" : "Closed"));
  for (const rule of tag.split(";")) {
    const [, named = "", told = ""] = /^\s*((?:[A-Z][a-z][-,]?)+) (\d.*|off)$/.exec(rule) ?? [];
    for (const at of named.split(",").flatMap(daysOf)) {
      hours[at] = told === "off" ? "Closed" : told.replaceAll("-", "\u2009–\u2009").replaceAll(",", ", ");
    }
  }
  return days.map((day, at) => `${day}: ${hours[at]}`);
}

/** "Sa-Mo" -> 5, 6, 0 */
function daysOf(span: string): number[] {
  const [from = -1, to = from] = span.split("-").map((day) => shortDays.indexOf(day));
  if (from < 0 || to < 0) return [];
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, step) => (from + step) % 7);
}
