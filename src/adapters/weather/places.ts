import { AppError } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import { askProviders, type Fallthrough } from "../../core/provider.ts";
import type { ToolContext } from "../../core/tool.ts";
import { searchOpenMeteo } from "./open-meteo-geocoding.ts";
import { searchOpenWeather } from "./openweather-geocoding.ts";
import { plain, readPlace } from "./place-text.ts";
import { weatherProviders } from "./providers.ts";
import { isCountry, isUsState } from "./regions.ts";

/** A place as a geocoder knows it. */
export interface Candidate {
  name: string;
  latitude: number;
  longitude: number;
  timeZone?: string;
  country?: string;
  countryCode?: string;
  /** State, province or region; then smaller areas. */
  areas: string[];
}

export interface Place {
  /** "New York, New York, United States", or the coordinates as given. */
  name: string;
  latitude: number;
  longitude: number;
  timeZone?: string;
  /** Other places that the text could have meant as well. */
  others: { name: string; latitude: number; longitude: number }[];
}

/**
 * Finds the place that a text means. Coordinates need no request.
 * @throws AppError invalid_parameters, not_found, or upstream_unavailable and the like when no geocoder answers
 */
export async function resolvePlace(text: string, context: ToolContext, failed: Fallthrough[]): Promise<Place> {
  const asked = readPlace(text);
  if (asked.kind === "coordinates") {
    const { latitude, longitude } = asked;
    return { name: `${latitude}, ${longitude}`, latitude, longitude, others: [] };
  }
  const known: Candidate[] = [];
  let best: Candidate[] = [];
  for (const { name, qualifiers } of readings(asked.name, asked.qualifiers)) {
    const candidates = await search(name, qualifiers, context, failed);
    best = rank(candidates, name, qualifiers);
    known.push(...candidates);
    if (best.length > 0) break;
  }
  const [first, ...others] = best;
  if (!first) throw notFound(text, known);
  return {
    name: displayName(first),
    latitude: first.latitude,
    longitude: first.longitude,
    ...(first.timeZone ? { timeZone: first.timeZone } : {}),
    others: others.slice(0, 5).map((other) => ({
      name: displayName(other),
      latitude: other.latitude,
      longitude: other.longitude,
    })),
  };
}

/** "Paris Texas" without its comma is tried as a name first, then as Paris in Texas. */
function readings(name: string, qualifiers: string[]): { name: string; qualifiers: string[] }[] {
  const words = name.split(" ");
  const splits = qualifiers.length > 0 ? [] : [1, 2].filter((tail) => words.length > tail);
  return [
    { name, qualifiers },
    ...splits.map((tail) => ({
      name: words.slice(0, -tail).join(" "),
      qualifiers: [words.slice(-tail).join(" ")],
    })),
  ];
}

function search(name: string, qualifiers: string[], context: ToolContext, failed: Fallthrough[]): Promise<Candidate[]> {
  return askProviders(
    weatherProviders,
    {
      open_meteo_geocoding: () => searchOpenMeteo(name, qualifiers, context),
      openweather_geocoding: () => searchOpenWeather(name, qualifiers, context),
    },
    context,
    {
      part: "places",
      failed,
      problem: "The place could not be looked up",
      hint: "Give latitude,longitude instead of a name, or try again later.",
    },
  );
}

/**
 * The candidates that fit best and equally well, in the provider's order.
 * Geocoders also give places of other names; those count only where none has the name that was asked for.
 */
export function rank(candidates: readonly Candidate[], name: string, qualifiers: readonly string[]): Candidate[] {
  // "LA" or "NYC" is a nickname that the geocoder knows better than a comparison of letters.
  const isNickname = /^[A-Z]{2,3}$/.test(name);
  const named = isNickname ? [] : candidates.filter((candidate) => plain(candidate.name) === plain(name));
  const eligible = named.length > 0 ? named : candidates;
  if (qualifiers.length === 0) return [...eligible];
  const fits = eligible.map((candidate) => qualifiers.filter((part) => liesIn(candidate, part)).length);
  const most = Math.max(1, ...fits);
  return eligible.filter((_candidate, index) => fits[index] === most);
}

function liesIn({ country, countryCode, areas }: Candidate, part: string): boolean {
  if (country !== undefined && plain(country) === plain(part)) return true;
  if (isCountry(part, countryCode)) return true;
  if (countryCode === "US" && isUsState(part, areas[0])) return true;
  return areas.some((area) => plain(area) === plain(part));
}

export function displayName({ name, areas, country }: Candidate): string {
  const [state] = areas;
  const isCityState = state === undefined && country === name;
  return [name, state, isCityState ? undefined : country].filter(Boolean).join(", ");
}

function notFound(text: string, candidates: readonly Candidate[]): AppError {
  const near = [...new Set(candidates.map(displayName))].slice(0, 3);
  return new AppError("not_found", `No place called "${printable(text)}" was found`, {
    hint:
      near.length > 0
        ? `Known are: ${near.join("; ")}. Or give latitude,longitude.`
        : "Check the spelling, or give latitude,longitude.",
  });
}
