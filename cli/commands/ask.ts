import { AppError } from "../../src/core/errors.ts";
import { closeScore, sureScore } from "../../src/core/interpret/interpret.ts";
import type { ListedProposal } from "../../src/core/interpret/suggest.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import type { Understood } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { askLine } from "../confirm.ts";
import { executeConfirmed } from "../execution.ts";
import { createInput, flagsOf, readFlags } from "../flags.ts";
import { printOutcome } from "../print-outcome.ts";
import { sanitiseLine } from "../sanitise.ts";
import { commandOf, inWords } from "../spoken-call.ts";
import { findTool } from "../tools.ts";
import type { Define } from "../verbs.ts";

interface AskOptions {
  yes?: true;
  dryRun?: true;
  account?: string;
}

export const define: Define = (command, cli) => {
  command
    .usage("<words...> [options]")
    .argument("<words...>", "what you want, as you would say it")
    .option("--yes", "confirm without being asked")
    .option("--dry-run", "show what would be sent, and send nothing")
    .option("--account <alias>", "which of several linked accounts")
    .addHelpText("after", help)
    .action((words: string[], options: AskOptions) => ask(cli(), words.join(" "), options));
};

/** Finds out what the words mean, shows it, and runs it as `run` does. */
async function ask(cli: Cli, transcript: string, options: AskOptions): Promise<void> {
  if (transcript.trim() === "") throw new AppError("usage", "Say what you want", { hint: "Run: mcqueen ask --help" });
  const backend = await cli.backend();
  const proposal = await choose(cli, transcript, await backend.interpret(transcript));
  const tool = await findTool(backend, proposal.tool);
  cli.out.note(inWords(tool, proposal));
  const parameters = await complete(cli, tool, proposal);
  const named = tool.actions.length > 1 ? { action: proposal.action } : {};
  const envelope = await executeConfirmed(
    cli,
    backend,
    tool,
    {
      tool: tool.id,
      parameters: { ...parameters, ...named },
      ...(options.account ? { account: options.account } : {}),
      ...(options.dryRun ? { dryRun: true } : {}),
    },
    options.yes ?? false,
  );
  printOutcome(cli, tool.id, envelope);
}

/**
 * The proposal that is meant: the best, when it is sure and no other is close to it; else a person chooses.
 * @throws AppError not_found when nothing fits; usage when several do and nobody can be asked; declined
 */
async function choose(cli: Cli, transcript: string, { proposals, hint }: Understood): Promise<ListedProposal> {
  const [best, second] = proposals;
  if (!best) {
    throw new AppError("not_found", `No tool fits “${sanitiseLine(transcript.slice(0, 120))}”`, {
      hint: hint ?? "Run: mcqueen list --all",
    });
  }
  if (best.score >= sureScore && (!second || best.score - second.score > closeScore)) return best;
  const commands = proposals.map(commandOf);
  if (!cli.out.interactive) {
    throw new AppError("usage", "It is not clear what is meant", {
      hint: `Say more, or choose:\n${commands.map((each) => `Run: ${each}`).join("\n")}`,
      metadata: { proposals },
    });
  }
  cli.out.tell(`Which one is meant?\n${commands.map((each, at) => `${at + 1}: ${each}`).join("\n")}`);
  const answer = await askLine(`1 to ${proposals.length}, or nothing: `);
  const chosen = /^\d$/.test(answer) ? proposals[Number(answer) - 1] : undefined;
  if (!chosen) throw new AppError("declined", "None was chosen, so nothing was done");
  return chosen;
}

/**
 * What was heard, and what a person adds when asked.
 * @throws AppError usage when something is missing that nobody says
 */
async function complete(cli: Cli, tool: ListedTool, proposal: ListedProposal): Promise<Record<string, unknown>> {
  if (proposal.missing.length === 0) return proposal.parameters;
  const { missing } = proposal;
  const fault = (names: readonly string[]): AppError =>
    new AppError("usage", `Missing: ${names.join(", ")}`, {
      hint: [proposal.hint, `Run: ${commandOf(proposal)}`, whereIdsAre(tool, names)].filter(Boolean).join("\n"),
      metadata: { proposals: [proposal] },
    });
  if (!cli.out.interactive) throw fault(missing);
  const flags = flagsOf(tool, proposal.action);
  const input = createInput();
  const parameters = { ...proposal.parameters };
  for (const name of missing) {
    const flag = flags.find((each) => each.name === name);
    const typed = flag && (await askLine(`${name}${flag.schema.description ? ` (${flag.schema.description})` : ""}: `));
    if (!flag || !typed) throw fault([name]);
    const given = flag.schema.type === "array" ? typed.split(/\s*,\s*/) : typed;
    Object.assign(parameters, readFlags([flag], { [flag.key]: given }, input));
  }
  return parameters;
}

/** An id is not said, so it is told what shows them. */
function whereIdsAre(tool: ListedTool, names: readonly string[]): string | undefined {
  const id = names.find((name) => name.endsWith("_id"));
  const look = tool.actions.find(({ effect, input_schema }) => effect === "read" && !input_schema.required?.length);
  return id && look && `To find the ${id}: mcqueen run ${tool.id} ${look.id} --json`;
}

const help = `
English only. Nothing leaves this computer to understand the words, and a write is asked as run asks it.
Examples:
  mcqueen ask "what's the weather in Oslo"
  mcqueen ask "book a table for two at Chez Marie on Friday at half past seven" --dry-run`;
