import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../src/core/errors.ts";
import { suggestion } from "../src/core/suggestion.ts";
import { readUserFolders } from "../src/settings.ts";
import type { Cli } from "./cli.ts";
import { ask } from "./confirm.ts";
import { differenceOf, type ServerEntry, snippetOf, withServer } from "./install-edit.ts";
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
  const file = existsSync(named) ? realpathSync(named) : named;
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const after = withServer(before, target, entry);
  if (after === before) {
    const data = { client, path: named, changed: false };
    return cli.out.data({ success: true, data, metadata: {} }, () => `${target.name} has it already (${named}).`);
  }
  cli.out.tell(`${named}:\n${differenceOf(before, after)}`);
  if (!options.yes) {
    if (!cli.out.interactive)
      throw new AppError("confirmation_required", "Nothing was written yet", { hint: "Add --yes, or use --print." });
    if (!(await ask(`Write this for ${target.name}?`))) throw new AppError("declined", "Nothing was written");
  }
  const backup = write(file, after);
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
  return { command, args: [...self, ...flags, "mcp", ...(server ? ["--server", server] : [])] };
}

/** Readers see the old file or the new one, and its mode stays. Gives where the old one is kept. */
function write(file: string, text: string): string | undefined {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const mode = existsSync(file) ? statSync(file).mode & 0o777 : 0o600;
  let backup: string | undefined;
  if (existsSync(file)) {
    backup = `${file}.before-mcqueen`;
    // The first one is what the person had; a second run must not replace it.
    for (let n = 2; existsSync(backup); n++) backup = `${file}.before-mcqueen-${n}`;
    copyFileSync(file, backup);
  }
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  // Our umask is stricter than what the file had.
  chmodSync(fresh, mode);
  renameSync(fresh, file);
  return backup;
}
