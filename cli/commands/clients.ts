import { Option } from "commander";
import type { ListedClient, ListedClientRequest } from "../../src/core/client.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Cli } from "../cli.ts";
import { askNumber } from "../confirm.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import { outline, table } from "../table.ts";
import type { Define } from "../verbs.ts";

interface LimitOptions {
  tool?: string[];
  allTools?: true;
  readOnly?: true;
  write?: true;
}

const onlyTool = () =>
  new Option("--tool <id>", "only this tool (repeat for more)").argParser((value: string, before: string[] = []) => [
    ...before,
    value,
  ]);

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("the programs that you let in")
    .action(() => list(cli()));
  command
    .command("allow")
    .description("let in the program whose page shows this number. Wants a terminal, where you repeat a number")
    .argument("<number>")
    .addOption(onlyTool())
    .option("--read-only", "refuse whatever it would write")
    .action((number: string, options: LimitOptions) => allow(cli(), number, options));
  command
    .command("deny")
    .description("turn it away")
    .argument("<number>")
    .action(async (number: string) => {
      const { out, backend } = cli();
      await (await backend()).clients.deny(number);
      out.data({ success: true, data: { denied: number }, metadata: {} }, () => "Turned away.");
    });
  command
    .command("set")
    .description("change what a program may reach")
    .argument("<client>", "its id or its name")
    .addOption(onlyTool())
    .option("--all-tools", "every tool")
    .option("--read-only", "refuse whatever it would write")
    .option("--write", "let writes wait for you again")
    .action((named: string, options: LimitOptions) => change(cli(), named, options));
  command
    .command("revoke")
    .description("end a program's login now")
    .argument("<client>", "its id or its name")
    .action((named: string) => revoke(cli(), named));
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen clients allow 1234-5678 --tool get_weather\n  mcqueen clients revoke mcl_0123456789ab",
  );
};

async function list(cli: Cli): Promise<void> {
  const clients = await (await cli.backend()).clients.list();
  cli.out.data({ success: true, clients, total: clients.length, metadata: {} }, () =>
    clients.length === 0
      ? "No program logs in by itself. One that tries opens a page with a number."
      : table([["id", "name", "comes back to", "tools", "may write", "last used"], ...clients.map(rowOf)]),
  );
}

const rowOf = (client: ListedClient): string[] =>
  [
    client.id,
    client.name,
    client.redirect_host,
    client.tools?.join(", ") ?? "all",
    client.read_only ? "no" : "when you approve",
    client.last_used_at?.slice(0, 10) ?? "never",
  ].map(sanitiseLine);

const limitsOf = ({ tool, allTools, readOnly, write }: LimitOptions): Record<string, unknown> => {
  if ((tool && allTools) || (readOnly && write))
    throw new AppError("usage", "These two do not go together", { hint: "Run: mcqueen clients set --help" });
  return {
    ...(tool ? { tools: tool } : allTools ? { tools: null } : {}),
    ...(readOnly ? { read_only: true } : write ? { read_only: false } : {}),
  };
};

const describe = (request: ListedClientRequest, { tool, readOnly }: LimitOptions): string =>
  sanitise(
    outline({
      program: `${request.name} (so it says)`,
      number: request.number,
      comes_back_to: request.redirect_host,
      client_id: request.client_id,
      tools: tool?.join(", ") ?? "all",
      writes: readOnly ? "refused" : "wait for you, unless your settings say otherwise",
    }),
  );

async function allow(cli: Cli, number: string, options: LimitOptions): Promise<void> {
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Letting a program in wants a person at a terminal", {
      hint: "Type it in a terminal of your own.",
    });
  }
  const { clients } = await cli.backend();
  const request = await clients.request(number);
  await askNumber(`${describe(request, options)}\nLet it in only if you see this number on its page just now.\n`);
  await clients.allow(number, limitsOf(options));
  cli.out.data(
    { success: true, request, metadata: {} },
    (paint) => `${paint.green("✓")} ${sanitiseLine(request.name)} is let in. Its page goes on by itself.`,
  );
}

async function find(cli: Cli, named: string): Promise<ListedClient> {
  const known = await (await cli.backend()).clients.list();
  const found = known.filter(({ id, name }) => id === named || name === named);
  if (found.length === 1 && found[0]) return found[0];
  throw found.length === 0
    ? new AppError("not_found", `There is no program ${named}`, { hint: "Run: mcqueen clients list" })
    : new AppError("conflict", `Several programs are called ${named}; take an id`, {
        hint: "Run: mcqueen clients list",
      });
}

async function change(cli: Cli, named: string, options: LimitOptions): Promise<void> {
  const limits = limitsOf(options);
  if (Object.keys(limits).length === 0)
    throw new AppError("usage", "Nothing to change", { hint: "Run: mcqueen clients set --help" });
  const { id } = await find(cli, named);
  const client = await (await cli.backend()).clients.change(id, limits);
  cli.out.data({ success: true, client, metadata: {} }, () => table([rowOf(client)]));
}

async function revoke(cli: Cli, named: string): Promise<void> {
  const client = await find(cli, named);
  await (await cli.backend()).clients.revoke(client.id);
  cli.out.data(
    { success: true, data: { revoked: client.id }, metadata: {} },
    () => `${sanitiseLine(client.name)} is out.`,
  );
}
