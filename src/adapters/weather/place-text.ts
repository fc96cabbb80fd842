import { AppError } from "../../core/errors.ts";

/** What a person wrote, taken apart: a point on the map, or a name with what narrows it. */
export type PlaceText =
  | { kind: "coordinates"; latitude: number; longitude: number }
  | { kind: "name"; name: string; qualifiers: string[] };

/**
 * Reads "59.91,10.75", "Oslo" or "Springfield, Illinois, US".
 * @throws AppError invalid_parameters for coordinates off the globe and for a text without a letter or digit
 */
export function readPlace(text: string): PlaceText {
  const numbers = /^\s*([+-]?\d{1,4}(?:\.\d*)?)\s*,\s*([+-]?\d{1,4}(?:\.\d*)?)\s*$/.exec(text);
  if (numbers) {
    const [latitude, longitude] = [Number(numbers[1]), Number(numbers[2])];
    if (Math.abs(latitude) > 90) throw invalid("a latitude from -90 to 90");
    if (Math.abs(longitude) > 180) throw invalid("a longitude from -180 to 180");
    return { kind: "coordinates", latitude, longitude };
  }
  const parts = text.split(/[,;]/).map((part) => part.replace(/\s+/g, " ").trim());
  const [name, ...qualifiers] = parts.filter((part) => /[\p{L}\p{N}]/u.test(part));
  if (name === undefined) throw invalid("a place name, or latitude,longitude");
  return { kind: "name", name, qualifiers };
}

function invalid(wanted: string): AppError {
  const problem = `Parameter location must have ${wanted}`;
  return new AppError("invalid_parameters", `Parameter validation failed: ${problem}`, {
    hint: 'For example: "Oslo", "Springfield, Illinois" or "59.91,10.75".',
    metadata: { problems: [problem] },
  });
}

/** For comparing names: without case, accents and punctuation. "São-Paulo" and "sao paulo" are one. */
export const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
