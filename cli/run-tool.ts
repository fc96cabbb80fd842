import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Envelope } from "../src/core/outcome.ts";
import { isRecord } from "../src/core/parameters.ts";
import { shellWord } from "../src/core/shell-word.ts";
import type { Cli } from "./cli.ts";
import { executeConfirmed } from "./execution.ts";
import { createInput, type Flag, flagsOf, keyOf, readFlags } from "./flags.ts";
import { printOutcome } from "./print-outcome.ts";
import { ownFlags } from "./run-flags.ts";
import { findTool } from "./tools.ts";
import { terminalFlags } from "./views/render.ts";
import type { TerminalFlag } from "./views/terminal-flag.ts";

/** What was typed behind `run`, beside the flags of the tool. */
export interface RunOptions extends Record<string, unknown> {
  params?: string;
  yes?: true;
  dryRun?: true;
  account?: string;
  timeout?: string;
  wait?: string;
  idempotencyKey?: string;
}

/** The flags that a tool has behind `run`, of one action where the words name it. */
export interface ToolFlags {
  flags: readonly Flag[];
  terminal: readonly TerminalFlag[];
}

/** @param action the second word that is no flag, which may be the name of an action */
export function toolFlagsOf(tool: ListedTool, action: string | undefined): ToolFlags {
  const actionId = tool.actions.some((each) => each.id === action) ? action : undefined;
  return {
    flags: flagsOf(tool, actionId).filter(({ word }) => !ownFlags.includes(word)),
    terminal: (terminalFlags[tool.id] ?? []).filter(
      ({ actions }) => !actionId || !actions || actions.includes(actionId),
    ),
  };
}

/** Runs a tool with what was typed, and prints what came of it. @throws AppError, Exit */
export async function runTool(
  cli: Cli,
  toolOrId: ListedTool | string,
  action: string | undefined,
  options: RunOptions,
  flags: readonly Flag[],
): Promise<void> {
  const id = typeof toolOrId === "string" ? toolOrId : toolOrId.id;
  const chosen = chosenFlags(id, options);
  const backend = await cli.backend(id);
  const tool = typeof toolOrId === "string" ? await findTool(backend, id) : toolOrId;
  const input = createInput();
  const base = options.params === undefined ? {} : input.json(input.value(options.params), "--params");
  if (!isRecord(base)) throw new AppError("usage", "--params must be a JSON object");
  if (action !== undefined && tool.actions.length === 1 && tool.actions[0]?.id !== action) {
    throw new AppError("usage", `${id} has no action ${action}`, {
      hint: `Did you mean --${tool.parameters.find(({ required }) => required)?.name ?? "params"} ${shellWord(action)}?\nRun: mcqueen run ${id} --help`,
    });
  }
  const named = action !== undefined && tool.actions.length > 1 ? { action } : {};
  const parameters: Record<string, unknown> = { ...base, ...named, ...readFlags(flags, options, input, base) };
  requireAction(chosen, parameters.action);
  for (const { flag, values } of chosen) Object.assign(parameters, flag.prepare?.(values, parameters));
  const execution = {
    tool: tool.id,
    parameters,
    ...(options.account ? { account: options.account } : {}),
    ...(options.dryRun ? { dryRun: true } : {}),
    ...(options.idempotencyKey ? { idempotencyKey: options.idempotencyKey } : {}),
    ...(options.wait ? { waitMs: Number(options.wait) * 1000 } : {}),
    ...(options.timeout ? { timeoutMs: Number(options.timeout) * 1000 } : {}),
  };
  const envelope = await executeConfirmed(cli, backend, tool, execution, options.yes ?? false);
  printOutcome(cli, tool.id, envelope);
  if (!envelope.success || options.dryRun || !isRecord(envelope.data)) return;
  const { data } = envelope;
  const again = (more: Record<string, unknown>): Promise<Envelope> =>
    backend.execute({ tool: tool.id, parameters: more, ...(options.account ? { account: options.account } : {}) });
  for (const { flag, values } of chosen) for (const value of values) await flag.act?.(value, data, cli.out, again);
}

interface Chosen {
  flag: TerminalFlag;
  values: readonly string[];
}

/** The view's own flags that were typed, with good values. @throws AppError usage */
function chosenFlags(toolId: string, options: RunOptions): Chosen[] {
  return (terminalFlags[toolId] ?? []).flatMap((flag) => {
    const given = options[keyOf(flag.flag)];
    const values = (Array.isArray(given) ? given : [given]).filter(
      (value): value is string => typeof value === "string",
    );
    for (const value of values) flag.check(value);
    return values.length > 0 ? [{ flag, values }] : [];
  });
}

/** @throws AppError usage for a flag that the action has no use for */
function requireAction(chosen: readonly Chosen[], action: unknown): void {
  for (const { flag } of chosen) {
    if (!flag.actions || flag.actions.includes(String(action))) continue;
    throw new AppError("usage", `${flag.flag.split(" ")[0]} goes with ${flag.actions.join(" and ")}`);
  }
}
