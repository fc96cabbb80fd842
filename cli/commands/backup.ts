import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { backupsOf, type CopyFacts, makeBackup, makeDailyBackup } from "../../src/backup.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Home } from "../../src/home.ts";
import type { Cli } from "../cli.ts";
import { sanitiseLine } from "../sanitise.ts";
import { sizeText } from "../size.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .argument("[file]", "where to; data/backups unless told")
    .option("--daily", "the one of today, if none was made yet and seven kept, as the daemon makes it")
    .action((file: string | undefined, options: { daily?: true }) =>
      options.daily ? makeDaily(cli(), file) : make(cli(), file),
    );
  command
    .command("list")
    .description("the backups that there are")
    .action(() => list(cli()));
  command.addHelpText(
    "after",
    "\nNothing has to be stopped for it, and the vault's key is not in it.\n\nExamples:\n  mcqueen backup\n  mcqueen backup /media/stick/mcqueen.db",
  );
};

/** Where the key lies that a vault needs and no backup holds. */
export function placeOfKey(home: Home, { id, backend }: NonNullable<CopyFacts["key"]>): string {
  if (backend === "environment") return `the value of ENCRYPTION_KEY (its id is ${id})`;
  if (backend === "keychain") return `the entry vault-${id} of this computer's keychain`;
  return `the file ${home.keys}/vault-${id}.key`;
}

async function make(cli: Cli, file: string | undefined): Promise<void> {
  // A verb with a slip in it must not become a file where the person happens to be.
  if (file !== undefined && /^[a-z]+$/.test(file))
    throw new AppError("usage", `There is no mcqueen backup ${file}`, {
      hint: `For a file of that name: mcqueen backup ./${file}\nRun: mcqueen backup --help`,
    });
  const home = cli.home();
  const { path, version, bytes, rows, key } = makeBackup(
    home,
    new Date(),
    file === undefined ? undefined : resolve(file),
  );
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const place = key && placeOfKey(home, key);
  cli.out.data(
    {
      success: true,
      data: { path, bytes, schema: version, rows: total, tables: rows, key: key ? { ...key, place } : null },
      metadata: {},
    },
    (paint) =>
      `${paint.green("✓")} ${sanitiseLine(path)} (${sizeText(bytes)}, ${total} rows in ${Object.keys(rows).length} tables, all read again)`,
  );
  const needed = [
    ...(place ? [`${place}, without which its secrets do not open`] : []),
    ...(existsSync(home.configFile) ? [`${home.configFile}, your settings`] : []),
  ];
  if (needed.length > 0) cli.out.note(`Not in it, and wanted on another computer: ${needed.join("; ")}.`);
}

async function makeDaily(cli: Cli, file: string | undefined): Promise<void> {
  if (file !== undefined)
    throw new AppError("usage", "--daily goes with no file; those lie in data/backups", {
      hint: "Run: mcqueen backup --help",
    });
  const path = makeDailyBackup(cli.home(), new Date());
  cli.out.data({ success: true, data: { path: path ?? null }, metadata: {} }, () => path ?? "None is due.");
}

async function list(cli: Cli): Promise<void> {
  const backups = backupsOf(cli.home());
  const listed = backups.map(({ path, kind, madeAt, bytes }) => ({ path, kind, made_at: madeAt.toISOString(), bytes }));
  cli.out.data({ success: true, backups: listed, total: listed.length, metadata: {} }, (paint) =>
    backups.length === 0
      ? "No backup yet. The daemon makes one a day. Run: mcqueen backup"
      : table(
          backups.map(({ path, kind, madeAt, bytes }) => [
            paint.bold(`${madeAt.toISOString().slice(0, 16).replace("T", " ")} UTC`),
            kind === "daily" ? "daily" : "by hand",
            sizeText(bytes),
            sanitiseLine(path),
          ]),
        ),
  );
}
