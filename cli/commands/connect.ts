import { readFileSync } from "node:fs";
import { AppError } from "../../src/core/errors.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import { type Cli, keptToken } from "../cli.ts";
import { askHidden } from "../confirm.ts";
import { connectTo } from "../remote.ts";
import { sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .argument("<url>", "address of the daemon")
    .addHelpText(
      "after",
      "\nThe token comes from stdin, or is asked for.\n\nExample:\n  mcqueen connect https://home.example.org < token.txt",
    )
    .action((url: string) => connect(cli(), url));
};

/** Keeps a daemon elsewhere and its token, after both were tried. */
async function connect(cli: Cli, url: string): Promise<void> {
  if (cli.global.sandbox) throw new AppError("usage", "The sandbox lives on this computer; leave --sandbox out");
  const token = cli.out.interactive ? await askHidden(`Token for ${url}: `) : readFileSync(0, "utf8").trim();
  if (token === "")
    throw new AppError("usage", "No token came from stdin", {
      hint: `Run: mcqueen connect ${shellWord(url)} < token.txt`,
    });
  const { server, user } = await connectTo(url, token);
  const [{ keepSettings }, { home }] = await Promise.all([import("../../src/settings-file.ts"), cli.settings()]);
  // The token comes first, so that an address never stands without one.
  await (await cli.app()).secrets.keep("MCQUEEN_TOKEN", keptToken(server, token));
  keepSettings(home, { MCQUEEN_SERVER: server });
  cli.out.data(
    { success: true, data: { server, user }, metadata: {} },
    () => `Connected to ${server} as ${sanitiseLine(user)}. Back again: mcqueen disconnect`,
  );
}
