import type { Command } from "commander";
import { AppError } from "../../src/core/errors.ts";
import { ownerId } from "../../src/core/user.ts";
import type { Cli } from "../cli.ts";
import { compileAsUsual } from "../long-lived.ts";
import { writeAll } from "../output.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command.usage("[install <client>]").action(() => serve(cli()));
  addInstall(command, cli);
  command.addHelpText(
    "after",
    "\nWithout a word it speaks the Model Context Protocol on stdin and stdout: programs start it, people seldom do.\n\nExamples:\n  mcqueen mcp install claude\n  mcqueen mcp install vscode --print\n  mcqueen mcp --server https://mcqueen.example",
  );
};

async function serve(cli: Cli): Promise<void> {
  compileAsUsual();
  if (cli.out.interactive) cli.out.note("Waiting for a program to speak the Model Context Protocol. Stop with Ctrl-C.");
  const remote = await cli.remote();
  if (remote) {
    if (!remote.token) {
      throw new AppError("unauthenticated", `No token for ${remote.server}`, {
        hint: "Set MCQUEEN_TOKEN, or run: mcqueen connect",
      });
    }
    const [{ bridge }, { baseOf }] = await Promise.all([import("../../src/mcp/bridge.ts"), import("../remote.ts")]);
    return bridge({
      url: new URL("mcp", baseOf(remote.server)).href,
      token: remote.token,
      input: process.stdin,
      write: (line) => writeAll(1, line),
      onError: (error) => cli.out.note(error instanceof Error ? error.message : String(error)),
    });
  }
  const [{ serveOnStdio }, app] = await Promise.all([import("../../src/mcp/stdio.ts"), cli.app()]);
  await serveOnStdio(app, ownerId);
}

function addInstall(command: Command, cli: () => Cli): void {
  command
    .command("install")
    .description("let a program of yours use mcqueen")
    .argument("<client>", "claude, claude-desktop, cursor, vscode, codex, windsurf or gemini")
    .option("--print", "only show what would stand in its file")
    .option("-y, --yes", "write without asking")
    .action(async (client: string, options: { print?: true; yes?: true }) => {
      const { install } = await import("../install.ts");
      await install(cli(), client, options);
    });
}
