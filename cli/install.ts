import { AppError } from "../src/core/errors.ts";
import { shellWord } from "../src/core/shell-word.ts";
import { suggestion } from "../src/core/suggestion.ts";
import { readUserFolders, serviceEnvironment } from "../src/settings.ts";
import type { Cli } from "./cli.ts";
import { ask } from "./confirm.ts";
import { changedMeanwhile, differenceOf, type ServerEntry, snippetOf, withServer } from "./install-edit.ts";
import { readTarget, writeTarget } from "./install-file.ts";
import { installTargets } from "./install-table.ts";
import { selfCommand } from "./self.ts";

/**
 * Writes us into a program's own file, after showing what changes. The file as it was is kept beside it.
 * @throws AppError not_found, conflict, confirmation_required, declined
 */
export async function install(cli: Cli, client: string, options: { print?: true; yes?: true }): Promise<void> {
  const target = Object.hasOwn(installTargets, client) ? installTargets[client] : undefined;
  const names = Object.keys(installTargets);
  if (!target && !options.print) {
    throw new AppError("not_found", `The program ${client} is not known here`, {
      hint: `${suggestion(client, names)}One of: ${names.join(", ")}; for any other use --print`,
    });
  }
  const entry = entryOf(cli);
  if (options.print || !target) {
    const snippet = snippetOf(target ?? { ...anyOther, name: client }, entry);
    cli.out.data({ success: true, data: { client, snippet, ...entry }, metadata: {} }, () => snippet);
    return;
  }
  const named = target.file(readUserFolders());
  const { file, text: before, mode } = readTarget(named);
  const after = withServer(before ?? "", target, entry);
  if (after === before) {
    const data = { client, path: named, changed: false };
    return cli.out.data({ success: true, data, metadata: {} }, () => `${target.name} has it already (${named}).`);
  }
  cli.out.tell(`${named}:\n${differenceOf(before ?? "", after)}`);
  if (cli.global.server)
    cli.out.tell(`It has no token in it: mcqueen connect ${shellWord(cli.global.server)} keeps one.`);
  if (!options.yes) {
    if (!cli.out.interactive)
      throw new AppError("confirmation_required", "Nothing was written yet", { hint: "Add --yes, or use --print." });
    if (!(await ask(`Write this for ${target.name}?`))) throw new AppError("declined", "Nothing was written");
  }
  // These programs write their files too, and a person takes their time.
  if (readTarget(named).text !== before) throw changedMeanwhile(named);
  const backup = writeTarget(file, after, mode);
  const data = { client, path: named, changed: true, backup: backup ?? null };
  cli.out.data(
    { success: true, data, metadata: {} },
    (paint) =>
      `${paint.green("✓")} ${target.name} can use mcqueen. ${target.after}${backup ? `\nThe file as it was: ${backup}` : ""}`,
  );
}

const anyOther = { file: () => "", form: "json", key: "mcpServers", after: "" } as const;

function entryOf(cli: Cli): ServerEntry {
  const [command = "", ...self] = selfCommand();
  const { sandbox, readOnly, server } = cli.global;
  const flags = [...(sandbox ? ["--sandbox"] : []), ...(readOnly ? ["--read-only"] : [])];
  const { kept } = serviceEnvironment();
  const { MCQUEEN_HOME } = kept;
  const env = MCQUEEN_HOME ? { MCQUEEN_HOME } : kept;
  return {
    command,
    args: [...self, ...flags, "mcp", ...(server ? ["--server", server] : [])],
    ...(Object.keys(env).length > 0 ? { env } : {}),
  };
}
