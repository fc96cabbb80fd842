import { type Static, Type } from "@sinclair/typebox";
import { type Caller, toolsOf } from "../call.ts";
import { checkConfirmations } from "../confirmation.ts";
import { AppError, invalidParameters } from "../errors.ts";
import type { ListedTool, ToolStatus } from "../listing.ts";
import { checkParameters, printable } from "../parameters.ts";
import type { Decision, Policy } from "../policy.ts";
import type { Restrictions } from "../restrictions.ts";
import type { Tool } from "../tool.ts";
import type { ToolConfigStore } from "../tool-config.ts";
import type { UserStore } from "../user.ts";
import { createVoice, type Voice } from "../voice.ts";
import { createInterpreter, type Interpreter, type Proposal } from "./interpret.ts";

export const InterpretBody = Type.Object(
  {
    transcript: Type.String({ minLength: 1, maxLength: 1_000, pattern: "\\S", description: "What was said, as text" }),
    time_zone: Type.Optional(
      Type.String({ format: "time-zone", description: "IANA zone of days and times; your profile's unless told" }),
    ),
  },
  { additionalProperties: false },
);

/** A proposal as the wire names it. */
export interface ListedProposal {
  tool: string;
  action: string;
  effect: string;
  score: number;
  parameters: Record<string, unknown>;
  missing: readonly string[];
  /** What becomes of the call if this caller sends it: runs, asks, waits for a person elsewhere, or is refused. */
  policy: Decision;
  /** What this caller will have to confirm; empty unless the policy is to ask. */
  requires_confirmation: readonly string[];
  confirmation_prompt?: string;
  status: ToolStatus;
  hint?: string;
}

export interface Interpretation {
  proposals: ListedProposal[];
  /** What would help, where nothing fits. */
  hint?: string;
  timeZone: string;
}

export interface SuggestParts {
  tools: readonly Tool[];
  users: UserStore;
  configs: ToolConfigStore;
  listTools(userId: string, options: { all: boolean }): Promise<readonly ListedTool[]>;
  policy: Pick<Policy, "decide">;
  restrictions: Pick<Restrictions, "check">;
  now(): Date;
}

/**
 * Says what a person may have meant by their words. Runs nothing and stores nothing.
 * @throws AppError invalid_parameters
 */
export type Suggest = (by: Caller, body: unknown) => Promise<Interpretation>;

export function createSuggest(parts: SuggestParts): Suggest {
  const { tools, users, configs, listTools, now } = parts;
  const interpreters = new Map<string, Interpreter>();
  const interpreterOf = (allowed: readonly Tool[]): Interpreter => {
    const key = allowed.map(({ id }) => id).join(" ");
    const known = interpreters.get(key) ?? createInterpreter(allowed);
    // Grants differ without end; only the one for all tools is worth keeping.
    if (allowed.length === tools.length) interpreters.set(key, known);
    return known;
  };
  return async (by, body) => {
    const checked = checkParameters(InterpretBody, body, {}, "field");
    if (!checked.ok) throw invalidParameters(checked.problems);
    const { transcript, time_zone: given } = checked.value as Static<typeof InterpretBody>;
    const profile = await users.profile(by.userId);
    const at = now();
    const here = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(
      given ?? profile.zone ?? Temporal.Now.timeZoneId(),
    );
    const { timeZoneId: timeZone } = here;
    const allowed = tools.filter(({ id }) => toolsOf(by)?.includes(id) ?? true);
    const found = interpreterOf(allowed)(transcript, here);
    const listed = new Map((await listTools(by.userId, { all: true })).map((tool) => [tool.id, tool]));
    const voice = createVoice({ ...profile, zone: timeZone }, at);
    const proposals = await Promise.all(
      found.map(async (proposal) => {
        const { customSettings } = await configs.get(by.userId, proposal.tool.id);
        return list(proposal, listed.get(proposal.tool.id), customSettings, voice, await fateOf(parts, by, proposal));
      }),
    );
    return { proposals, timeZone, ...(proposals.length === 0 ? { hint: helpOf(allowed) } : {}) };
  };
}

/** What the road would decide of this caller's call, and why where it would refuse. */
async function fateOf(
  { policy, restrictions }: SuggestParts,
  caller: Caller,
  { tool, action, parameters }: Proposal,
): Promise<{ decision: Decision; why?: string }> {
  const call = { tool: tool.id, action: action.id, parameters, caller };
  try {
    await restrictions.check(call, tool, action);
  } catch (error) {
    if (error instanceof AppError) return { decision: "deny", why: error.message };
    throw error;
  }
  const decision = await policy.decide(call, tool, action);
  return decision === "deny"
    ? { decision, why: `${tool.id} ${action.id} is not allowed for this caller` }
    : { decision };
}

async function list(
  { tool, action, score, parameters, missing: unheard, unclear }: Proposal,
  listed: ListedTool | undefined,
  settings: Record<string, unknown>,
  voice: Voice,
  { decision, why = "" }: { decision: Decision; why?: string },
): Promise<ListedProposal> {
  const missing = unheard.filter((name) => unclear.has(name) || !(name in settings));
  const hints = [
    why,
    listed?.hint ?? "",
    ...[...unclear].map(([name, heard]) => unclearHint(name, heard, action.input.properties[name]?.description)),
  ];
  const isSeveral = tool.actions.length > 1;
  let fields = [...(action.confirmation?.fields ?? []), ...(action.confirmation?.whereGiven ?? [])].filter((field) =>
    field === "action" ? isSeveral : Object.hasOwn(parameters, field) || missing.includes(field),
  );
  let prompt: string | undefined;
  if (action.effect !== "read" && missing.length === 0) {
    const full = checkParameters(action.input, parameters, settings);
    try {
      const wanted = full.ok ? await checkConfirmations(action, isSeveral, full.value, voice) : undefined;
      fields = wanted?.fields ?? fields;
      prompt = wanted?.prompt;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      hints.push(error.message);
    }
  }
  const hint = hints.filter((each) => each !== "").join("\n");
  return {
    tool: tool.id,
    action: action.id,
    effect: action.effect,
    score,
    parameters,
    missing,
    policy: decision,
    requires_confirmation: decision === "ask" ? fields : [],
    ...(prompt === undefined || decision === "allow" || decision === "deny" ? {} : { confirmation_prompt: prompt }),
    status: listed?.status ?? "available",
    ...(hint === "" ? {} : { hint }),
  };
}

const unclearHint = (name: string, heard: string, about: string | undefined): string =>
  `"${printable(heard)}" is not clear enough for ${name}${about ? `: ${about}` : ""}`;

function helpOf(tools: readonly Tool[]): string {
  const examples = tools.flatMap(({ examples: [first] }) => (first ? [`"${first}"`] : [])).slice(0, 3);
  const such = examples.length > 0 ? `, such as ${examples.join(" or ")}` : "";
  return `Say in English what a tool should do${such}. All tools: mcqueen list --all`;
}
