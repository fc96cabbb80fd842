import { type Static, Type } from "@sinclair/typebox";
import type { Call, Caller } from "./call.ts";
import type { Action, Effect, Tool } from "./tool.ts";

const decisions = ["allow", "ask", "approve", "deny"] as const;

/** allow: runs. ask: the call must carry the confirmations. approve: a person elsewhere must agree. deny: never. */
export type Decision = (typeof decisions)[number];

/** The doors as a policy tells them apart. A terminal is the command line with a person at it. */
const places = ["terminal", "cli", "rest", "device", "token", "mcp"] as const;
export type Place = (typeof places)[number];

const literals = <T extends string>(values: readonly T[]) => Type.Union(values.map((value) => Type.Literal(value)));

export const PolicyRuleSchema = Type.Object(
  {
    entrance: literals([...places, "*"]),
    effect: literals(["read", "write", "destructive", "*"]),
    tool: Type.String({ minLength: 1, maxLength: 64 }),
    credential: Type.String({ minLength: 1, maxLength: 64 }),
    decision: literals(decisions),
  },
  { additionalProperties: false },
);

/** A user's own choice. "*" stands for every one. */
export type PolicyRule = Static<typeof PolicyRuleSchema>;

export interface PolicyRuleStore {
  list(userId: string): Promise<PolicyRule[]>;
  set(userId: string, rule: PolicyRule): Promise<void>;
  unset(userId: string, rule: Omit<PolicyRule, "decision">): Promise<boolean>;
}

export interface Policy {
  decide(call: Call, tool: Tool, action: Action): Promise<Decision>;
  /** What a caller may do with a tool that no rule names. */
  limit(caller: Caller, effect: Effect): Promise<Decision>;
}

function placeOf(caller: Caller): Place {
  if (caller.grant) return "token";
  if (caller.entrance === "cli") return caller.interactive ? "terminal" : "cli";
  return caller.entrance;
}

/** What an agent's writes need, where no rule says otherwise. */
export type AgentWrites = Exclude<Decision, "allow">;

/** What each door may do when nothing else is set. A read never asks; a token may what it was made for. */
export function defaultDecision(place: Place, effect: Effect, agentWrites: AgentWrites, caller?: Caller): Decision {
  if (effect === "read") return "allow";
  if (place === "token") return (effect === "write" ? caller?.grant?.writes : caller?.grant?.destructive) ?? "deny";
  if (place !== "mcp") return "ask";
  return effect === "write" ? agentWrites : stricter("approve", agentWrites);
}

export const policyPlaces: readonly Place[] = places;

/** The stricter of two. */
export const stricter = (a: Decision, b: Decision): Decision => (decisions.indexOf(a) >= decisions.indexOf(b) ? a : b);

/**
 * Decides by the most particular rule of the user: one for this credential before one for this tool, before one for
 * this door; among equals the strictest. What the settings say can only tighten it, because whoever starts a program
 * chooses its environment.
 */
export function createPolicy(
  rules: Pick<PolicyRuleStore, "list">,
  atLeast: readonly PolicyRule[],
  agentWrites: AgentWrites = "approve",
): Policy {
  /** What the rules and the settings say of one place. */
  const ruled = async (place: Place, caller: Caller, toolId: string, effect: Effect): Promise<Decision> => {
    const fits = (rule: PolicyRule): boolean => matches(rule, place, effect, toolId, caller);
    const listed = await rules.list(caller.userId);
    const made = defaultDecision(place, effect, agentWrites, caller);
    if (listed.length === 0 && atLeast.length === 0) return made;
    const own = listed.filter(fits);
    const most = Math.max(...own.map(particularity));
    const decided = own.filter((rule) => particularity(rule) === most).map(({ decision }) => decision);
    const chosen = decided.length > 0 ? decided.reduce(stricter) : made;
    // A rule for everyone tightens what a token was made for; only one that names the token may loosen it.
    const held = place === "token" && most < namesCredential ? stricter(made, chosen) : chosen;
    return atLeast
      .filter(fits)
      .map((rule) => rule.decision)
      .reduce(stricter, held);
  };
  const decide = async (caller: Caller, toolId: string, effect: Effect): Promise<Decision> => {
    const place = placeOf(caller);
    const here = await ruled(place, caller, toolId, effect);
    // What wants somebody else, or is refused, at the door that a credential is for does not get easier by another.
    const home = caller.door && place === "mcp" ? await ruled(caller.door, caller, toolId, effect) : "allow";
    const bound =
      effect === "write" ? caller.bounds?.writes : effect === "destructive" ? caller.bounds?.destructive : undefined;
    const decision = [home === "ask" ? "allow" : home, bound ?? "allow"].reduce(stricter, here);
    // Where a program cannot ask the person at its other end, only a person elsewhere can answer.
    return decision === "ask" && caller.entrance === "mcp" && !caller.interactive ? "approve" : decision;
  };
  return {
    decide: ({ caller }, tool, action) => decide(caller, tool.id, action.effect),
    limit: (caller, effect) => decide(caller, "", effect),
  };
}

const matches = (rule: PolicyRule, place: Place, effect: Effect, tool: string, caller: Caller): boolean =>
  [
    [rule.entrance, place],
    [rule.effect, effect],
    [rule.tool, tool],
    [rule.credential, caller.credentialId, caller.deviceId],
  ].every(([wanted, ...actual]) => wanted === "*" || actual.includes(wanted));

const namesCredential = 8;

const particularity = (rule: PolicyRule): number =>
  (rule.credential === "*" ? 0 : namesCredential) +
  (rule.tool === "*" ? 0 : 4) +
  (rule.entrance === "*" ? 0 : 2) +
  (rule.effect === "*" ? 0 : 1);

const settingForm = /^(terminal|cli|rest|device|token|mcp|\*)\.(read|write|destructive|\*)=(allow|ask|approve|deny)$/;

/** Reads "rest.write=approve, *.destructive=deny". Gives undefined for what does not read like that. */
export function parsePolicySetting(list: readonly string[]): PolicyRule[] | undefined {
  const parsed = list.map((entry) => settingForm.exec(entry.trim()));
  if (parsed.some((match) => match === null)) return undefined;
  return parsed.map((match) => ({
    entrance: match?.[1] as PolicyRule["entrance"],
    effect: match?.[2] as PolicyRule["effect"],
    tool: "*",
    credential: "*",
    decision: match?.[3] as Decision,
  }));
}
