import type { Adapter } from "./adapter.ts";
import { agentNameOf } from "./agent-name.ts";
import { AppError } from "./errors.ts";
import type { Tool } from "./tool.ts";

/** How agents call the actions of each tool, by the tool's id. */
export type ToolNames = Readonly<Record<string, readonly string[]>>;

export interface Registry {
  /** The services that are loaded. */
  adapters: readonly Adapter[];
  /** @throws Error where only some of the services are loaded */
  readonly tools: readonly Tool[];
  /** The names of all tools, also of those that are not loaded. */
  names: ToolNames;
  /** @throws AppError not_found */
  find(id: string): Tool;
  adapterOf(tool: Tool): Adapter;
}

/**
 * Collects the tools of all adapters. A tool registered twice stops the program at start.
 * @param names of all tools that there are, where the adapters are not all: then nobody may ask for all tools
 */
export function createRegistry(adapters: readonly Adapter[], names?: ToolNames): Registry {
  const byId = new Map<string, { tool: Tool; adapter: Adapter }>();
  for (const adapter of adapters) {
    for (const tool of adapter.tools) {
      if (byId.has(tool.id)) throw new Error(`Tool ${tool.id} is registered twice`);
      byId.set(tool.id, { tool, adapter });
    }
  }
  const tools = [...byId.values()].map((entry) => entry.tool);
  const all = names ?? namesOf(tools);
  const absent = Object.keys(all).find((id) => !byId.has(id));
  return {
    adapters,
    get tools() {
      if (absent !== undefined) throw new Error(`Tool ${absent} is not loaded`);
      return tools;
    },
    names: all,
    find(id) {
      const entry = byId.get(id);
      if (entry) return entry.tool;
      if (Object.hasOwn(all, id)) throw new Error(`Tool ${id} is not loaded`);
      throw new AppError("not_found", `Tool ${id} not found`, { hint: "Run: mcqueen list --all" });
    },
    adapterOf(tool) {
      const entry = byId.get(tool.id);
      if (!entry) throw new Error(`Tool ${tool.id} is not registered`);
      return entry.adapter;
    },
  };
}

export const namesOf = (tools: readonly Tool[]): ToolNames =>
  Object.fromEntries(tools.map((tool) => [tool.id, tool.actions.map((action) => agentNameOf(tool, action))]));
