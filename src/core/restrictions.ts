import { type Call, toolsOf } from "./call.ts";
import { AppError } from "./errors.ts";
import type { Action, Tool } from "./tool.ts";

/** What no entrance and no confirmation can override. */
export interface Restrictions {
  /** @throws AppError forbidden */
  check(call: Call, tool: Tool, action: Action): Promise<void>;
  /** Why a tool may not run at all for this user, or undefined. */
  forbids(userId: string, toolId: string): Promise<string | undefined>;
}

export interface RestrictionRules {
  readOnly: boolean;
  /** Tool ids; empty means every tool. */
  allow: readonly string[];
  deny: readonly string[];
}

export const noRestrictions: RestrictionRules = { readOnly: false, allow: [], deny: [] };

/** Combines what holds here, what holds for the user, and what holds for the token. Each can only forbid more. */
export function createRestrictions(
  here: RestrictionRules,
  ofUser: (userId: string) => Promise<RestrictionRules>,
): Restrictions {
  return {
    async check({ caller }, tool, action) {
      if (toolsOf(caller)?.includes(tool.id) === false) {
        throw new AppError("forbidden", `This ${caller.grant ? "token" : "device"} may not use the tool ${tool.id}`, {
          hint: caller.grant
            ? "Make one that may: mcqueen tokens create <name> --tool <id>"
            : "Pair it anew for more: mcqueen pair --tool <id>",
        });
      }
      if (caller.limits) {
        const { tools, readOnly } = caller.limits;
        apply({ readOnly, allow: tools ?? [], deny: [] }, tool, action, clientHint);
      }
      apply(here, tool, action, hereHint);
      apply(await ofUser(caller.userId), tool, action, userHint);
    },
    async forbids(userId, toolId) {
      if (isForbidden(here, toolId)) return hereHint;
      return isForbidden(await ofUser(userId), toolId) ? userHint : undefined;
    },
  };
}

const hereHint = "The settings READ_ONLY, TOOLS_ALLOW and TOOLS_DENY decide. Run: mcqueen settings";
const clientHint = "The person who let this program in has set this. They can look: mcqueen clients list";
const userHint = "An admin has set this for the user. Run: mcqueen users list";

export const isForbidden = (rules: RestrictionRules, toolId: string): boolean =>
  rules.deny.includes(toolId) || (rules.allow.length > 0 && !rules.allow.includes(toolId));

function apply(rules: RestrictionRules, tool: Tool, action: Action, hint: string): void {
  if (isForbidden(rules, tool.id)) {
    throw new AppError("forbidden", `Tool ${tool.id} is not allowed here`, { hint });
  }
  if (rules.readOnly && action.effect !== "read") {
    throw new AppError("forbidden", `${tool.id} ${action.id} would write, and only reading is allowed here`, { hint });
  }
}
