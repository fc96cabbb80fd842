import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import { writeSharedFile } from "../files.ts";
import type { Home } from "../home.ts";
import { type ServiceEnvironment, serviceEnvironment } from "../settings.ts";
import { launchdAgent, type ServicePlan, systemdUnit } from "./service-file.ts";

/** How the operating system of this computer keeps a program running for its user. */
export interface ServiceManager {
  name: "systemd" | "launchd";
  /** The file that describes the service. */
  path: string;
  text(plan: ServicePlan): string;
  /** Changes nothing, and fails where the system would not listen. */
  probe: readonly (readonly string[])[];
  load: readonly (readonly string[])[];
  unload: readonly (readonly string[])[];
  /** What installing leaves beside the file, to be removed where the system does not do it. */
  links: readonly string[];
  start: readonly string[];
  stop: readonly string[];
}

const unit = "mcqueen.service";
const label = "dev.mcqueen.daemon";

/** @throws AppError not_configured where there is neither systemd nor launchd */
export function serviceManager(platform: string, facts: ServiceEnvironment): ServiceManager {
  if (platform === "linux") {
    const systemctl = (...words: string[]): string[] => ["systemctl", "--user", ...words];
    return {
      name: "systemd",
      path: join(facts.configHome, "systemd/user", unit),
      text: systemdUnit,
      probe: [systemctl("show-environment")],
      load: [systemctl("daemon-reload"), systemctl("enable", "--now", unit)],
      unload: [systemctl("disable", "--now", unit)],
      links: [join(facts.configHome, "systemd/user/default.target.wants", unit)],
      start: systemctl("start", unit),
      stop: systemctl("stop", unit),
    };
  }
  if (platform === "darwin") {
    const path = join(facts.userHome, "Library/LaunchAgents", `${label}.plist`);
    const domain = `gui/${process.getuid?.() ?? 0}`;
    return {
      name: "launchd",
      path,
      text: (plan) => launchdAgent(plan, label),
      probe: [["launchctl", "print", domain]],
      load: [["launchctl", "bootstrap", domain, path]],
      unload: [["launchctl", "bootout", `${domain}/${label}`]],
      links: [],
      start: ["launchctl", "kickstart", `${domain}/${label}`],
      stop: ["launchctl", "kill", "SIGTERM", `${domain}/${label}`],
    };
  }
  throw new AppError("not_configured", `mcqueen cannot be installed as a service on ${platform}`, {
    hint: "Let the system's own means start: mcqueen serve",
  });
}

/** The service of this home, where one is installed. */
export function installedService(home: Home): ServiceManager | undefined {
  if (process.platform !== "linux" && process.platform !== "darwin") return undefined;
  const manager = serviceManager(process.platform, serviceEnvironment());
  if (!existsSync(manager.path)) return undefined;
  // A service of another home has the same name and is not ours to start and stop.
  return readFileSync(manager.path, "utf8").includes(markOf(home)) ? manager : undefined;
}

const markOf = (home: Home): string => join(home.logs, "daemon.log").replaceAll("%", "%%");

/**
 * Writes the service's file and starts it, in place of a daemon that runs. Where the system refuses, no file stays.
 * @param command what it runs, absolute
 * @param stop ends the daemon that runs, as late as can be
 * @returns the file
 * @throws AppError conflict when another home's service is installed, unavailable when the system refuses
 */
export async function installService(
  home: Home,
  command: readonly string[],
  stop: () => Promise<unknown>,
): Promise<ServiceManager> {
  const facts = serviceEnvironment();
  const manager = serviceManager(process.platform, facts);
  const before = installedService(home);
  if (existsSync(manager.path) && !before) {
    throw new AppError("conflict", `${manager.path} starts a mcqueen of another home`, {
      hint: "Remove that one first: MCQUEEN_HOME=<its home> mcqueen daemon uninstall",
    });
  }
  const plan: ServicePlan = {
    command,
    environment: { ...facts.kept, LOG_FILE: join(home.logs, "daemon.log") },
    outputFile: join(home.logs, "daemon.out"),
  };
  const text = manager.text(plan);
  for (const words of manager.probe) await order(words);
  await stop();
  // launchd refuses to load what it has loaded.
  if (before && manager.name === "launchd") await attempt(manager.unload);
  writeSharedFile(manager.path, text);
  try {
    for (const words of manager.load) await order(words);
  } catch (error) {
    await attempt(manager.unload);
    removeFiles(manager);
    throw error;
  }
  return manager;
}

/**
 * Stops the service and removes its file. Undefined where none is installed.
 * @returns what the system said against it, too; the files are gone all the same
 */
export async function uninstallService(
  home: Home,
): Promise<{ manager: ServiceManager; refusal: AppError | undefined } | undefined> {
  const manager = installedService(home);
  if (!manager) return undefined;
  const refusal = await attempt(manager.unload);
  removeFiles(manager);
  return { manager, refusal };
}

function removeFiles({ path, links }: ServiceManager): void {
  for (const each of [path, ...links]) rmSync(each, { force: true });
}

/** Gives orders whose refusal stops nothing. */
async function attempt(orders: readonly (readonly string[])[]): Promise<AppError | undefined> {
  try {
    for (const words of orders) await order(words);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

const withoutSystem = "Let the system's own means start: mcqueen serve";
const hints: Readonly<Record<string, string>> = {
  systemctl:
    "Where you are not logged in as yourself (su, sudo, a container): loginctl enable-linger, then export XDG_RUNTIME_DIR=/run/user/$(id -u)\n" +
    "Without systemd: mcqueen daemon uninstall, then mcqueen daemon start",
  launchctl: "Log in at the screen of the Mac first; launchd starts nothing for a user who is not there.",
};

/** Gives the operating system an order. @throws AppError unavailable with what it said */
export async function order(words: readonly string[]): Promise<void> {
  const [program = "", ...rest] = words;
  if (!Bun.which(program)) {
    throw new AppError("not_configured", `${program} is not there, so nothing can be started as a service`, {
      hint: withoutSystem,
    });
  }
  const child = Bun.spawn([program, ...rest], { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const said = (await child.stderr.text()).trim();
  if ((await child.exited) === 0) return;
  throw new AppError("unavailable", `${words.join(" ")} failed: ${said.split("\n").at(-1) ?? ""}`, {
    hint: hints[program] ?? withoutSystem,
  });
}
