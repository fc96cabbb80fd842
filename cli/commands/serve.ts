import { closeSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createApp } from "../../src/app.ts";
import { requireSound } from "../../src/backup.ts";
import { understand } from "../../src/core/outcome.ts";
import type { ReadyMessage } from "../../src/daemon/control.ts";
import { type RunningDaemon, startServing } from "../../src/daemon/serve.ts";
import { createLogger, type Level } from "../../src/log.ts";
import { levelOf, type Settings } from "../../src/settings.ts";
import type { Cli } from "../cli.ts";
import { compileAsUsual } from "../long-lived.ts";
import { selfCommand } from "../self.ts";
import type { Define } from "../verbs.ts";

export interface ServeOptions {
  port?: string;
  host?: string;
  envFile?: string;
  readyFd?: string;
  /** Of a daemon that is started again as it was. */
  readOnly?: true;
}

export const define: Define = (command, cli) => {
  addListenOptions(command)
    .option("--ready-fd <number>", "write {ready} or {failed} to this descriptor")
    .addHelpText("after", "\nExamples:\n  mcqueen serve\n  mcqueen serve --port 3002 --env-file .env")
    .action((options: ServeOptions) => serve(cli(), options));
};

export const addListenOptions = (command: Command): Command =>
  command
    .option("--port <number>", "port to listen on (setting PORT)")
    .option("--host <address>", "loopback address to bind to (setting HOST)")
    .option("--env-file <path>", "read settings from this file too");

async function serve(cli: Cli, options: ServeOptions): Promise<void> {
  const fd = options.readyFd === undefined ? undefined : Number(options.readyFd);
  let daemon: RunningDaemon;
  try {
    const settings = await cli.settings({
      flags: { ...(options.port ? { PORT: options.port } : {}), ...(options.host ? { HOST: options.host } : {}) },
      ...(options.envFile ? { envFile: options.envFile } : {}),
    });
    const log = await createLogger({
      level: levelOf(settings.text("LOG_LEVEL") ?? "info") as Level,
      format: settings.text("LOG_FORMAT") === "json" ? "json" : "pretty",
      secrets: settings.secrets,
      gathers: true,
      ...(fd === undefined && !settings.text("LOG_FILE") ? {} : { file: logFileOf(settings) }),
    });
    requireSound(settings.home);
    const app = await createApp({ settings, log });
    try {
      daemon = await startServing(app, settings.sandbox ? undefined : [...selfCommand(), "backup", "--daily"]);
    } catch (error) {
      await app.close();
      throw error;
    }
  } catch (thrown) {
    if (fd !== undefined) tell(fd, failed(thrown));
    throw thrown;
  }
  if (fd !== undefined) tell(fd, { ready: daemon.record });
  else cli.out.note(`mcqueen serves at ${daemon.record.url} (pid ${daemon.record.pid}). Stop it with Ctrl-C.`);
  compileAsUsual();
  await daemon.stopped;
}

/** Where the daemon writes its log when nobody watches it. */
export const logFileOf = (settings: Settings): string =>
  settings.text("LOG_FILE") ?? join(settings.home.logs, "daemon.log");

function failed(thrown: unknown): ReadyMessage {
  const { code, message, hint } = understand(thrown, () => undefined);
  return { failed: { code, message, ...(hint ? { hint } : {}) } };
}

function tell(fd: number, message: ReadyMessage): void {
  writeSync(fd, JSON.stringify(message));
  closeSync(fd);
}
