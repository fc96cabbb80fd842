import { AppError } from "../core/errors.ts";
import type { NewPlace } from "../core/saved-place.ts";

/** Collects what files of places hold, and why some rows are none. */
export interface Reading {
  places: NewPlace[];
  skipped: Record<string, number>;
}

export const newReading = (): Reading => ({ places: [], skipped: {} });

export function skip(reading: Reading, reason: string, count = 1): void {
  reading.skipped[reason] = (reading.skipped[reason] ?? 0) + count;
}

/** The refusal of a file: nothing of it is taken. */
export const unreadable = (file: string, why: string): AppError =>
  new AppError("invalid_parameters", `${file.slice(0, 80)} ${why}`, {
    hint: 'Give Google Takeout\'s zip, its "Saved Places.json" or "Saved/*.csv", or what mcqueen places export wrote.',
  });

const trimmed = (text: string | undefined, most: number): string | undefined => {
  const clean = text
    ?.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  return clean ? clean.slice(0, most) : undefined;
};

/** Adds a place whose texts are cut to what is kept. Without a name and an address it is skipped. */
export function take(
  reading: Reading,
  given: { [K in keyof NewPlace]?: NewPlace[K] | undefined },
  source: NewPlace["source"],
): void {
  const address = trimmed(given.address, 500);
  const name = trimmed(given.name, 300) ?? address?.split(",")[0];
  if (!name) {
    skip(reading, "it has no name");
    return;
  }
  const { latitude, longitude } = given;
  const hasPoint = isOnGlobe(latitude, longitude);
  const note = trimmed(given.note, 2_000);
  const url =
    given.url && /^https?:\/\//.test(given.url) && URL.canParse(given.url) ? given.url.slice(0, 2_000) : undefined;
  reading.places.push({
    name,
    ...(address ? { address } : {}),
    ...(hasPoint && latitude !== undefined && longitude !== undefined ? { latitude, longitude } : {}),
    ...(url ? { url } : {}),
    ...(note ? { note } : {}),
    ...(given.label ? { label: given.label } : {}),
    source,
  });
}

/** Takeout writes 0,0 where it does not know. */
const isOnGlobe = (latitude = Number.NaN, longitude = Number.NaN): boolean =>
  Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && !(latitude === 0 && longitude === 0);

/** The coordinates in a link of Google Maps, where it carries any. */
export function pointOfUrl(url: string): { latitude: number; longitude: number } | undefined {
  const found =
    /(?:\/maps\/search\/|[?&]q=|[?&]ll=|\/@)(-?\d{1,3}(?:\.\d+)?),\+?(-?\d{1,3}(?:\.\d+)?)(?=[,&/?#]|$)/.exec(url);
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]) } : undefined;
}

/** The name in a link of Google Maps: after `q=`, or after `/maps/place/`. */
export function nameOfUrl(url: string): string | undefined {
  const raw = /[?&]q=([^&]+)/.exec(url)?.[1] ?? /\/maps\/place\/([^/?]+)/.exec(url)?.[1];
  if (!raw) return undefined;
  try {
    return decodeURIComponent(raw.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
