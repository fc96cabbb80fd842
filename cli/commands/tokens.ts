import { Option } from "commander";
import { AppError } from "../../src/core/errors.ts";
import type { ListedToken } from "../../src/core/people-listing.ts";
import type { Cli } from "../cli.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

interface CreateOptions {
  tool?: string[];
  writes?: string;
  destructive?: string;
  expires?: string;
}

const choice = (flag: string, about: string) =>
  new Option(`${flag} <choice>`, about).choices(["deny", "approve", "ask", "allow"]);

export const define: Define = (command, cli) => {
  command
    .command("create")
    .description("make a token for a script or an agent; it is shown this once")
    .argument("<name>", "how you will know it again")
    .addOption(new Option("--tool <id>", "only this tool (repeat for more); every tool unless told").argParser(collect))
    .addOption(
      choice(
        "--writes",
        "what happens to a write: deny (unless told), wait for your approval, ask for the confirmations, allow",
      ),
    )
    .addOption(choice("--destructive", "the same for destructive actions"))
    .option("--expires <when>", "a time like 2027-01-31T00:00:00Z, or from now: 30m, 12h, 30d, 4w")
    .action((name: string, options: CreateOptions) => create(cli(), name, options));
  command
    .command("list")
    .description("your tokens")
    .action(() => list(cli()));
  command
    .command("revoke")
    .description("end a token now")
    .argument("<token>", "its id or its name")
    .action((named: string) => revoke(cli(), named));
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen tokens create backup-script --tool get_weather --expires 30d\n  mcqueen tokens revoke backup-script",
  );
};

async function create(cli: Cli, name: string, options: CreateOptions): Promise<void> {
  const { people } = await cli.backend();
  const { secret, token } = await people.createToken({
    name,
    ...(options.tool ? { tools: options.tool } : {}),
    ...(options.writes ? { writes: options.writes } : {}),
    ...(options.destructive ? { destructive: options.destructive } : {}),
    ...(options.expires ? { expires_at: expiryOf(options.expires) } : {}),
  });
  cli.out.data({ success: true, token: secret, data: token, metadata: {} }, () => secret);
  cli.out.note("Keep it now: it is not shown again. Use it as MCQUEEN_TOKEN, or as a bearer.");
}

async function list(cli: Cli): Promise<void> {
  const tokens = await (await cli.backend()).people.listTokens();
  cli.out.data({ success: true, tokens, total: tokens.length, metadata: {} }, (_, here) => {
    if (tokens.length === 0) return here("You have no token. Make one: mcqueen tokens create <name>");
    return table([["id", "name", "tools", "writes", "destructive", "ends", "last used"], ...tokens.map(rowOf)]);
  });
}

const rowOf = (token: ListedToken): string[] =>
  [
    token.id,
    token.name,
    token.tools?.join(", ") ?? "all",
    token.effects.write,
    token.effects.destructive,
    token.expires_at?.slice(0, 10) ?? "never",
    token.last_used_at?.slice(0, 10) ?? "never",
  ].map(sanitiseLine);

async function revoke(cli: Cli, named: string): Promise<void> {
  const { people } = await cli.backend();
  const known = await people.listTokens();
  const token = known.find(({ id, name }) => id === named || name === named);
  if (!token) throw new AppError("not_found", `There is no token ${named}`, { hint: "Run: mcqueen tokens list" });
  await people.revokeToken(token.id);
  cli.out.data(
    { success: true, data: { revoked: token.id }, metadata: {} },
    () => `Revoked ${sanitiseLine(token.name)}.`,
  );
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const unitsMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function expiryOf(when: string): string {
  const [, count, unit = ""] = /^(\d{1,4})([mhdw])$/.exec(when) ?? [];
  if (count !== undefined) return new Date(Date.now() + Number(count) * (unitsMs[unit] ?? 0)).toISOString();
  if (!Number.isNaN(Date.parse(when))) return new Date(when).toISOString();
  throw new AppError("usage", `--expires ${when} is no time`, {
    hint: "Write it like 12h, 30d or 2027-01-31T00:00:00Z",
  });
}
