import { AppError } from "../../core/errors.ts";
import { plainName } from "../../core/merge-places.ts";
import { printable } from "../../core/parameters.ts";
import type { SavedPlace } from "../../core/saved-place.ts";
import type { ToolContext } from "../../core/tool.ts";
import { type OsmPlace, searchNominatim } from "../../osm/nominatim.ts";
import type { Meaning } from "./meaning.ts";
import { distanceBetween } from "./units.ts";

/** A place with its point on the map. */
export interface Located {
  name: string;
  address?: string;
  latitude: number;
  longitude: number;
}

export interface Found {
  place: Located;
  /** Other places that the words could have meant as well. */
  others: Located[];
}

/** Candidates nearer to the best than this are the same place to a traveller, in metres. */
const samePlace = 250;

/**
 * Gives the point of what was meant, asking OpenStreetMap where it has to. What is found for a saved place is kept.
 * @param near decides between places of one name
 * @throws AppError not_found, and what Nominatim's failures are
 */
export async function locate(meaning: Meaning, context: ToolContext, near?: Located): Promise<Found> {
  if (meaning.kind === "point") {
    const { latitude, longitude } = meaning;
    return { place: { name: `${latitude}, ${longitude}`, latitude, longitude }, others: [] };
  }
  if (meaning.kind === "text") return geocode(meaning.text, context, near);
  const { place, others } = meaning;
  return {
    place: await locateSaved(place, context),
    others: others.flatMap((other) => withPoint(other) ?? []),
  };
}

/** A saved place as far as its point is known. */
export function withPoint({ name, address, latitude, longitude }: SavedPlace): Located | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  return { name, ...(address ? { address } : {}), latitude, longitude };
}

export async function locateSaved(place: SavedPlace, context: ToolContext): Promise<Located> {
  const known = withPoint(place);
  if (known) return known;
  const { name, address } = place;
  const { place: found } = await geocode(address ?? name, context).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    throw new AppError("not_found", `It is not known where your place ${printable(name)} is`, {
      hint: `Tell its address: mcqueen places set ${place.id} --address "<address>"`,
    });
  });
  await context.places?.locate(place.id, found.latitude, found.longitude);
  return { name, address: address ?? found.address ?? name, latitude: found.latitude, longitude: found.longitude };
}

async function geocode(text: string, context: ToolContext, near?: Located): Promise<Found> {
  const { locale } = context.profile;
  const { places } = await searchNominatim({ query: text, ...(locale ? { language: locale } : {}) }, context);
  const [best, ...others] = nearestOfName(places, near).map(located);
  if (!best) {
    throw new AppError("not_found", `No place called "${printable(text)}" was found`, {
      hint: "Check the spelling, add the city, or give latitude,longitude.",
      metadata: { provider: "Nominatim" },
    });
  }
  return { place: best, others: others.filter((other) => distanceBetween(other, best) > samePlace) };
}

/** Of several places of the best one's name, the one next to the other end of the way comes first. */
function nearestOfName(places: readonly OsmPlace[], near: Located | undefined): OsmPlace[] {
  const [best] = places;
  if (!best || !near) return [...places];
  const isNamesake = ({ name }: OsmPlace): boolean => plainName(name) === plainName(best.name);
  const namesakes = places.filter(isNamesake).sort((a, b) => distanceBetween(a, near) - distanceBetween(b, near));
  return [...namesakes, ...places.filter((place) => !isNamesake(place))];
}

const located = ({ name, address, latitude, longitude }: OsmPlace): Located => ({ name, address, latitude, longitude });
