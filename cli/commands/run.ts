import { Option } from "commander";
import { AppError, codes } from "../../src/core/errors.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import type { Envelope } from "../../src/core/outcome.ts";
import { isRecord } from "../../src/core/parameters.ts";
import type { Backend, Execution } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { confirmationsFor } from "../confirm.ts";
import { Exit } from "../exit.ts";
import { addFlags, createInput, type Flag, flagsOf, readFlags } from "../flags.ts";
import { showProgress } from "../progress.ts";
import { errorOf } from "../remote.ts";
import { findTool } from "../tools.ts";
import type { Define } from "../verbs.ts";
import { render } from "../views/render.ts";

interface RunOptions extends Record<string, unknown> {
  params?: string;
  yes?: true;
  dryRun?: true;
  account?: string;
  timeout?: string;
}

/** Names that `run` itself uses; a tool's parameter of such a name is given with --params. */
export const ownFlags = [
  "params",
  "yes",
  "dry-run",
  "account",
  "timeout",
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
    .addOption(new Option("--timeout <seconds>", "give up after this long").argParser(seconds))
    .addHelpText("after", help);
  const [id, action] = words.filter((word) => !word.startsWith("-"));
  const tool = id === undefined ? undefined : await toolForFlags(cli, id);
  const actionId = tool?.actions.some((each) => each.id === action) ? action : undefined;
  const flags = tool ? flagsOf(tool, actionId).filter(({ option }) => !ownFlags.includes(option.name())) : [];
  addFlags(command, flags);
  if (tool)
    command.description(
      `${tool.description}${tool.actions.length > 1 ? `\nActions: ${tool.actions.map((a) => a.id).join(", ")}` : ""}`,
    );
  command.action((_tool: string, typedAction: string | undefined, options: RunOptions) =>
    runTool(cli(), id ?? "", typedAction, options, flags),
  );
};

/** The tool whose flags are offered. Whatever fails here fails again, and is reported, when the command runs. */
async function toolForFlags(cli: () => Cli, id: string): Promise<ListedTool | undefined> {
  const context = cli();
  if (!(await context.remote())) {
    const { describeTools } = await import("../../src/catalogue.ts");
    return describeTools().find((tool) => tool.id === id);
  }
  try {
    return await (await context.backend()).showTool(id);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function runTool(
  cli: Cli,
  id: string,
  action: string | undefined,
  options: RunOptions,
  flags: readonly Flag[],
): Promise<void> {
  const backend = await cli.backend();
  const tool = await findTool(backend, id);
  const input = createInput();
  const base = options.params === undefined ? {} : input.json(input.value(options.params), "--params");
  if (!isRecord(base)) throw new AppError("usage", "--params must be a JSON object");
  if (action !== undefined && tool.actions.length === 1 && tool.actions[0]?.id !== action) {
    throw new AppError("usage", `${id} has no action ${action}`, { hint: `Run: mcqueen run ${id} --help` });
  }
  const named = action !== undefined && tool.actions.length > 1 ? { action } : {};
  const controller = new AbortController();
  const onInterrupt = (): void => controller.abort(new Exit(130));
  process.once("SIGINT", onInterrupt);
  const execution: Execution = {
    tool: tool.id,
    parameters: { ...base, ...named, ...readFlags(flags, options, input) },
    signal: controller.signal,
    ...(options.account ? { account: options.account } : {}),
    ...(options.dryRun ? { dryRun: true } : {}),
    ...(options.timeout ? { timeoutMs: Number(options.timeout) * 1000 } : {}),
  };
  const envelope = await executeWithConfirmation(cli, backend, tool, execution, options.yes ?? false);
  process.off("SIGINT", onInterrupt);
  if (controller.signal.aborted) throw new Exit(130);
  print(cli, tool, envelope);
}

async function executeWithConfirmation(
  cli: Cli,
  backend: Backend,
  tool: ListedTool,
  execution: Execution,
  yes: boolean,
): Promise<Envelope> {
  const attempt = async (more: Partial<Execution> = {}): Promise<Envelope> => {
    const progress = showProgress(cli.out, `${tool.name}…`);
    try {
      return await backend.execute({ ...execution, ...more, progress: progress.say });
    } finally {
      progress.end();
    }
  };
  const first = await attempt();
  if (first.success || first.error_code !== "confirmation_required") return first;
  const confirmations = await confirmationsFor(cli.out, first, execution.parameters, yes);
  return confirmations ? attempt({ confirmations }) : first;
}

function print(cli: Cli, tool: ListedTool, envelope: Envelope): void {
  if (!envelope.success) {
    if (!cli.out.json) throw errorOf(envelope);
    cli.out.data(envelope, () => "");
    throw new Exit(codes[errorOf(envelope).code].exit);
  }
  const { sandbox, failed_providers: failed } = envelope.metadata;
  if (Array.isArray(failed) && !cli.out.json) {
    for (const { provider, reason } of failed as { provider: string; reason: string }[]) {
      cli.out.note(`${provider} did not answer: ${reason}`);
    }
  }
  cli.out.data(envelope, (paint) => {
    const label = sandbox
      ? `${paint.yellow("SANDBOX")} ${paint.dim("a local stand-in answered, not the real service")}\n`
      : "";
    return label + render(tool.id, envelope, paint);
  });
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
