import { AppError } from "../../src/core/errors.ts";
import { ownerId } from "../../src/core/user.ts";
import type { Cli } from "../cli.ts";
import { askNumber } from "../confirm.ts";
import { localCaller } from "../local.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

interface RuleOptions {
  tool?: string;
  credential?: string;
}

export const define: Define = (command, cli) => {
  const rule = (name: string, about: string) =>
    command
      .command(name)
      .description(about)
      .argument("<entrance>", "terminal, cli, rest, device, token, mcp or *")
      .argument("<effect>", "read, write, destructive or *")
      .option("--tool <id>", "for this tool only")
      .option("--credential <id>", "for this session, token or device only");
  command.action(() => list(cli()));
  rule("set", "say what happens: allow, ask, approve or deny. Wants a terminal, where you repeat a number")
    .argument("<decision>", "allow, ask, approve or deny")
    .action((entrance: string, effect: string, decision: string, options: RuleOptions) =>
      set(cli(), { entrance, effect, ...options, decision }),
    );
  rule("unset", "go back to what holds otherwise").action((entrance: string, effect: string, options: RuleOptions) =>
    unset(cli(), { entrance, effect, ...options }),
  );
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen policy\n  mcqueen policy set rest write approve\n  mcqueen policy set cli destructive deny --tool notes",
  );
};

async function list(cli: Cli): Promise<void> {
  await requireHere(cli);
  const policy = await (await cli.app()).policy.list(ownerId);
  cli.out.data({ success: true, ...policy, metadata: {} }, (paint) => {
    const rows = policy.defaults.map(({ entrance, read, write, destructive }) => [entrance, read, write, destructive]);
    const own = policy.rules.map((each) => [
      `${each.entrance}.${each.effect}`,
      each.tool,
      each.credential,
      each.decision,
    ]);
    const least = policy.at_least.map((each) => [`${each.entrance}.${each.effect}`, each.decision]);
    return [
      table([["entrance", "read", "write", "destructive"].map(paint.bold), ...rows]),
      own.length > 0
        ? `\nYour rules\n${table([["for", "tool", "credential", "decision"].map(paint.bold), ...own])}`
        : "\nNo rules of your own.",
      ...(least.length > 0 ? [`\nAt least, by the setting POLICY\n${table(least)}`] : []),
    ].join("\n");
  });
}

async function set(cli: Cli, rule: Record<string, string>): Promise<void> {
  await requireHere(cli);
  (await cli.app()).policy.check(rule);
  await requirePerson(
    cli,
    `Set the policy ${rule.entrance}.${rule.effect} to ${rule.decision}${rule.tool ? ` for ${rule.tool}` : ""}.`,
  );
  const kept = await (await cli.app()).policy.set(localCaller(true), rule);
  cli.out.data(
    { success: true, data: kept, metadata: {} },
    () => `${kept.entrance}.${kept.effect} is ${kept.decision} now.`,
  );
}

async function unset(cli: Cli, rule: Record<string, string>): Promise<void> {
  await requirePerson(cli, `Remove the rule for ${rule.entrance}.${rule.effect}.`);
  await (await cli.app()).policy.unset(localCaller(true), rule);
  cli.out.data({ success: true, data: rule, metadata: {} }, () => "Removed.");
}

async function requireHere(cli: Cli): Promise<void> {
  if (await cli.remote()) throw new AppError("usage", "A policy is read and changed on the computer that it guards");
}

/** A program could loosen what guards against it, so only a person at a terminal may. */
async function requirePerson(cli: Cli, what: string): Promise<void> {
  await requireHere(cli);
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Changing the policy wants a person at a terminal", {
      hint: "The setting POLICY can tighten it from a script: POLICY=rest.write=approve",
    });
  }
  await askNumber(`${what}\n`);
}
