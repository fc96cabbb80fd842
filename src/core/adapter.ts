import type { Tool } from "./tool.ts";

/** One service: its tools, and which settings it may read. */
export interface Adapter {
  service: string;
  name: string;
  /** Settings handed to its actions as `context.config`; an action sees no others. */
  config?: readonly string[];
  tools: readonly Tool[];
}

export function defineAdapter(adapter: Adapter): Adapter {
  return adapter;
}
