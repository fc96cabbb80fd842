import type { Action, Tool } from "./tool.ts";

/** How agents call an action: by the tool alone where it has only one. */
export const agentNameOf = (tool: Tool, action: Action): string =>
  tool.actions.length === 1 ? tool.id : `${tool.id}_${action.id}`;
