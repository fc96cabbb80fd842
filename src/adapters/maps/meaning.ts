import { AppError, invalidParameters } from "../../core/errors.ts";
import { plainName } from "../../core/merge-places.ts";
import { findSaved } from "../../core/place-book.ts";
import type { SavedPlace } from "../../core/saved-place.ts";
import type { Profile } from "../../core/user.ts";

/** What a person's words for a place mean, before anybody is asked. */
export type Meaning =
  | { kind: "point"; latitude: number; longitude: number }
  /** `others` bear the same name. */
  | { kind: "saved"; place: SavedPlace; others: SavedPlace[] }
  | { kind: "text"; text: string };

/**
 * Reads coordinates, a label or name of a saved place, "home" of the profile, or a text to search for.
 * @param field the parameter, for the sentence
 * @throws AppError invalid_parameters; not_found for "home" and "work" that are nowhere set
 */
export function meaningOf(text: string, field: string, saved: readonly SavedPlace[], profile: Profile): Meaning {
  const point = pointOf(text, field);
  if (point) return { kind: "point", ...point };
  const [place, ...others] = findSaved(saved, text);
  if (place) return { kind: "saved", place, others };
  const plain = plainName(text);
  if (plain === "") throw refused(field, "a place, an address, or latitude,longitude");
  if (plain === "home" && profile.home !== undefined) return { kind: "text", text: profile.home };
  if (plain === "home" || plain === "work") throw unset(plain);
  return { kind: "text", text: text.trim() };
}

function pointOf(text: string, field: string): { latitude: number; longitude: number } | undefined {
  const numbers = /^\s*([+-]?\d{1,4}(?:\.\d*)?)\s*,\s*([+-]?\d{1,4}(?:\.\d*)?)\s*$/.exec(text);
  if (!numbers) return undefined;
  const [latitude, longitude] = [Number(numbers[1]), Number(numbers[2])];
  if (Math.abs(latitude) > 90) throw refused(field, "a latitude from -90 to 90");
  if (Math.abs(longitude) > 180) throw refused(field, "a longitude from -180 to 180");
  return { latitude, longitude };
}

const refused = (field: string, wanted: string): AppError =>
  invalidParameters(
    [`Parameter ${field} must have ${wanted}`],
    'For example: "Alexanderplatz, Berlin", "52.52,13.41" or "home".',
  );

const unset = (label: "home" | "work"): AppError =>
  new AppError("not_found", `No place is known as ${label}`, {
    hint: `Run: mcqueen places add "<name>" --address "<address>" --label ${label}${label === "home" ? ', or: mcqueen profile set home="<address>"' : ""}`,
  });
