import { adapters, sandboxAdapters } from "./adapters/all.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { lineOf } from "./core/listing-line.ts";
import { createRegistry } from "./core/registry.ts";
import type { Tool } from "./core/tool.ts";

const toolsOf = (sandbox: boolean): readonly Tool[] =>
  createRegistry(sandbox ? [...adapters, ...sandboxAdapters] : adapters).tools;

/** All tools as they are defined, without any user's config: for help and completion, which open no database. */
export const describeTools = (sandbox: boolean): ListedTool[] => toolsOf(sandbox).map((tool) => listTool(tool));

/** One of them, or the ids of all. */
export function describeTool(sandbox: boolean, id: string): ListedTool | string[] {
  const tools = toolsOf(sandbox);
  const tool = tools.find((each) => each.id === id);
  return tool ? listTool(tool) : tools.map((each) => each.id);
}

/** A macro: runs when the program is bundled, so that a listing need not load every tool to say its name. Gives JSON. */
export const listingLines = (): string => JSON.stringify(createRegistry(adapters).tools.map(lineOf));
