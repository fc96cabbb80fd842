import { closest, distance } from "fastest-levenshtein";

/**
 * "Did you mean x?" and a line break, or nothing when no known word is near. A part that only one of them has is near:
 * "weather" of "get_weather".
 */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const near = closest(word, known);
  if (distance(word, near) <= Math.max(2, near.length / 3)) return `Did you mean ${near}?\n`;
  const [holder, another] = known.filter((each) => each.split("_").includes(word));
  return holder !== undefined && another === undefined ? `Did you mean ${holder}?\n` : "";
}
