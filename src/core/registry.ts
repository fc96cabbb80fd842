import type { Adapter } from "./adapter.ts";
import { AppError } from "./errors.ts";
import type { Tool } from "./tool.ts";

export interface Registry {
  tools: readonly Tool[];
  /** @throws AppError not_found */
  find(id: string): Tool;
  adapterOf(tool: Tool): Adapter;
}

/** Collects the tools of all adapters. A tool registered twice stops the program at start. */
export function createRegistry(adapters: readonly Adapter[]): Registry {
  const byId = new Map<string, { tool: Tool; adapter: Adapter }>();
  for (const adapter of adapters) {
    for (const tool of adapter.tools) {
      if (byId.has(tool.id)) throw new Error(`Tool ${tool.id} is registered twice`);
      byId.set(tool.id, { tool, adapter });
    }
  }
  const tools = [...byId.values()].map((entry) => entry.tool);
  return {
    tools,
    find(id) {
      const entry = byId.get(id);
      if (!entry) throw new AppError("not_found", `Tool ${id} not found`, { hint: "Run: mcqueen list --all" });
      return entry.tool;
    },
    adapterOf(tool) {
      const entry = byId.get(tool.id);
      if (!entry) throw new Error(`Tool ${tool.id} is not registered`);
      return entry.adapter;
    },
  };
}
