import { Option } from "commander";
import type { ListedTool } from "../../src/core/listing.ts";
import type { Cli } from "../cli.ts";
import { addFlags, terminalOptionOf } from "../flag-options.ts";
import { runFlags } from "../run-flags.ts";
import { type RunOptions, runTool, toolFlagsOf } from "../run-tool.ts";
import { findTool, unknownTool } from "../tools.ts";
import type { Define } from "../verbs.ts";

export const define: Define = async (command, cli, words) => {
  command
    .usage("<tool> [action] [options]")
    .argument("<tool>", "id of the tool, as mcqueen list prints it")
    .argument("[action]", "what to do, for a tool with several actions")
    .addHelpText("after", help);
  for (const { flag, about, check } of runFlags) {
    const option = new Option(flag, about);
    command.addOption(check ? option.argParser(check) : option);
  }
  const [id, action] = words.filter((word) => !word.startsWith("-"));
  const tool = id === undefined ? undefined : await toolForFlags(cli, id);
  const { flags, terminal } = tool ? toolFlagsOf(tool, action) : { flags: [], terminal: [] };
  addFlags(command, flags);
  for (const flag of terminal) command.addOption(terminalOptionOf(flag));
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
  const { describeTool } = await import("../../src/app-tools.ts");
  const found = await describeTool(context.global.sandbox ?? false, id);
  if (Array.isArray(found)) throw unknownTool(id, found);
  return found;
}

const help = `
Values: @file reads a file, - reads stdin, @@x is the text "@x".
Examples:
  mcqueen run get_weather --location "New York" --units imperial
  echo '{"location": "Oslo"}' | mcqueen run get_weather --params - --json`;
