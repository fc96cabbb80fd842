import { Option } from "commander";
import { AppError } from "../../src/core/errors.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import type { Cli } from "../cli.ts";
import { ask } from "../confirm.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

const roleOption = () => new Option("--role <role>", "admin or member").choices(["admin", "member"]);

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("everyone who may log in")
    .action(() => list(cli()));
  command
    .command("add")
    .description("add a user")
    .argument("<id>", "a name, a mail address, auth0|…: kept as given")
    .addOption(roleOption())
    .action(async (id: string, { role }: { role?: string }) => {
      const { out, backend } = cli();
      const user = await (await backend()).people.addUser({ id, ...(role ? { role } : {}) });
      out.data({ success: true, user, metadata: {} }, (_, here) =>
        here(
          `Added ${sanitiseLine(user.id)} (${user.role}). Next: mcqueen users token ${shellWord(sanitiseLine(user.id))}`,
        ),
      );
    });
  command
    .command("role")
    .description("make a user an admin or a member")
    .argument("<id>")
    .argument("<role>", "admin or member")
    .action(async (id: string, role: string) => {
      const { out, backend } = cli();
      const user = await (await backend()).people.changeUser(id, { role });
      out.data({ success: true, user, metadata: {} }, () => `${sanitiseLine(user.id)} is ${user.role} now.`);
    });
  command
    .command("remove")
    .description("remove a user, with all sessions, tokens, configs and usage")
    .argument("<id>")
    .option("--yes", "do not ask")
    .action((id: string, { yes }: { yes?: true }) => remove(cli(), id, yes ?? false));
  command
    .command("token")
    .description("print a login token for a user, good for one login")
    .argument("<id>")
    .option("--minutes <number>", "how long it may wait to be used, 1 to 1440 (60 unless told)")
    .action(async (id: string, { minutes }: { minutes?: string }) => {
      const { out, backend } = cli();
      const token = await (await backend()).people.loginToken(
        id,
        minutes === undefined ? {} : { expires_in_s: secondsOf(minutes) },
      );
      out.data({ success: true, data: { user_id: id, auth_token: token }, metadata: {} }, () => token);
    });
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen users add ada@example.org\n  mcqueen users token ada@example.org",
  );
};

async function list(cli: Cli): Promise<void> {
  const users = await (await cli.backend()).people.listUsers();
  cli.out.data({ success: true, users, total: users.length, metadata: {} }, () =>
    table(users.map(({ id, role, created_at }) => [sanitiseLine(id), role, `since ${created_at.slice(0, 10)}`])),
  );
}

async function remove(cli: Cli, id: string, yes: boolean): Promise<void> {
  const { people } = await cli.backend();
  if (!yes) {
    if (!cli.out.interactive) {
      throw new AppError("confirmation_required", `Removing ${id} has to be confirmed`, { hint: "Add --yes." });
    }
    if (!(await ask(`Remove the user ${id} with all sessions, tokens, configs and usage?`))) {
      throw new AppError("declined", "Not confirmed, so nothing was done");
    }
  }
  await people.removeUser(id, id);
  cli.out.data({ success: true, data: { removed: id }, metadata: {} }, () => `Removed ${sanitiseLine(id)}.`);
}

function secondsOf(minutes: string): number {
  const value = Number(minutes);
  if (Number.isInteger(value) && value >= 1 && value <= 1440) return value * 60;
  throw new AppError("usage", `--minutes ${minutes} must be a whole number from 1 to 1440`);
}
