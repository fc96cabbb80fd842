import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import { suggestion } from "../src/core/suggestion.ts";
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
