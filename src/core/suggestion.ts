import { closest, distance } from "fastest-levenshtein";

/** "Did you mean x?" and a line break, or nothing when no known word is near. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const near = closest(word, known);
  return distance(word, near) <= Math.max(2, near.length / 3) ? `Did you mean ${near}?\n` : "";
}
