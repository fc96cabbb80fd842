import { loadAll, sandboxServices, services } from "../../src/adapters/all.ts";

/** Every adapter, loaded. */
export const adapters = await loadAll(services);
export const sandboxAdapters = await loadAll(sandboxServices);
