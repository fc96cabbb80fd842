import type { ListedLine } from "../../src/core/listing-line.ts";
import type { Cli } from "../cli.ts";
import type { Paint } from "../paint.ts";
import { quickLines } from "../quick-list.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export interface ListOptions {
  all?: true;
  category?: string;
}

export const define: Define = (command, cli) => {
  command
    .option("--all", "also the tools that need a login first")
    .option("--category <name>", "only one category, such as weather or email")
    .addHelpText("after", "\nExamples:\n  mcqueen list\n  mcqueen list --all --json --select tools[0].id")
    .action((options: ListOptions) => listTools(cli(), options));
};

/** Prints the tools, one line each. */
export async function listTools(cli: Cli, options: ListOptions): Promise<void> {
  // JSON has the schemas too, for which every tool has to be loaded.
  const quick = cli.out.json ? undefined : await quickLines(cli);
  const known: readonly ListedLine[] = quick ?? (await (await cli.backend()).listTools(true));
  const shown = options.all ? known : known.filter(({ status }) => status !== "needs_login");
  const tools = shown.filter(({ category }) => !options.category || category === options.category);
  cli.out.data({ success: true, tools, total: tools.length, metadata: {} }, (paint) =>
    tools.length > 0 ? table(tools.map((tool) => lineOf(tool, paint))) : "No tool of that kind.\n",
  );
  if (shown.length < known.length && !cli.out.json)
    cli.out.note("mcqueen list --all also shows what needs a login first.");
}

function lineOf(tool: ListedLine, paint: Paint): string[] {
  const effects = [...new Set(tool.actions.map(({ effect }) => effect))].join(", ");
  const status = tool.status === "available" ? paint.green(tool.status) : paint.yellow(tool.status.replace("_", " "));
  return [
    `${paint.bold(tool.id)} (${parametersOf(tool)})`,
    `[${effects}]`,
    status,
    paint.dim(sanitiseLine(tool.description)),
  ];
}

const widest = 46;

/** As many as fit beside the rest of the line; `show` and `run --help` name them all. */
function parametersOf({ parameters }: ListedLine): string {
  const names = parameters.map(({ name, required, options }) => {
    const told = name === "action" && options ? options.join("|") : name;
    return required ? told : `[${told}]`;
  });
  let fitting = names.length;
  while (fitting > 1 && names.slice(0, fitting).join(", ").length > widest) fitting -= 1;
  return names.slice(0, fitting).join(", ") + (fitting < names.length ? ", …" : "");
}
