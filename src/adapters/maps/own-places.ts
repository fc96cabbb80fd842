import { AppError } from "../../core/errors.ts";
import type { SavedPlace } from "../../core/saved-place.ts";
import type { ToolContext } from "../../core/tool.ts";

/** What is known of the caller's own places in one call. */
export interface Known {
  saved: readonly SavedPlace[];
  /** Why they could not be read; the public half works on. */
  failed?: string;
}

/** The caller's saved places, or none when they are not wanted or cannot be read. */
export async function readOwn({ places }: ToolContext, isWanted = true): Promise<Known> {
  if (!isWanted || !places) return { saved: [] };
  try {
    return { saved: await places.list() };
  } catch (error) {
    if (error instanceof AppError) return { saved: [], failed: error.message };
    throw error;
  }
}

/** What metadata tells of places that could not be read. */
export const toldOf = ({ failed }: Known): Record<string, unknown> => (failed ? { saved_places_failed: failed } : {});
