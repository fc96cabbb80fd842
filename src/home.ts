import { join, resolve } from "node:path";

/** Where everything of one installation lives. */
export interface Home {
  configFile: string;
  data: string;
  keys: string;
  logs: string;
  run: string;
  database: string;
  localToken: string;
  secretsFile: string;
}

type Environment = Record<string, string | undefined>;

/**
 * Finds the folders: all under MCQUEEN_HOME when it is set, else the XDG folders, on Windows LOCALAPPDATA.
 * The sandbox has a home of its own inside, so that it never meets the real data.
 */
export function findHome(env: Environment, sandbox = false): Home {
  const given = env.MCQUEEN_HOME;
  if (given) return oneFolder(sandbox ? join(resolve(given), "sandbox") : resolve(given));
  if (process.platform === "win32" && env.LOCALAPPDATA) {
    const root = join(env.LOCALAPPDATA, "mcqueen");
    return oneFolder(sandbox ? join(root, "sandbox") : root);
  }
  const user = env.HOME ?? "/";
  const xdg = (name: string, fallback: string): string => join(env[name] || join(user, fallback), "mcqueen");
  const data = xdg("XDG_DATA_HOME", ".local/share");
  if (sandbox) return oneFolder(join(data, "sandbox"));
  const state = xdg("XDG_STATE_HOME", ".local/state");
  return {
    configFile: join(xdg("XDG_CONFIG_HOME", ".config"), "config.toml"),
    ...files(join(data, "data"), join(data, "keys"), join(state, "logs"), join(state, "run")),
  };
}

function oneFolder(root: string): Home {
  const part = (name: string): string => join(root, name);
  return { configFile: part("config.toml"), ...files(part("data"), part("keys"), part("logs"), part("run")) };
}

function files(data: string, keys: string, logs: string, run: string): Omit<Home, "configFile"> {
  return {
    data,
    keys,
    logs,
    run,
    database: join(data, "mcqueen.db"),
    localToken: join(keys, "local-token"),
    secretsFile: join(keys, "secrets.toml"),
  };
}
