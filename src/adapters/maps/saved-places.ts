import type { Static } from "@sinclair/typebox";
import { AppError } from "../../core/errors.ts";
import { plainName } from "../../core/merge-places.ts";
import { listPlace, type SavedPlace } from "../../core/saved-place.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type SavedInput, untrusted } from "./schemas.ts";

/**
 * Lists the caller's own places, by name.
 * @throws AppError unauthenticated when nobody is known to ask
 */
export async function listSavedPlaces(
  { query, limit = 100 }: Static<typeof SavedInput>,
  { places }: ToolContext,
): Promise<ToolResult> {
  if (!places) throw new AppError("unauthenticated", "Saved places belong to a person, and nobody is known to ask");
  const fitting = (await places.list()).filter((place) => fits(place, query));
  return {
    data: { saved_places: fitting.slice(0, limit).map(listPlace), total: fitting.length },
    metadata: { provider: "mcqueen", untrusted },
  };
}

function fits({ name, label, address, note }: SavedPlace, query: string | undefined): boolean {
  const wanted = plainName(query ?? "");
  return [name, label, address, note].some((text) => text !== undefined && plainName(text).includes(wanted));
}
