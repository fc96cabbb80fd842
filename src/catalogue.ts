import { adapters, sandboxAdapters } from "./adapters/all.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { lineOf } from "./core/listing-line.ts";
import { createRegistry } from "./core/registry.ts";

/** All tools as they are defined, without any user's config: for help and completion, which open no database. */
export const describeTools = (sandbox: boolean): ListedTool[] =>
  createRegistry(sandbox ? [...adapters, ...sandboxAdapters] : adapters).tools.map((tool) => listTool(tool));

/** A macro: runs when the program is bundled, so that a listing need not load every tool to say its name. Gives JSON. */
export const listingLines = (): string => JSON.stringify(createRegistry(adapters).tools.map(lineOf));
