import type { Adapter } from "../core/adapter.ts";

export const adapters: readonly Adapter[] = [];
