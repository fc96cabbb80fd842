import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Option } from "commander";
import { AppError, codes } from "../../src/core/errors.ts";
import { startDaemon, stopDaemon, untilServing } from "../../src/daemon/control.ts";
import { isServed } from "../../src/daemon/lock.ts";
import { type DaemonRecord, readRecord } from "../../src/daemon/record.ts";
import { alreadyRunning } from "../../src/daemon/serve.ts";
import { installedService, installService, order, uninstallService } from "../../src/daemon/service.ts";
import type { Settings } from "../../src/settings.ts";
import { isSettingName, settingsTable } from "../../src/settings-table.ts";
import { version } from "../../src/version.ts";
import type { Cli } from "../cli.ts";
import { describe, describeStatus, isWell, readFacts } from "../daemon-facts.ts";
import { Exit } from "../exit.ts";
import { showProgress } from "../progress.ts";
import { sanitise } from "../sanitise.ts";
import { selfCommand } from "../self.ts";
import { followFile, readable, tailFile } from "../tail.ts";
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
  addListenOptions(verb("install", "let the operating system start it and keep it running")).action(
    (options: ServeOptions) => install(cli(), options),
  );
  verb("uninstall", "take it from the operating system again").action(() => uninstall(cli()));
  verb("logs", "what it logged; with --json its lines as they are")
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

const optionWords = (options: ServeOptions): string[] =>
  [
    ["--port", options.port],
    ["--host", options.host],
    ["--env-file", options.envFile && resolve(options.envFile)],
  ]
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .flat();

/** What makes a daemon another one than the system would start. */
const ownWords = (cli: Cli, options: ServeOptions): string[] => [
  ...optionWords(options),
  ...(cli.global.readOnly || options.readOnly ? ["--read-only"] : []),
];

/** What runs now, and what keeps it running where something does. */
type Launched = DaemonRecord & { service?: string };

/**
 * Starts the daemon again as it was started, so that it takes over what has changed in its settings.
 * Gives undefined when none ran.
 */
export async function restartRunning(cli: Cli): Promise<Launched | undefined> {
  const stopped = await stopDaemon(cli.home());
  return stopped && relaunch(cli, stopped, {});
}

const relaunch = (cli: Cli, stopped: DaemonRecord | undefined, options: ServeOptions): Promise<Launched> =>
  launch(cli, installedService(cli.home()) && !stopped?.read_only ? options : { ...placeOf(stopped), ...options });

async function launch(cli: Cli, options: ServeOptions): Promise<Launched> {
  const home = cli.home();
  if (isServed(home)) throw alreadyRunning(readRecord(home));
  const service = installedService(home);
  const bySystem = service && ownWords(cli, options).length === 0;
  const progress = showProgress(cli.out, bySystem ? "Starting the service…" : "Starting the daemon…");
  try {
    if (bySystem) {
      // What is installed is started by the system, so that it is also looked after.
      await order(service.start);
      return { ...(await untilServing(home)), service: service.name };
    }
    const words = [...selfCommand(), ...(cli.global.sandbox ? ["--sandbox"] : []), "serve", ...ownWords(cli, options)];
    return await startDaemon(home, words);
  } finally {
    progress.end();
  }
}

async function start(cli: Cli, options: ServeOptions): Promise<void> {
  show(cli, await launch(cli, options));
}

async function restart(cli: Cli, options: ServeOptions): Promise<void> {
  await requireStartable(cli, options);
  const stopped = await stopDaemon(cli.home());
  show(cli, await relaunch(cli, stopped, options).catch((error) => goBack(cli, stopped, options, error)));
}

/** What can be known beforehand is refused while the daemon still runs. @throws AppError as `serve` would */
async function requireStartable(cli: Cli, options: ServeOptions): Promise<void> {
  const home = cli.home();
  const isManaged = installedService(home) !== undefined;
  // The system starts it in an environment that is not this shell's.
  if (isManaged && optionWords(options).length === 0) return;
  const running = isServed(home) ? readRecord(home) : undefined;
  const before = isManaged ? {} : placeOf(running);
  const { host, port, envFile } = { ...before, ...options };
  const settings = await cli.settings({
    flags: { ...(port ? { PORT: port } : {}), ...(host ? { HOST: host } : {}) },
    ...(envFile ? { envFile } : {}),
  });
  const { requireListenable } = await import("../../src/daemon/main-listener.ts");
  await requireListenable(settings, running && { hostname: running.host, port: portOf(running) });
}

/** Starts the daemon again as it was, where what was asked of it keeps it from starting. @throws AppError always */
async function goBack(
  cli: Cli,
  stopped: DaemonRecord | undefined,
  options: ServeOptions,
  error: unknown,
): Promise<never> {
  if (!stopped || optionWords(options).length === 0 || !(error instanceof AppError)) throw error;
  const { code, message, hint, metadata } = error;
  const told = (more: string): AppError =>
    new AppError(code, message, { hint: [hint, more].filter(Boolean).join("\n"), metadata, cause: error });
  const again = await relaunch(cli, stopped, {}).catch((another: unknown) => {
    throw another instanceof AppError ? told(`Nor did it start again as it was: ${another.message}`) : another;
  });
  throw told(`It runs again as it was, at ${again.url} (pid ${again.pid}).`);
}

const show = (cli: Cli, launched: Launched): void =>
  cli.out.data(
    { success: true, data: launched, metadata: {} },
    (paint) => `${paint.green("✓")} ${describe(launched)}${launched.service ? `, by ${launched.service}` : ""}`,
  );

async function install(cli: Cli, options: ServeOptions): Promise<void> {
  if (cli.global.sandbox) throw new AppError("usage", "The sandbox is for looking around; leave --sandbox out");
  const home = cli.home();
  const settings = await cli.settings(options.envFile === undefined ? {} : { envFile: options.envFile });
  let stopped: DaemonRecord | undefined;
  const service = await installService(home, [...selfCommand(), "serve", ...optionWords(options)], async () => {
    stopped = await stopDaemon(home);
  }).catch(async (error: unknown) => {
    if (stopped) await relaunch(cli, stopped, {});
    throw error;
  });
  const record = await untilServing(home);
  cli.out.data(
    { success: true, data: { ...record, service: service.name, file: service.path }, metadata: {} },
    (paint) => `${paint.green("✓")} Installed ${service.path}\n${describe(record)}, by ${service.name}`,
  );
  const left = leftBehind(settings, options);
  if (left.length > 0) {
    cli.out.note(
      `${left.join(", ")} came from this shell's environment, which the service does not see. To keep it: mcqueen settings set, then mcqueen daemon restart`,
    );
  }
  if (service.name === "systemd")
    cli.out.note("It starts when you log in. To have it from the computer's start: loginctl enable-linger");
}

/** Settings that this shell gives and the service will not have; those of the command line itself are none. */
const leftBehind = (settings: Settings, { port, host }: ServeOptions): string[] =>
  Object.keys(settingsTable).filter(
    (name) =>
      isSettingName(name) &&
      settings.sourceOf(name) === "environment" &&
      !/^(MCQUEEN_|LOG_FILE$)/.test(name) &&
      !(name === "PORT" && port !== undefined) &&
      !(name === "HOST" && host !== undefined),
  );

async function uninstall(cli: Cli): Promise<void> {
  const removed = await uninstallService(cli.home());
  if (removed?.refusal) {
    // Nobody else ends it then.
    await stopDaemon(cli.home());
    cli.out.note(`${removed.refusal.message}; so the daemon was stopped and the files were removed without it.`);
  }
  const path = removed?.manager.path ?? null;
  cli.out.data({ success: true, data: { removed: path }, metadata: {} }, () =>
    path ? `Stopped, and removed ${path}.` : "No service of this home is installed.",
  );
}

async function stop(cli: Cli): Promise<void> {
  const record = await stopDaemon(cli.home());
  cli.out.data({ success: true, data: { stopped: record !== undefined }, metadata: {} }, () =>
    record ? `Stopped (pid ${record.pid}).` : "No daemon was running.",
  );
}

async function status(cli: Cli): Promise<void> {
  const facts = await readFacts(cli);
  cli.out.data({ success: true, data: facts, metadata: {} }, (paint, here) => describeStatus(facts, paint, here));
  if (facts.version !== undefined && facts.version !== version)
    cli.out.note(`It runs version ${facts.version}, and this is ${version}. Run: mcqueen daemon restart`);
  if (!facts.running) throw new Exit(codes.not_found.exit);
  if (!isWell(facts)) throw new Exit(codes.unavailable.exit);
}

async function logs(cli: Cli, options: { lines: string; follow?: true }): Promise<void> {
  const path = logFileOf(await cli.settings());
  if (!/^\d{1,6}$/.test(options.lines))
    throw new AppError("usage", `--lines ${options.lines} must be a whole number`, {
      hint: "Run: mcqueen daemon logs --lines 50",
    });
  if (!existsSync(path))
    throw new AppError("not_found", `There is no log yet at ${path}`, { hint: "Run: mcqueen daemon start" });
  const show = (text: string): void => cli.out.write(cli.out.json ? text : sanitise(readable(text)));
  show(tailFile(path, Number(options.lines)));
  if (options.follow) await followFile(path, show);
}

const portOf = ({ url }: DaemonRecord): number => Number(new URL(url).port || (url.startsWith("https:") ? 443 : 80));

/** How the daemon was started that was just stopped, so that a restart changes nothing of it. */
function placeOf(record: DaemonRecord | undefined): ServeOptions {
  if (!record) return {};
  return {
    host: record.host,
    port: String(portOf(record)),
    ...(record.env_file === undefined ? {} : { envFile: record.env_file }),
    ...(record.read_only ? { readOnly: true } : {}),
  };
}
