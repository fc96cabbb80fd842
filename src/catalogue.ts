import { adapters, sandboxAdapters } from "./adapters/all.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { createRegistry } from "./core/registry.ts";

/** All tools as they are defined, without any user's config: for help and completion, which open no database. */
export const describeTools = (sandbox: boolean): ListedTool[] =>
  createRegistry(sandbox ? [...adapters, ...sandboxAdapters] : adapters).tools.map((tool) => listTool(tool));
