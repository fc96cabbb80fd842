import { present } from "../../core/answer.ts";
import type { Venue } from "../../core/booking.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { plainName } from "../../core/merge-places.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { webAddress } from "../../core/web-address.ts";
import { type OsmPlace, searchNominatim } from "../../osm/nominatim.ts";

/** What a search found: the restaurant itself, or only the place where it should be. */
export interface Found {
  restaurant?: OsmPlace;
  /** Where it stands, for its zone and city. */
  around: OsmPlace;
  /** Others of the name in the same city. */
  others: OsmPlace[];
  cached: boolean;
}

const kinds = new Set([
  "restaurant",
  "cafe",
  "bar",
  "pub",
  "fast_food",
  "biergarten",
  "food_court",
  "bistro",
  "ice_cream",
]);
const isRestaurant = ({ category, type, tags }: OsmPlace): boolean =>
  (category === "amenity" && kinds.has(type)) || "cuisine" in tags;

/**
 * Looks a restaurant up in OpenStreetMap.
 * @throws AppError not_found when neither it nor its location is known; invalid_parameters when the name stands in several cities
 */
export async function findRestaurant(
  { name, location }: { name: string; location: string | undefined },
  context: ToolContext,
): Promise<Found> {
  const { locale } = context.profile;
  const ask = (query: string) =>
    searchNominatim({ query, limit: 10, ...(locale ? { language: locale } : {}) }, context);
  const { places, cached } = await ask(location === undefined ? name : `${name}, ${location}`);
  const restaurants = places.filter(isRestaurant);
  const namesakes = restaurants.filter((place) => plainName(place.name) === plainName(name));
  const [restaurant, ...others] = namesakes.length > 0 ? namesakes : restaurants;
  if (restaurant) {
    if (location === undefined) requireOneCity(name, [restaurant, ...others]);
    return { restaurant, around: restaurant, others, cached };
  }
  const [around] = location === undefined ? [] : (await ask(location)).places;
  if (around) return { around, others: [], cached };
  throw new AppError("not_found", `No restaurant called "${printable(name)}" was found`, {
    hint:
      location === undefined
        ? "Check the spelling, or add --location with the city or address."
        : "Check the spelling of the name and the location.",
    metadata: { provider: "Nominatim" },
  });
}

function requireOneCity(name: string, found: readonly OsmPlace[]): void {
  const cities = new Set(found.map(({ city, countryCode }) => `${city ?? ""}, ${countryCode ?? ""}`));
  if (cities.size < 2) return;
  const where = found.slice(0, 5).map(({ name: called, address }) => `${called}, ${address}`);
  throw invalidParameters(
    [`Parameter location is needed: there are several restaurants called "${printable(name)}"`],
    `Add --location with the city. Known: ${where.join("; ")}`,
  );
}

/** What a result tells of the restaurant. */
export const venueOf = ({
  name,
  address,
  phone,
  email,
  website,
  openingHours,
  latitude,
  longitude,
  url,
}: OsmPlace): Venue =>
  present({
    name,
    address,
    phone,
    email,
    website: webAddress(website)?.href,
    opening_hours: openingHours,
    latitude,
    longitude,
    url,
  });
