import { resolve } from "node:path";
import { holdDaemonAway, openBackup, type Put, replacedPath, type Staged } from "../../src/backup.ts";
import { AppError } from "../../src/core/errors.ts";
import type { KeyBackend } from "../../src/core/vault.ts";
import { readRecord } from "../../src/daemon/record.ts";
import type { Cli } from "../cli.ts";
import { ask } from "../confirm.ts";
import { localCaller } from "../local.ts";
import { sanitiseLine } from "../sanitise.ts";
import { sizeText } from "../size.ts";
import type { Define } from "../verbs.ts";
import { placeOfKey } from "./backup.ts";

export const define: Define = (command, cli) => {
  command
    .argument("<file>", "a backup: mcqueen backup list")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      "\nThe database that it replaces is kept beside it. Sessions end, and logging in makes them anew.\n\nExample:\n  mcqueen daemon stop && mcqueen restore ~/backup-20261125T040000Z.db",
    )
    .action((file: string, options: { yes?: true }) => restore(cli(), resolve(file), options.yes ?? false));
};

async function restore(cli: Cli, file: string, yes: boolean): Promise<void> {
  const home = cli.home();
  const lock = holdDaemonAway(home);
  if (!lock) {
    const record = readRecord(home);
    throw new AppError("conflict", `A daemon serves this database${record ? ` (pid ${record.pid})` : ""}`, {
      hint: "Run: mcqueen daemon stop",
    });
  }
  const now = new Date();
  let staged: Staged | undefined;
  try {
    staged = openBackup(home, file, now);
    await requireYes(cli, file, staged, yes);
    const put = staged.put(replacedPath(home, now));
    await tell(cli, file, staged, put);
  } finally {
    staged?.discard();
    lock.release();
  }
}

async function requireYes(cli: Cli, file: string, { facts }: Staged, yes: boolean): Promise<void> {
  if (yes) return;
  const { users = 0, audit = 0 } = facts.rows;
  const about = `${users} user${users === 1 ? "" : "s"}, ${audit} line${audit === 1 ? "" : "s"} of history, ${sizeText(facts.bytes)}`;
  const question = `Replace the database of ${cli.home().data} by ${file} (${about})?`;
  if (!cli.out.interactive) throw new AppError("confirmation_required", question, { hint: "Add --yes." });
  if (!(await ask(question))) throw new AppError("declined", "Not confirmed, so nothing was done");
}

/** The database is in its place by now: what does not work with it is told, and is no failure of the restore. */
async function tell(cli: Cli, file: string, { facts, from }: Staged, put: Put): Promise<void> {
  const { replaced, keepsUsedLogins } = put;
  const app = await cli.app();
  const caller = localCaller(cli.out.interactive);
  await app.audit.append({
    userId: caller.userId,
    kind: "restore",
    at: app.now(),
    entrance: caller.entrance,
    credentialId: caller.credentialId,
    code: "ok",
    detail: `restored ${file}`,
  });
  const { readable, unreadable } = await app.vault.check();
  cli.out.data(
    {
      success: true,
      data: {
        from: file,
        schema_before: from,
        schema: facts.version,
        rows: Object.values(facts.rows).reduce((sum, count) => sum + count, 0),
        replaced: replaced ?? null,
        secrets: { readable, unreadable: unreadable.length },
      },
      metadata: {},
    },
    (paint) =>
      [
        `${paint.green("✓")} Restored ${sanitiseLine(file)}${from < facts.version ? `, brought from schema ${from} to ${facts.version}` : ""}.`,
        ...(replaced ? [`The database that it replaced: ${replaced}`] : []),
      ].join("\n"),
  );
  if (unreadable.length > 0 && facts.key) {
    const key = { ...facts.key, backend: facts.key.backend satisfies KeyBackend };
    cli.out.tell(
      `${unreadable.length} secrets do not open: they need ${placeOfKey(cli.home(), key)}. Then run: mcqueen vault status`,
    );
  }
  if (!keepsUsedLogins)
    cli.out.tell("What was there could not be read: a login token that was used in the last day may open once more.");
  cli.out.note(
    "Sessions were ended. What was revoked after the backup works again: look at mcqueen tokens list, mcqueen devices list, mcqueen clients list.",
  );
}
