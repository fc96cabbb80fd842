import { adapters } from "./adapters/all.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { createRegistry } from "./core/registry.ts";

/** All tools as they are defined, without any user's config: for help and completion, which open no database. */
export const describeTools = (): ListedTool[] => createRegistry(adapters).tools.map((tool) => listTool(tool));
