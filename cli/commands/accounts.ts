import type { ListedAccount } from "../../src/core/accounts.ts";
import { AppError } from "../../src/core/errors.ts";
import { suggestion } from "../../src/core/suggestion.ts";
import type { Cli } from "../cli.ts";
import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .usage("[list | default <account> | rename <account> <name>]")
    .argument("[operation]", "list, default or rename", "list")
    .argument("[account]", "your name for the account")
    .argument("[name]", "its new name")
    .addHelpText(
      "after",
      "\nExamples:\n  mcqueen accounts\n  mcqueen accounts default work\n  mcqueen accounts rename ada@example.com private",
    )
    .action((operation: string, account: string | undefined, name: string | undefined) => {
      if (operation === "list") return list(cli());
      if (operation === "default") return change(cli(), required(account, "Which account?"), { default: true });
      if (operation === "rename") {
        return change(cli(), required(account, "Which account?"), { account: required(name, "What is its new name?") });
      }
      throw new AppError("usage", `Unknown operation ${operation}`, {
        hint: `${suggestion(operation, ["list", "default", "rename"])}Run: mcqueen accounts --help`,
      });
    });
};

function required(value: string | undefined, question: string): string {
  if (value !== undefined) return value;
  throw new AppError("usage", question, { hint: "Run: mcqueen accounts --help" });
}

async function list(cli: Cli): Promise<void> {
  const accounts = await (await cli.backend()).accounts.list();
  cli.out.data({ success: true, accounts, total: accounts.length, metadata: {} }, (paint, here) =>
    table(accounts.map((account) => row(account, paint, here))),
  );
  if (accounts.length === 0) cli.out.note("No account is linked. Run: mcqueen login google");
  if (accounts.length > 1 && !cli.out.json) cli.out.note("* is used where none is named.");
}

function row(account: ListedAccount, paint: Paint, here: Here): string[] {
  const { label, services, status, expires_at: until } = account;
  const ends = until === null ? "" : `ends ${until.slice(0, 10)}`;
  return [
    paint.bold(sanitiseLine(account.account)) + (account.default ? " *" : ""),
    account.provider,
    sanitiseLine(label === null || label === account.account ? "" : label),
    services.join(", "),
    status === "ok" ? paint.dim(ends) : paint.red(here(`ended: mcqueen login ${account.provider}`)),
  ];
}

async function change(cli: Cli, account: string, body: Record<string, unknown>): Promise<void> {
  const changed = await (await cli.backend()).accounts.change(account, body);
  cli.out.data({ success: true, account: changed, metadata: {} }, () =>
    sanitiseLine(
      body.default === true
        ? `${changed.account} (${changed.provider}) is the default now.`
        : `${account} is called ${changed.account} now.`,
    ),
  );
}
