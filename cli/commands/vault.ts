import { Option } from "commander";
import { AppError } from "../../src/core/errors.ts";
import type { KeyBackend, VaultKeyState } from "../../src/core/vault.ts";
import type { Cli } from "../cli.ts";
import { ask } from "../confirm.ts";
import { Exit } from "../exit.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .command("status")
    .description("where the key lies, and whether every secret opens")
    .action(() => status(cli()));
  command
    .command("rotate")
    .description("make a new master key, and wrap every secret with it")
    .addOption(
      new Option("--to <place>", "where the new key shall lie; the present place unless told").choices([
        "environment",
        "keychain",
        "file",
      ]),
    )
    .action((options: { to?: KeyBackend }) => rotate(cli(), options.to));
  command
    .command("reset")
    .description("for a master key that is lost: forget what does not open, and begin anew")
    .option("--yes", "do not ask")
    .action((options: { yes?: true }) => reset(cli(), options.yes ?? false));
  command.addHelpText("after", "\nExamples:\n  mcqueen vault status\n  mcqueen vault rotate --to keychain");
};

const places: Record<KeyBackend, string> = {
  environment: "the setting ENCRYPTION_KEY",
  keychain: "the system's keychain",
  file: "a file in the keys folder",
};

const listKey = ({ id, backend, current, createdAt, secrets }: VaultKeyState) => ({
  id,
  place: backend,
  current,
  created_at: createdAt.toISOString(),
  secrets,
});

async function status(cli: Cli): Promise<void> {
  const { vault, settings } = await cli.app();
  const [keys, check] = [await vault.keys(), await vault.check()];
  const current = keys.find((key) => key.current);
  const isIgnored = settings.text("ENCRYPTION_KEY") !== undefined && current && current.backend !== "environment";
  cli.out.data(
    {
      success: check.unreadable.length === 0,
      data: {
        keys: keys.map(listKey),
        readable: check.readable,
        unreadable: check.unreadable.map(({ userId, ...rest }) => ({ user_id: userId ?? null, ...rest })),
      },
      metadata: {},
    },
    (paint) =>
      keys.length === 0
        ? "The vault is empty. Its key is made with the first secret."
        : [
            table(
              keys.map(({ id, backend, current: isCurrent, createdAt, secrets }) => [
                paint.bold(id),
                places[backend],
                isCurrent ? "in use" : "old",
                `since ${createdAt.toISOString().slice(0, 10)}`,
                `${secrets} secrets`,
              ]),
            ),
            `${check.readable} secrets open${check.unreadable.length > 0 ? `, ${check.unreadable.length} do not:` : "."}`,
            ...check.unreadable.map(({ service, account, why }) => sanitiseLine(`  ${service} ${account}: ${why}`)),
          ].join("\n"),
  );
  if (isIgnored) cli.out.note("ENCRYPTION_KEY is set and not in use. Run: mcqueen vault rotate --to environment");
  if (keys.length > 1) cli.out.note("A rotation has not ended. Run: mcqueen vault rotate");
  if (check.unreadable.length > 0) {
    cli.out.tell("Put the key back where it was. If it is lost, forget what does not open: mcqueen vault reset");
    throw new Exit(1);
  }
}

async function rotate(cli: Cli, to: KeyBackend | undefined): Promise<void> {
  const { key, rewrapped, left, forgotten } = await (await cli.app()).vault.rotate(to);
  cli.out.data(
    { success: left === 0, data: { key: listKey(key), rewrapped, left, forgotten }, metadata: {} },
    () => `${rewrapped} secrets lie under the key ${key.id} now, in ${places[key.backend]}.`,
  );
  if (left === 0) return;
  cli.out.note(`${left} secrets did not open and stay under the old key. Run: mcqueen doctor`);
  throw new Exit(1);
}

async function reset(cli: Cli, yes: boolean): Promise<void> {
  const { vault } = await cli.app();
  const { unreadable } = await vault.check();
  const question = `Forget ${unreadable.length} secrets that do not open? If their key is only locked away, unlock it instead.`;
  if (unreadable.length > 0 && !yes) {
    if (!cli.out.interactive) throw new AppError("confirmation_required", question, { hint: "Add --yes." });
    if (!(await ask(question))) throw new AppError("declined", "Not confirmed, so nothing was done");
  }
  const { forgotten, key } = await vault.reset();
  cli.out.data({ success: true, data: { forgotten, key: key ? listKey(key) : null }, metadata: {} }, (_, here) =>
    here(`${forgotten} secrets forgotten. What they opened wants a login again: mcqueen doctor`),
  );
}
