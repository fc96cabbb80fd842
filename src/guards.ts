import { AppError } from "./core/errors.ts";
import { type AgentWrites, type PolicyRule, parsePolicySetting, stricter } from "./core/policy.ts";
import type { RestrictionRules } from "./core/restrictions.ts";
import { isTrue, type Settings, splitList } from "./settings.ts";

/** What the settings hold back. Every place counts, because whoever starts a program chooses its environment. */
export interface Guards extends RestrictionRules {
  atLeast: PolicyRule[];
  /** What an agent's writes need, where no rule says otherwise. */
  agentWrites: AgentWrites;
  /** The only tools that agents are shown, by tool id or by an agent's name for one action; empty means all. */
  agentTools: readonly string[];
}

/** @throws AppError invalid_parameters for a list that names no tool: a typo there would let everything through */
export function readGuards(
  settings: Settings,
  knowsTool: (id: string) => boolean,
  knowsAgentTool: (name: string) => boolean = knowsTool,
): Guards {
  const lists = (name: "TOOLS_ALLOW" | "TOOLS_DENY" | "MCP_TOOLS"): string[][] =>
    settings.everywhere(name).map((value) => {
      const ids = splitList(value);
      const unknown = ids.filter((id) => !(name === "MCP_TOOLS" ? knowsAgentTool : knowsTool)(id));
      if (ids.length > 0 && unknown.length === 0) return ids;
      const what = ids.length === 0 ? "names no tool" : `names ${unknown.join(", ")}, which is no tool`;
      throw new AppError("invalid_parameters", `Setting ${name} ${what}`, { hint: "Run: mcqueen list --all" });
    });
  // Lists that share no tool allow none: a name that no tool has stands for that.
  const inAll = ([first, ...others]: string[][]): string[] => {
    const shared = first?.filter((id) => others.every((list) => list.includes(id)));
    return shared === undefined ? [] : shared.length > 0 ? shared : ["-"];
  };
  const agents = settings.everywhere("AGENT_WRITES") as AgentWrites[];
  return {
    readOnly: settings.everywhere("READ_ONLY").some(isTrue),
    allow: inAll(lists("TOOLS_ALLOW")),
    deny: lists("TOOLS_DENY").flat(),
    atLeast: [
      ...settings.everywhere("POLICY").flatMap((value) => parsePolicySetting(splitList(value)) ?? []),
      ...agents.flatMap(agentRules),
    ],
    agentWrites:
      agents.length > 0 ? agents.reduce<AgentWrites>((a, b) => stricter(a, b) as AgentWrites, "ask") : "approve",
    agentTools: inAll(lists("MCP_TOOLS")),
  };
}

/** What the setting demands holds against a person's own rules too. */
function agentRules(decision: AgentWrites): PolicyRule[] {
  if (decision === "ask") return [];
  const rule = { entrance: "mcp", tool: "*", credential: "*", decision } as const;
  return [{ ...rule, effect: "write" }, ...(decision === "deny" ? [{ ...rule, effect: "destructive" } as const] : [])];
}
