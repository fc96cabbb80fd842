import { closest, distance } from "fastest-levenshtein";
import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Backend } from "./backend.ts";

/** Finds a tool; for a typo the error names the tool that was probably meant. */
export async function findTool(backend: Backend, id: string): Promise<ListedTool> {
  try {
    return await backend.showTool(id);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    const ids = (await backend.listTools(true)).map((tool) => tool.id);
    throw unknownTool(id, ids);
  }
}

/** For a typo it names the tool that was probably meant. */
export const unknownTool = (id: string, ids: readonly string[]): AppError =>
  new AppError("not_found", `Tool ${id} not found`, { hint: `${suggestion(id, ids)}Run: mcqueen list --all` });

/** "Did you mean x?" and a line break, or nothing when no known word is near. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const near = closest(word, known);
  return distance(word, near) <= Math.max(2, near.length / 3) ? `Did you mean ${near}?\n` : "";
}
