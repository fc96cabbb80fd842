import type { ListedProvider } from "../../src/core/provider-listing.ts";
import type { Cli } from "../cli.ts";
import { type Clock, clockOf } from "../clock.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import { findTool } from "../tools.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .option("--tool <id>", "only those of one tool")
    .addHelpText(
      "after",
      "\nA provider that fails five times in a row is left alone for half a minute (open).\n\nExample:\n  mcqueen providers --tool get_weather",
    )
    .action(({ tool }: { tool?: string }) => list(cli(), tool));
};

async function list(cli: Cli, tool: string | undefined): Promise<void> {
  const backend = await cli.backend();
  const all = await backend.listProviders();
  const providers = tool === undefined ? all : all.filter(({ tools }) => tools.includes(tool));
  // Refuses a tool that is not there; one that asks nobody has an empty list.
  if (tool !== undefined && providers.length === 0) await findTool(backend, tool);
  const clock = await clockOf(backend);
  cli.out.data({ success: true, providers, total: providers.length, metadata: {} }, (paint) => {
    if (providers.length === 0) return "It asks no provider.";
    const heads = ["provider", "state", "tools", "needs", "last answer", "last error"].map(paint.bold);
    return table([heads, ...providers.map((provider) => rowOf(provider, paint, clock))]);
  });
}

function rowOf(provider: ListedProvider, paint: Paint, clock: Clock): string[] {
  const { name, state, tools, needs, obstacle, last_error: error, last_success_at: success } = provider;
  const style = state === "ok" ? paint.green : state === "failing" || state === "open" ? paint.red : paint.dim;
  const last = error ? `${clock(error.at)} ${error.reason}` : "–";
  const isForAnother = obstacle !== undefined && obstacle !== `needs the setting ${needs}`;
  return [
    sanitiseLine(name),
    style(state.replace("_", " ")),
    sanitiseLine(tools.join(", ")),
    needs ?? "–",
    success ? clock(success) : "–",
    sanitiseLine(isForAnother ? obstacle : last),
  ];
}
