import { type AuditStore, who } from "./audit.ts";
import type { Caller } from "./call.ts";
import { AppError } from "./errors.ts";
import { checkParameters } from "./parameters.ts";
import {
  type AgentWrites,
  type Decision,
  defaultDecision,
  type PolicyRule,
  PolicyRuleSchema,
  type PolicyRuleStore,
  policyPlaces,
} from "./policy.ts";

export interface ListedPolicy {
  /** What holds where no rule says otherwise, by entrance. */
  defaults: { entrance: string; read: Decision; write: string; destructive: string }[];
  rules: PolicyRule[];
  /** What the setting POLICY demands at least. */
  at_least: PolicyRule[];
}

/** A user's own rules. They are changed on this computer only: no entrance that they guard may loosen them. */
export interface PolicyBook {
  list(userId: string): Promise<ListedPolicy>;
  /** @throws AppError invalid_parameters, and changes nothing */
  check(rule: unknown): PolicyRule;
  /** @throws AppError invalid_parameters */
  set(by: Caller, rule: unknown): Promise<PolicyRule>;
  /** @throws AppError not_found */
  unset(by: Caller, rule: unknown): Promise<void>;
}

export function createPolicyBook(
  rules: PolicyRuleStore,
  atLeast: readonly PolicyRule[],
  audit: AuditStore,
  knowsTool: (id: string) => boolean,
  now: () => Date,
  agentWrites: AgentWrites = "approve",
): PolicyBook {
  const record = async (by: Caller, detail: string): Promise<void> => {
    await audit.append({ ...who(by), kind: "policy", at: now(), code: "ok", detail });
  };
  const check = (given: unknown): PolicyRule => {
    const result = checkParameters(PolicyRuleSchema, given, { tool: "*", credential: "*" }, "field");
    const problems = result.ok ? [] : result.problems;
    const rule = (result.ok ? result.value : {}) as PolicyRule;
    if (result.ok && rule.tool !== "*" && !knowsTool(rule.tool))
      problems.push(`Field tool names ${rule.tool}, which is no tool`);
    if (rule.effect === "read" && rule.decision === "ask")
      problems.push("A read has nothing to confirm: allow, approve or deny it");
    if (problems.length === 0) return rule;
    throw new AppError("invalid_parameters", `Parameter validation failed: ${problems.join("; ")}`, {
      metadata: { problems },
    });
  };
  return {
    async list(userId) {
      const defaults = policyPlaces.map((entrance) => ({
        entrance,
        read: defaultDecision(entrance, "read", agentWrites),
        write: entrance === "token" ? "as made" : defaultDecision(entrance, "write", agentWrites),
        destructive: entrance === "token" ? "as made" : defaultDecision(entrance, "destructive", agentWrites),
      }));
      return { defaults, rules: await rules.list(userId), at_least: [...atLeast] };
    },
    check,
    async set(by, given) {
      const rule = check(given);
      await rules.set(by.userId, rule);
      await record(by, `set ${describe(rule)} to ${rule.decision}`);
      return rule;
    },
    async unset(by, given) {
      const rule = check({ ...(given as object), decision: "deny" });
      if (!(await rules.unset(by.userId, rule))) {
        throw new AppError("not_found", `There is no rule for ${describe(rule)}`, { hint: "Run: mcqueen policy" });
      }
      await record(by, `removed the rule for ${describe(rule)}`);
    },
  };
}

const describe = ({ entrance, effect, tool, credential }: PolicyRule): string =>
  `${entrance}.${effect}${tool === "*" ? "" : ` of ${tool}`}${credential === "*" ? "" : ` by ${credential}`}`;
