import { loadAll, type Services, sandboxServices, services } from "./adapters/all.ts";
import { namesOf, type ToolNames } from "./core/registry.ts";

/** The names of each service's tools, by the service's name. */
type NamesByService = Readonly<Record<string, ToolNames>>;

export interface ToolIndex {
  services: NamesByService;
  sandboxServices: NamesByService;
}

/** A macro: runs when the program is bundled, so that a tool can be found without loading all of them. Gives JSON. */
export async function readToolIndex(): Promise<string> {
  const index: ToolIndex = { services: await namesIn(services), sandboxServices: await namesIn(sandboxServices) };
  return JSON.stringify(index);
}

async function namesIn(of: Services): Promise<NamesByService> {
  const adapters = await loadAll(of);
  return Object.fromEntries(Object.keys(of).map((name, at) => [name, namesOf(adapters[at]?.tools ?? [])]));
}
