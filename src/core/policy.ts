import type { Call, Caller } from "./call.ts";
import type { Action, Effect, Tool } from "./tool.ts";

/** allow: runs. ask: the call must carry the confirmations. approve: a person elsewhere must agree. deny: never. */
export type Decision = "allow" | "ask" | "approve" | "deny";

export interface Policy {
  decide(call: Call, tool: Tool, action: Action): Promise<Decision>;
}

/** What each door may do when nothing else is set. A read never asks; a token may what it was made for. */
function defaultDecision(caller: Caller, effect: Effect): Decision {
  if (effect === "read") return "allow";
  if (caller.grant) return effect === "write" ? caller.grant.writes : caller.grant.destructive;
  return caller.entrance === "mcp" ? "approve" : "ask";
}

export const defaultPolicy: Policy = {
  decide: async (call, _tool, action) => defaultDecision(call.caller, action.effect),
};
