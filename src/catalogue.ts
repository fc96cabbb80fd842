import { loadAll, sandboxServices, services } from "./adapters/all.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { lineOf } from "./core/listing-line.ts";
import { createRegistry } from "./core/registry.ts";

/** All tools as they are defined, without any user's config: for completion, which opens no database. */
export async function describeTools(sandbox: boolean): Promise<ListedTool[]> {
  const adapters = await loadAll(sandbox ? { ...services, ...sandboxServices } : services);
  return createRegistry(adapters).tools.map((tool) => listTool(tool));
}

/** A macro: runs when the program is bundled, so that a listing need not load every tool to say its name. Gives JSON. */
export const listingLines = async (): Promise<string> =>
  JSON.stringify(createRegistry(await loadAll(services)).tools.map(lineOf));
