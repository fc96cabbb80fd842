import type { Static } from "@sinclair/typebox";
import { present } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { plainName } from "../../core/merge-places.ts";
import { findSaved } from "../../core/place-book.ts";
import { askProviders, type Fallthrough } from "../../core/provider.ts";
import type { SavedPlace } from "../../core/saved-place.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { webAddress } from "../../core/web-address.ts";
import { nominatim, type OsmPlace, searchNominatim } from "../../osm/nominatim.ts";
import { type Located, locate, locateSaved } from "./locate.ts";
import { meaningOf } from "./meaning.ts";
import { readOwn, toldOf } from "./own-places.ts";
import { mapsProviders } from "./providers.ts";
import { type FoundPlace, type SearchInput, type UnitSystem, untrusted } from "./schemas.ts";
import { distanceBetween, distanceText } from "./units.ts";

interface Answer {
  provider: string;
  attribution: string;
  sourceUrl: string;
  cached: boolean;
  places: FoundPlace[];
}

/** Half the side of the square around `near`, in degrees of latitude: about five kilometres. */
const around = 0.045;

/**
 * Looks for places, one's own that bear the name first. Nothing found is an empty list.
 * @throws AppError invalid_parameters, not_found for `near`, or the providers' failures
 */
export async function searchPlaces(input: Static<typeof SearchInput>, context: ToolContext): Promise<ToolResult> {
  const { query, limit = 5, units = context.profile.units ?? "metric" } = input;
  const own = await readOwn(context, input.saved_places);
  const near =
    input.near === undefined
      ? undefined
      : await locate(meaningOf(input.near, "near", own.saved, context.profile), context);
  const mine = await Promise.all(
    findSaved(own.saved, query)
      .slice(0, limit)
      .map((place) => ownPlace(place, context)),
  );
  const isLabel = mine.some(({ label }) => label !== undefined && plainName(label) === plainName(query));
  const failed: Fallthrough[] = [];
  const answer = isLabel ? undefined : await ask(query, limit, near?.place, context, failed, mine.length > 0);
  const places = [...mine, ...(answer?.places ?? [])].slice(0, limit);
  return {
    data: present({
      query,
      near: near?.place,
      units,
      places: places.map((place) => ({ ...place, ...distanceFrom(near?.place, place, units) })),
    }),
    metadata: {
      provider: answer?.provider ?? "mcqueen",
      ...(answer ? { attribution: answer.attribution, source_url: answer.sourceUrl, cached: answer.cached } : {}),
      data_time: context.now().toISOString(),
      untrusted,
      ...(near && near.others.length > 0 ? { candidates: { near: near.others } } : {}),
      ...(failed.length > 0 ? { failed_providers: failed } : {}),
      ...toldOf(own),
    },
  };
}

/** Whoever answers first; nobody is a failure only when there is nothing of one's own to show. */
async function ask(
  query: string,
  limit: number,
  near: Located | undefined,
  context: ToolContext,
  failed: Fallthrough[],
  hasOwn: boolean,
): Promise<Answer | undefined> {
  context.progress("Looking for places");
  try {
    return await askProviders(
      mapsProviders,
      {
        google_places: () => byGoogle(query, limit, near, context),
        nominatim: () => byNominatim(query, limit, near, context),
      },
      context,
      {
        part: "places",
        failed,
        problem: "The places could not be looked up",
        hint: "Check the network connection, then try again.",
      },
    );
  } catch (error) {
    if (hasOwn && error instanceof AppError && failed.length > 0) return undefined;
    throw error;
  }
}

async function byGoogle(
  query: string,
  limit: number,
  near: Located | undefined,
  context: ToolContext,
): Promise<Answer> {
  const { askGooglePlaces, googlePlaces } = await import("./google-places.ts");
  const { name, attribution, sourceUrl } = googlePlaces;
  return {
    provider: name,
    attribution,
    sourceUrl,
    cached: false,
    places: await askGooglePlaces(query, limit, near, context),
  };
}

async function byNominatim(
  query: string,
  limit: number,
  near: Located | undefined,
  context: ToolContext,
): Promise<Answer> {
  const { locale } = context.profile;
  const { places, cached } = await searchNominatim(
    { query, limit, ...(locale ? { language: locale } : {}), ...(near ? { within: boxAround(near) } : {}) },
    context,
  );
  const { name, attribution, sourceUrl } = nominatim;
  return { provider: name, attribution, sourceUrl, cached, places: places.map(foundPlace) };
}

function boxAround({ latitude, longitude }: Located) {
  const wide = around / Math.max(0.1, Math.cos((latitude * Math.PI) / 180));
  return {
    west: Math.max(-180, longitude - wide),
    east: Math.min(180, longitude + wide),
    south: Math.max(-90, latitude - around),
    north: Math.min(90, latitude + around),
  };
}

const foundPlace = ({
  id,
  name,
  address,
  latitude,
  longitude,
  phone,
  website,
  openingHours,
  type,
  url,
}: OsmPlace): FoundPlace =>
  present({
    id,
    name,
    address,
    latitude,
    longitude,
    phone,
    website: webAddress(website)?.href,
    opening_hours: openingHours,
    kind: type.replaceAll("_", " "),
    url,
  });

async function ownPlace(place: SavedPlace, context: ToolContext): Promise<FoundPlace> {
  const { id, name, address, label, url } = place;
  const point = await locateSaved(place, context).catch((error: unknown) => {
    // Where it is nobody may know; that it is kept is still worth telling.
    if (error instanceof AppError && !context.signal.aborted) return undefined;
    throw error;
  });
  return present({
    id,
    name,
    address: address ?? point?.address,
    latitude: point?.latitude,
    longitude: point?.longitude,
    label,
    url,
    saved: true,
  });
}

function distanceFrom(near: Located | undefined, { latitude, longitude }: FoundPlace, units: UnitSystem) {
  if (!near || latitude === undefined || longitude === undefined) return {};
  const metres = Math.round(distanceBetween(near, { latitude, longitude }));
  return { distance_m: metres, distance_text: distanceText(metres, units) };
}
