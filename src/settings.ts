import { join, resolve } from "node:path";
import { AppError } from "./core/errors.ts";
import { registerFormats } from "./core/formats.ts";
import { createKnownSecrets, type KnownSecrets } from "./core/known-secrets.ts";
import { faults } from "./core/parameters.ts";
import { readAnyFile, readGuardedFile } from "./files.ts";
import { findHome, type Home } from "./home.ts";
import { definitionOf, formerSettings, isSettingName, type SettingName, settingsTable } from "./settings-table.ts";

export type SettingSource = "flag" | "environment" | "env file" | "config file" | "vault" | "default" | "unset";

export interface SettingsInput {
  /** The environment; read here and nowhere else. */
  env?: Record<string, string | undefined>;
  flags?: Partial<Record<SettingName, string>>;
  envFile?: string;
  /** Tells what is wrong as a note instead of refusing, for the command that mends it. */
  lenient?: boolean;
  sandbox?: boolean;
  /** Answers for upstreams that nobody set otherwise: the sandbox's addresses. */
  defaults?: Partial<Record<SettingName, string>>;
}

export interface Settings {
  home: Home;
  sandbox: boolean;
  /** The file that was read too, so that a restart reads it again. */
  envFile: string | undefined;
  /** What flags and files say. Of a secret that the vault keeps it knows nothing: `settings-secrets.ts` does. */
  text(name: SettingName): string | undefined;
  number(name: SettingName): number;
  flag(name: SettingName): boolean;
  list(name: SettingName): string[];
  sourceOf(name: SettingName): SettingSource;
  /** What every place says, for the settings that hold back: there the strictest counts, and not the nearest. */
  everywhere(name: SettingName): string[];
  /** Whether the config file has it. */
  isKept(name: SettingName): boolean;
  /** The values that must never be shown. */
  secrets: KnownSecrets;
  /** What a person should know about the settings: names that are no longer used. */
  notes: string[];
}

registerFormats();

/**
 * Reads all settings: flags, then the environment, the env file, the config file, the defaults.
 * @throws AppError invalid_parameters naming each bad setting and where it came from
 */
export function loadSettings(input: SettingsInput = {}): Settings {
  const env = input.env ?? process.env;
  const sandbox = input.sandbox ?? false;
  const home = findHome(env, sandbox);
  const layers: [SettingSource, Record<string, string | undefined>][] = [
    ["flag", input.flags ?? {}],
    ["environment", env],
    ["env file", input.envFile ? readEnvFile(input.envFile) : {}],
    ["config file", readToml(home.configFile, readGuardedFile)],
    ["default", input.defaults ?? {}],
  ];
  const problems = unknownNames(home.configFile, layers[3]?.[1] ?? {});
  const values = new Map<SettingName, { value: string; source: SettingSource }>();
  for (const name of Object.keys(settingsTable) as SettingName[]) {
    const mayUse = (source: SettingSource): boolean => !isForeignToSandbox(name, source, sandbox);
    const layer = layers.find(([source, of]) => of[name] !== undefined && of[name] !== "" && mayUse(source));
    const value = layer?.[1][name] ?? definitionOf(name).default;
    if (value === undefined) continue;
    const source = layer?.[0] ?? "default";
    if (source !== "default") problems.push(...settingFaults(name, value).map((fault) => `${fault} (from: ${source})`));
    values.set(name, { value, source });
    if (!definitionOf(name).guarded) continue;
    for (const [other, of] of layers.filter(([each]) => each !== source)) {
      const hidden = of[name];
      if (hidden) problems.push(...settingFaults(name, hidden).map((fault) => `${fault} (from: ${other})`));
    }
  }
  if (problems.length > 0 && !input.lenient) {
    throw new AppError("invalid_parameters", problems.join("; "), {
      hint: problems.some((problem) => problem.endsWith("(from: config file)"))
        ? `Run: mcqueen settings set <NAME> <value>, or mend ${home.configFile}`
        : "Mend it where it comes from, and try again.",
      metadata: { problems },
    });
  }
  return {
    home,
    sandbox,
    envFile: input.envFile,
    text: (name) => values.get(name)?.value,
    number: (name) => Number(values.get(name)?.value),
    flag: (name) => isTrue(values.get(name)?.value),
    list: (name) => splitList(values.get(name)?.value),
    sourceOf: (name) => values.get(name)?.source ?? "unset",
    everywhere: (name) =>
      layers.map(([, of]) => of[name]).filter((value): value is string => value !== undefined && value !== ""),
    isKept: (name) => layers[3]?.[1][name] !== undefined,
    secrets: createKnownSecrets(secretsAmong(values)),
    notes: [...problems, ...formerNotes(layers.map(([, of]) => of))],
  };
}

/** Real keys never reach the stand-ins: in the sandbox only what its own vault keeps counts. */
const isForeignToSandbox = (name: SettingName, source: SettingSource, sandbox: boolean): boolean =>
  sandbox && definitionOf(name).secret === true && name !== "MCQUEEN_TOKEN" && source !== "flag";

/** The folders that the environment names. */
export const ownHome = (sandbox: boolean): Home => findHome(process.env, sandbox);

/** What a program needs to find this home again when something else than a shell starts it. */
export interface ServiceEnvironment {
  userHome: string;
  configHome: string;
  kept: Record<string, string>;
}

export function serviceEnvironment(env: Record<string, string | undefined> = process.env): ServiceEnvironment {
  const userHome = env.HOME ?? "/";
  const names = ["MCQUEEN_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] as const;
  return {
    userHome,
    configHome: env.XDG_CONFIG_HOME || join(userHome, ".config"),
    kept: Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, resolve(env[name])]] : []))),
  };
}

/** What the environment says to the command line itself. */
export interface TerminalFacts {
  noColor: boolean;
  /** CI, or a terminal that cannot move its cursor. */
  plain: boolean;
}

export function readTerminalFacts(env: Record<string, string | undefined> = process.env): TerminalFacts {
  return {
    noColor: Boolean(env.NO_COLOR),
    plain: Boolean(env.CI) || env.TERM === "dumb",
  };
}

/** Where the programs of this user keep their own files. */
export interface UserFolders {
  home: string;
  /** Application settings, as the system has them. */
  config: string;
  /** Folders that Claude Code and Codex were given instead of their usual ones. */
  claude: string | undefined;
  codex: string | undefined;
}

export function readUserFolders(env: Record<string, string | undefined> = process.env): UserFolders {
  const home = (process.platform === "win32" ? env.USERPROFILE : env.HOME) ?? "/";
  return {
    home,
    config: configFolder(env, home),
    claude: env.CLAUDE_CONFIG_DIR || undefined,
    codex: env.CODEX_HOME || undefined,
  };
}

function configFolder(env: Record<string, string | undefined>, home: string): string {
  if (process.platform === "win32") return env.APPDATA ?? join(home, "AppData", "Roaming");
  if (process.platform === "darwin") return join(home, "Library", "Application Support");
  return env.XDG_CONFIG_HOME || join(home, ".config");
}

/** The environment for a child: without the variables that turn our binary into a plain bun or give it other flags. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string | undefined> {
  const { BUN_BE_BUN: _plain, BUN_OPTIONS: _flags, ...env } = process.env;
  return { ...env, ...extra };
}

/** The sentences that a value deserves; none when it is good. */
export function settingFaults(name: SettingName, value: string): string[] {
  return faults(definitionOf(name).schema, parse(name, value)).map((fault) =>
    fault.replace(/^Parameter body /, `Setting ${name} `),
  );
}

function parse(name: SettingName, value: string): unknown {
  const { type } = definitionOf(name).schema;
  if (name === "LOG_LEVEL") return levelOf(value);
  if ((type === "integer" || type === "number") && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (type === "boolean" && /^(true|false|1|0|yes|no|on|off)$/i.test(value)) return isTrue(value);
  return value;
}

/** Other programs that read the same variable spell it "INFO" or "warning". */
export const levelOf = (value: string): string => value.toLowerCase().replace(/^warning$/, "warn");

export const isTrue = (value: string | undefined): boolean => /^(true|1|yes|on)$/i.test(value ?? "");

export const splitList = (value: string | undefined): string[] =>
  (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function unknownNames(file: string, of: Record<string, unknown>): string[] {
  return Object.keys(of)
    .filter((name) => !isSettingName(name) && !(name in formerSettings))
    .map((name) => `Unknown setting ${name} in ${file}`);
}

function formerNotes(layers: Record<string, string | undefined>[]): string[] {
  return Object.entries(formerSettings)
    .filter(([name]) => layers.some((of) => of[name]))
    .map(([name, why]) => `${name} is no longer used: ${why}`);
}

function readEnvFile(path: string): Record<string, string | undefined> {
  const text = readAnyFile(path);
  if (text !== undefined) {
    // Loaded here because it takes a millisecond that no other command should pay.
    const { parseEnv } = require("node:util") as typeof import("node:util");
    return parseEnv(text);
  }
  throw new AppError("invalid_parameters", `The env file ${path} does not exist`);
}

function readToml(path: string, read: (path: string) => string | undefined): Record<string, string> {
  const text = read(path);
  if (text === undefined) return {};
  try {
    const table = Bun.TOML.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw new AppError("invalid_parameters", `${path} is not valid TOML`, {
      hint: 'Each line reads NAME = "value".',
      cause,
    });
  }
}

const secretsAmong = (values: ReadonlyMap<SettingName, { value: string }>): string[] =>
  [...values].filter(([name]) => definitionOf(name).secret).map(([, { value }]) => value);
