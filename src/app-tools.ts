import { loadAll, type Services, sandboxServices, services } from "./adapters/all.ts";
import { readToolIndex } from "./app-tool-names.ts" with { type: "macro" };
import type { ToolIndex } from "./app-tool-names.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import { createRegistry, type Registry, type ToolNames } from "./core/registry.ts";

const readIndex = async (): Promise<ToolIndex> => JSON.parse(await readToolIndex()) as ToolIndex;

const merged = (names: Readonly<Record<string, ToolNames>>): ToolNames => Object.assign({}, ...Object.values(names));

/** The tools that only the sandbox has. */
export const sandboxToolNames = async (): Promise<ToolNames> => merged((await readIndex()).sandboxServices);

/**
 * Loads the tools.
 * @param only the one tool that is wanted: then its service is loaded and no other, if anybody knows the tool
 */
export async function loadRegistry(sandbox: boolean, only?: string): Promise<Registry> {
  const all: Services = sandbox ? { ...services, ...sandboxServices } : services;
  if (only === undefined) return createRegistry(await loadAll(all));
  const index = await readIndex();
  const names = sandbox ? { ...index.services, ...index.sandboxServices } : index.services;
  const service = Object.keys(names).find((name) => Object.hasOwn(names[name] ?? {}, only));
  const load = service === undefined ? undefined : all[service];
  return load ? createRegistry([await load()], merged(names)) : createRegistry(await loadAll(all));
}

/** One tool as it is defined, without any user's config, or the ids of all. Opens no database. */
export async function describeTool(sandbox: boolean, id: string): Promise<ListedTool | string[]> {
  const registry = await loadRegistry(sandbox, id);
  return Object.hasOwn(registry.names, id) ? listTool(registry.find(id)) : Object.keys(registry.names);
}
