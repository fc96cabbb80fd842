import type { Call, Caller } from "./call.ts";
import { checkConfirmations, type KeptCall, notKept, promptOf, requireSameCall } from "./confirmation.ts";
import type { Connection } from "./connection.ts";
import { withDeadline } from "./deadline.ts";
import { callDigest } from "./digest.ts";
import { plan } from "./dry-run.ts";
import { AppError, invalidParameters } from "./errors.ts";
import type { HttpClient } from "./http-client.ts";
import { failure, type Metadata, type Outcome, understand } from "./outcome.ts";
import { checkParameters, isRecord, printable } from "./parameters.ts";
import type { Policy } from "./policy.ts";
import type { Registry } from "./registry.ts";
import type { Restrictions } from "./restrictions.ts";
import type { Checked, Steps } from "./steps.ts";
import type { Action, Resource, Tool, ToolContext } from "./tool.ts";
import type { ToolConfigStore } from "./tool-config.ts";
import type { UsageStore } from "./usage.ts";
import type { UserStore } from "./user.ts";
import { createVoice } from "./voice.ts";

/** What the road needs. The composition root fills it in; tests fill in their own. */
export interface Road {
  registry: Registry;
  configs: ToolConfigStore;
  users: UserStore;
  usage: UsageStore;
  restrictions: Restrictions;
  policy: Policy;
  steps: Steps;
  http: HttpClient;
  /** Settings by name, for `context.config`. */
  setting(name: string): Promise<string | undefined>;
  /** What of the caller's own a tool may reach. */
  resources(caller: Caller, tool: Tool): Pick<ToolContext, Resource>;
  now(): Date;
  /** Receives defects: everything thrown that is not an AppError. */
  report(defect: unknown, requestId: string): void;
  sandbox: boolean;
  /** Takes known secrets out, should an upstream have sent one back. */
  conceal(outcome: Outcome): Outcome;
}

const freeTries = 10;
const freePauseMs = 200;

/**
 * Takes one call down the one road, whatever entrance it came through.
 * Never throws: a defect becomes `internal`, and is reported.
 */
export async function executeTool(road: Road, call: Call): Promise<Outcome> {
  const started = performance.now();
  const requestId = call.requestId ?? crypto.randomUUID();
  const metadata: Metadata = { tool: printable(call.tool), request_id: requestId };
  const found: Found = {};
  let outcome: Outcome;
  try {
    outcome = await travel(road, { ...call, requestId }, found, metadata);
  } catch (thrown) {
    outcome = failure(
      understand(thrown, (defect) => road.report(defect, requestId)),
      metadata,
    );
  }
  const durationMs = performance.now() - started;
  outcome.metadata.duration_ms = Math.round(durationMs);
  outcome.metadata.timestamp = road.now().toISOString();
  if (road.sandbox) outcome.metadata.sandbox = true;
  if (!found.concealed) outcome = road.conceal(outcome);
  const { tool, action, parameters } = found;
  if (!tool || !action) return outcome;
  if (isCounted(outcome)) {
    road.usage.record({
      userId: call.caller.userId,
      toolId: tool.id,
      action: action.id,
      provider: String(outcome.metadata.provider ?? ""),
      code: outcome.ok ? "ok" : outcome.code,
      durationMs,
      at: road.now(),
    });
  }
  if (!found.settled) {
    road.steps.audit.note(
      { call: { ...call, requestId }, tool, action, ...(parameters ? { parameters } : {}) },
      outcome,
      durationMs,
    );
  }
  return outcome;
}

/** A question is no call yet, and a dry run or a replay does nothing. */
const isCounted = (outcome: Outcome): boolean =>
  outcome.ok
    ? !outcome.metadata.dry_run && !outcome.metadata.replayed
    : outcome.code !== "confirmation_required" && outcome.code !== "approval_required";

/** What is known of a call, for the record, however far it came. */
interface Found {
  tool?: Tool;
  action?: Action;
  parameters?: Record<string, unknown>;
  /** Its outcome holds no secret any more, and has got nothing but times since. */
  concealed?: boolean;
  /** The audit has its outcome already. */
  settled?: boolean;
}

async function travel(road: Road, call: Call, found: Found, metadata: Metadata): Promise<Outcome> {
  const tool = road.registry.find(call.tool);
  found.tool = tool;
  metadata.service = tool.service;
  const kept = call.confirmationId === undefined ? undefined : await road.steps.confirmations.recall(call);
  if (kept && kept.toolId !== tool.id)
    throw new AppError("conflict", `This confirmation is for the tool ${kept.toolId}`);
  const { action, given } = chooseAction(tool, kept ? withKept(call, tool, kept) : call);
  found.action = action;
  if (tool.actions.length > 1) metadata.action = action.id;

  await road.restrictions.check(call, tool, action);
  const { userId } = call.caller;
  const config = await road.configs.get(userId, tool.id);
  if (!config.enabled) {
    throw new AppError("tool_disabled", `Tool ${tool.id} not enabled for user`, {
      hint: `Run: mcqueen config ${tool.id} enable`,
    });
  }
  // What a person has seen runs as it was seen: a setting made since does not slip into it.
  const isSettled = call.approvedId !== undefined || (kept !== undefined && isBare(call));
  const result = checkParameters(action.input, given, isSettled ? {} : config.customSettings);
  if (!result.ok) throw invalidParameters(result.problems);
  const parameters = result.value;
  found.parameters = parameters;
  if (kept) requireSameCall(kept, callDigest(userId, tool.id, action.id, parameters, call.account));
  const checked: Checked = { call: kept ? { ...call, askedAt: kept.askedAt } : call, tool, action, parameters };

  if (call.idempotencyKey) {
    const { begin, peek } = road.steps.idempotency;
    const earlier = await (call.dryRun ? peek(checked) : begin(checked));
    if (earlier) return { ...earlier, metadata: { ...earlier.metadata, replayed: true } };
  }
  if (call.dryRun) return plan(road, checked, metadata);
  let intent: number | undefined;
  let connection: Connection | undefined;
  const asked = performance.now();
  try {
    connection = await admit(road, checked);
    if (action.effect !== "read") intent = await road.steps.audit.intend(checked);
  } catch (refused) {
    if (call.idempotencyKey) await freeKey(road, call);
    throw refused;
  }
  if (connection) metadata.account = connection.account;
  const started = performance.now();
  const run = { connection, settings: config.customSettings, metadata, spentMs: started - asked };
  const outcome = await act(road, checked, run);
  found.concealed = true;
  await keepOutcome(road, checked, intent, outcome, performance.now() - started);
  if (intent !== undefined) found.settled = true;
  return outcome;
}

/** The lock that refused a call may refuse this too, and a key left behind would block it for a day. */
async function freeKey(road: Road, call: Call): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await road.steps.idempotency.release(call);
    } catch (error) {
      const isBusy = error instanceof AppError && error.retryAfterS !== undefined;
      if (!isBusy || tries === freeTries) return road.report(error, String(call.requestId));
      await Bun.sleep(freePauseMs);
    }
  }
}

/** It has happened: whatever goes wrong in writing it down is reported, and the caller still learns the outcome. */
async function keepOutcome(
  road: Road,
  checked: Checked,
  intent: number | undefined,
  outcome: Outcome,
  durationMs: number,
): Promise<void> {
  const { call } = checked;
  const keep = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      outcome.metadata.unrecorded = true;
      road.report(error, String(call.requestId));
    }
  };
  if (intent !== undefined) await keep(() => road.steps.audit.settle(checked, intent, outcome, durationMs));
  if (call.idempotencyKey) await keep(() => road.steps.idempotency.finish(call, outcome));
}

/** Calling again with a confirmation's id needs no parameters; given ones are compared with the kept ones later. */
function withKept(call: Call, tool: Tool, kept: KeptCall): Call {
  if (!isBare(call)) return call;
  if (!kept.parameters) throw notKept();
  return { ...call, parameters: kept.parameters, ...(tool.actions.length > 1 ? { action: kept.action } : {}) };
}

const isBare = ({ parameters }: Call): boolean => isRecord(parameters) && Object.keys(parameters).length === 0;

/** Everything that may still refuse a valid call: policy, quota, login. Gives the account of a personal tool. */
async function admit(road: Road, checked: Checked): Promise<Connection | undefined> {
  const { call, tool, action, parameters } = checked;
  const decision = await road.policy.decide(call, tool, action);
  if (decision === "deny") throw new AppError("forbidden", `${tool.id} ${action.id} is not allowed for this caller`);
  const isSilent = decision === "allow" && !action.confirmation && !call.confirmations;
  if (call.approvedId === undefined && !isSilent) {
    const voice = createVoice(await road.users.profile(call.caller.userId), road.now());
    if (decision === "approve") await road.steps.approvals(checked, await promptOf(action, parameters, voice));
    const missing = await checkConfirmations(action, tool.actions.length > 1, parameters, voice, call.confirmations);
    if (missing && decision === "ask") await road.steps.confirmations.refuse(checked, missing);
  }
  if (tool.quotaPerHour !== undefined) await road.steps.quota(call.caller.userId, tool);
  const isPersonal = tool.authService !== undefined && tool.accessLevel === "user_specific";
  const connection = isPersonal ? await withDeadline(call, () => road.steps.connections(checked)) : undefined;
  if (call.confirmationId !== undefined) await road.steps.confirmations.use(call.confirmationId);
  return connection;
}

interface Run {
  connection: Connection | undefined;
  settings: Record<string, unknown>;
  metadata: Metadata;
  /** What admitting it took of the call's time: a login may have had to be renewed. */
  spentMs: number;
}

async function act(
  road: Road,
  { call, tool, action, parameters }: Checked,
  { connection, settings, metadata, spentMs }: Run,
): Promise<Outcome> {
  try {
    const run = async (signal: AbortSignal) =>
      action.run(parameters, {
        ...(await contextFor(road, call, tool, settings, signal)),
        ...(connection ? { connection } : {}),
        ...(call.askedAt ? { askedAt: call.askedAt } : {}),
        ...(call.idempotencyKey ? { idempotencyKey: call.idempotencyKey } : {}),
      });
    const result = await withDeadline(call, run, spentMs);
    return road.conceal({ ok: true, data: result.data, metadata: { ...metadata, ...result.metadata } });
  } catch (thrown) {
    const error = understand(thrown, (defect) => road.report(defect, String(call.requestId)));
    return road.conceal(failure(error, metadata));
  }
}

async function contextFor(
  road: Road,
  call: Call,
  tool: Tool,
  settings: Record<string, unknown>,
  signal: AbortSignal,
): Promise<ToolContext> {
  const config: Record<string, string | undefined> = {};
  for (const name of road.registry.adapterOf(tool).config ?? []) config[name] = await road.setting(name);
  return {
    http: road.http,
    settings,
    profile: await road.users.profile(call.caller.userId),
    config,
    signal,
    ...road.resources(call.caller, tool),
    now: road.now,
    progress: call.progress ?? (() => undefined),
  };
}

/** A tool with several actions takes the name from the call or from the parameter `action`. */
function chooseAction(tool: Tool, call: Call): { action: Action; given: unknown } {
  const ids = tool.actions.map((action) => action.id);
  let given = call.parameters;
  let named: unknown = call.action;
  if (tool.actions.length > 1 && isRecord(given) && "action" in given) {
    const { action, ...others } = given;
    if (named !== undefined && action !== named)
      throw invalidParameters([`Parameter action differs from the action ${String(named)}`]);
    named = action;
    given = others;
  }
  named ??= tool.defaultAction;
  if (named === undefined) throw invalidParameters(["Missing required parameter: action"], `One of: ${ids.join(", ")}`);
  const action = tool.actions.find(({ id }) => id === named);
  if (!action) throw invalidParameters([`Parameter action must be one of: ${ids.join(", ")}`]);
  return { action, given };
}
