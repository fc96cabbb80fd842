import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import { AppError, codes } from "../../src/core/errors.ts";
import { readStatus, startDaemon, stopDaemon } from "../../src/daemon/control.ts";
import { isServed } from "../../src/daemon/lock.ts";
import { type DaemonRecord, readRecord } from "../../src/daemon/record.ts";
import { alreadyRunning } from "../../src/daemon/serve.ts";
import type { Cli } from "../cli.ts";
import { Exit } from "../exit.ts";
import { showProgress } from "../progress.ts";
import { selfCommand } from "../self.ts";
import { outline } from "../table.ts";
import { followFile, tailFile } from "../tail.ts";
import type { Define } from "../verbs.ts";
import { addListenOptions, logFileOf, type ServeOptions } from "./serve.ts";

export const define: Define = (command, cli) => {
  const verb = (name: string, about: string) => command.command(name).description(about);
  addListenOptions(verb("start", "start it in the background and wait until it is ready")).action(
    (options: ServeOptions) => start(cli(), options),
  );
  verb("stop", "stop it; requests in flight are finished first").action(() => stop(cli()));
  addListenOptions(verb("restart", "stop it if it runs, and start it")).action((options: ServeOptions) =>
    restart(cli(), options),
  );
  verb("status", "whether it runs, where, and how it is").action(() => status(cli()));
  verb("logs", "what it logged")
    .addOption(new Option("-n, --lines <number>", "how many of the last lines").default("50"))
    .option("-f, --follow", "keep showing what comes")
    .action((options: { lines: string; follow?: true }) => logs(cli(), options));
  verb("token", "print the token that lets a program of yours call it").action(async () => {
    const token = (await cli().app()).localToken();
    cli().out.data({ token }, () => token);
  });
  command.addHelpText(
    "after",
    '\nExamples:\n  mcqueen daemon start\n  curl -H "Authorization: Bearer $(mcqueen daemon token)" http://127.0.0.1:3001/api/v1/mcp/tools',
  );
};

export async function restart(cli: Cli, options: ServeOptions = {}): Promise<void> {
  const stopped = await stopDaemon(cli.home());
  await start(cli, { ...addressOf(stopped), ...options });
}

async function start(cli: Cli, options: ServeOptions): Promise<void> {
  const home = cli.home();
  if (isServed(home)) throw alreadyRunning(readRecord(home));
  const pairs = [
    ["--port", options.port],
    ["--host", options.host],
    ["--env-file", options.envFile && resolve(options.envFile)],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);
  const progress = showProgress(cli.out, "Starting the daemon…");
  try {
    const words = [...selfCommand(), ...(cli.global.sandbox ? ["--sandbox"] : []), "serve", ...pairs.flat()];
    const record = await startDaemon(home, words);
    progress.end();
    cli.out.data({ success: true, data: record, metadata: {} }, (paint) => `${paint.green("✓")} ${describe(record)}`);
  } finally {
    progress.end();
  }
}

async function stop(cli: Cli): Promise<void> {
  const record = await stopDaemon(cli.home());
  cli.out.data({ success: true, data: { stopped: record !== undefined }, metadata: {} }, () =>
    record ? `Stopped (pid ${record.pid}).` : "No daemon was running.",
  );
}

async function status(cli: Cli): Promise<void> {
  const found = await readStatus(cli.home());
  const data = { running: found.running, ...found.record, health: found.health ?? null };
  cli.out.data({ success: true, data, metadata: {} }, () => {
    if (!found.record) return "Not running. Run: mcqueen daemon start";
    return `${describe(found.record)}\n${found.health ? outline(found.health) : "It does not answer. Run: mcqueen daemon logs"}`;
  });
  if (!found.running) throw new Exit(codes.not_found.exit);
}

async function logs(cli: Cli, options: { lines: string; follow?: true }): Promise<void> {
  const path = logFileOf(await cli.settings());
  if (!/^\d{1,6}$/.test(options.lines)) throw new AppError("usage", `--lines ${options.lines} must be a whole number`);
  if (!existsSync(path))
    throw new AppError("not_found", `There is no log yet at ${path}`, { hint: "Run: mcqueen daemon start" });
  cli.out.write(tailFile(path, Number(options.lines)));
  if (options.follow) await followFile(path, cli.out.write);
}

/** Where the daemon listened that was just stopped, so that a restart does not move it. */
function addressOf(record: DaemonRecord | undefined): { host?: string; port?: string } {
  if (!record) return {};
  return { host: record.host, port: new URL(record.url).port || "80" };
}

const describe = (record: DaemonRecord): string =>
  `mcqueen ${record.version} serves at ${record.url} (pid ${record.pid})${record.sandbox ? ", sandbox" : ""}${lanOf(record)}`;

const lanOf = ({ lan }: DaemonRecord): string =>
  lan ? `\nLAN: ${lan.listening ? lan.url : `${lan.why}. ${lan.hint ?? ""}`}` : "";
