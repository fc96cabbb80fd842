import { Option } from "commander";
import { AppError } from "../../src/core/errors.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import type { Envelope } from "../../src/core/outcome.ts";
import { isRecord } from "../../src/core/parameters.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import type { Cli } from "../cli.ts";
import { executeConfirmed } from "../execution.ts";
import { addFlags, createInput, type Flag, flagsOf, readFlags } from "../flags.ts";
import { printOutcome } from "../print-outcome.ts";
import { findTool, unknownTool } from "../tools.ts";
import type { Define } from "../verbs.ts";
import { terminalFlags } from "../views/render.ts";
import { optionOf, type TerminalFlag } from "../views/terminal-flag.ts";

interface RunOptions extends Record<string, unknown> {
  params?: string;
  yes?: true;
  dryRun?: true;
  account?: string;
  timeout?: string;
  wait?: string;
  idempotencyKey?: string;
}

/** Names that `run` itself uses; a tool's parameter of such a name is given with --params. */
export const ownFlags = [
  "params",
  "yes",
  "dry-run",
  "account",
  "timeout",
  "wait",
  "idempotency-key",
  "help",
  "json",
  "select",
  "quiet",
  "sandbox",
  "server",
];

export const define: Define = async (command, cli, words) => {
  command
    .usage("<tool> [action] [options]")
    .argument("<tool>", "id of the tool, as mcqueen list prints it")
    .argument("[action]", "what to do, for a tool with several actions")
    .option("--params <json>", "all parameters as JSON, @file or - for stdin; flags win")
    .option("--yes", "confirm without being asked")
    .option("--dry-run", "show what would be sent, and send nothing")
    .option("--account <alias>", "which of several linked accounts")
    .option("--idempotency-key <key>", "a second call with the same key does nothing new")
    .addOption(
      new Option("--wait <seconds>", "wait so long for an approval, where one is needed").argParser(waitSeconds),
    )
    .addOption(new Option("--timeout <seconds>", "give up after this long").argParser(seconds))
    .addHelpText("after", help);
  const [id, action] = words.filter((word) => !word.startsWith("-"));
  const tool = id === undefined ? undefined : await toolForFlags(cli, id);
  const actionId = tool?.actions.some((each) => each.id === action) ? action : undefined;
  const flags = tool ? flagsOf(tool, actionId).filter(({ option }) => !ownFlags.includes(option.name())) : [];
  addFlags(command, flags);
  for (const flag of terminalFlags[tool?.id ?? ""] ?? []) {
    if (!actionId || !flag.actions || flag.actions.includes(actionId)) command.addOption(optionOf(flag));
  }
  if (tool)
    command.description(
      `${tool.description}${tool.actions.length > 1 ? `\nActions: ${tool.actions.map((a) => a.id).join(", ")}` : ""}`,
    );
  command.action((_tool: string, typedAction: string | undefined, options: RunOptions) =>
    runTool(cli(), tool ?? id ?? "", typedAction, options, flags),
  );
};

/** The tool whose flags are offered; without it, its flags would be called unknown. @throws AppError not_found, and what a daemon elsewhere answers */
async function toolForFlags(cli: () => Cli, id: string): Promise<ListedTool> {
  const context = cli();
  if (await context.remote()) return findTool(await context.backend(), id);
  const { describeTool } = await import("../../src/catalogue.ts");
  const found = describeTool(context.global.sandbox ?? false, id);
  if (Array.isArray(found)) throw unknownTool(id, found);
  return found;
}

async function runTool(
  cli: Cli,
  toolOrId: ListedTool | string,
  action: string | undefined,
  options: RunOptions,
  flags: readonly Flag[],
): Promise<void> {
  const id = typeof toolOrId === "string" ? toolOrId : toolOrId.id;
  const chosen = chosenFlags(id, options);
  const backend = await cli.backend();
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
    const given = options[optionOf(flag).attributeName()];
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

function waitSeconds(given: string): string {
  if (/^\d{1,3}$/.test(given) && Number(given) <= 300) return given;
  throw new AppError("usage", `--wait ${given} must be a whole number of seconds, at most 300`);
}

function seconds(given: string): string {
  const value = Number(given);
  if (value > 0 && value <= 600) return given;
  throw new AppError("usage", `--timeout ${given} must be a number of seconds, more than 0 and at most 600`);
}

const help = `
Values: @file reads a file, - reads stdin, @@x is the text "@x".
Examples:
  mcqueen run get_weather --location "New York" --units imperial
  echo '{"location": "Oslo"}' | mcqueen run get_weather --params - --json`;
