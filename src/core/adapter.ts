import type { Tool } from "./tool.ts";
import type { Webhook } from "./webhook.ts";

/** One service: its tools, and which settings it may read. */
export interface Adapter {
  service: string;
  name: string;
  /** Settings handed to its actions as `context.config`; an action sees no others. */
  config?: readonly string[];
  tools: readonly Tool[];
  /** Addresses at which the service calls us. */
  webhooks?: readonly Webhook[];
}

export function defineAdapter(adapter: Adapter): Adapter {
  return adapter;
}
