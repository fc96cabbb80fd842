import type { App } from "../src/app.ts";
import { AppError } from "../src/core/errors.ts";
import type { Home } from "../src/home.ts";
import { loadSettings, ownHome, type Settings, type SettingsInput, type TerminalFacts } from "../src/settings.ts";
import type { Backend } from "./backend.ts";
import type { Output } from "./output.ts";

export interface GlobalOptions {
  json?: true;
  select?: string;
  quiet?: true;
  sandbox?: true;
  readOnly?: true;
  server?: string;
}

export interface Remote {
  server: string;
  token: string | undefined;
}

/** What a command may use. Everything is made at first use, so that a command pays only for what it touches. */
export interface Cli {
  global: GlobalOptions;
  facts: TerminalFacts;
  out: Output;
  settings(input?: Omit<SettingsInput, "sandbox">): Promise<Settings>;
  /** The folders alone: what looks after a daemon must work also when a setting is wrong. */
  home(): Home;
  /**
   * The house itself, in this process.
   * @param tool the only one that this command will call, so that no other is loaded; counts when it is opened
   */
  app(tool?: string): Promise<App>;
  /** This process, or the daemon that `--server` names. `tool` as above. */
  backend(tool?: string): Promise<Backend>;
  /** The daemon elsewhere that calls go to, if any: `--server`, MCQUEEN_SERVER, or what `connect` kept. */
  remote(): Promise<Remote | undefined>;
  /** Opens everything anew at the next use, after settings were changed. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the lazily filled context of one command. */
export function createCli(global: GlobalOptions, facts: TerminalFacts, out: Output): Cli {
  const told = new Set<string>();
  let app: Promise<App> | undefined;
  let backend: Promise<Backend> | undefined;
  let own: Promise<Settings> | undefined;
  const settings = async (input: Omit<SettingsInput, "sandbox"> = {}): Promise<Settings> => {
    const flags = { ...input.flags, ...(global.readOnly ? { READ_ONLY: "true" } : {}) };
    const loaded = loadSettings({ ...input, flags, sandbox: global.sandbox ?? false });
    for (const note of loaded.notes.filter((each) => !told.has(each))) {
      told.add(note);
      out.note(note);
    }
    return loaded;
  };
  /** For what is opened once: read once too. */
  const ownSettings = (): Promise<Settings> => {
    own ??= settings();
    return own;
  };
  const openApp = async (tool?: string): Promise<App> => {
    const [{ createApp }, loaded] = await Promise.all([import("../src/app.ts"), ownSettings()]);
    const { logFor } = await import("./log.ts");
    // A command has nothing else to do than wait; a daemon has others to serve.
    return createApp({
      settings: loaded,
      log: await logFor(loaded),
      lockWaitMs: 5_000,
      ...(tool === undefined ? {} : { tool }),
    });
  };
  const cli: Cli = {
    global,
    facts,
    out,
    settings,
    home: () => ownHome(global.sandbox ?? false),
    remote: async () => findRemote(global, await ownSettings(), () => cli.app()),
    app(tool) {
      app ??= openApp(tool);
      return app;
    },
    backend(tool) {
      backend ??= openBackend(cli, tool);
      return backend;
    },
    async reload() {
      await cli.close();
      app = undefined;
      backend = undefined;
      own = undefined;
    },
    async close() {
      // One that could not be opened has said so already.
      const opened = await app?.catch(() => undefined);
      await opened?.close();
    },
  };
  return cli;
}

async function findRemote(
  global: GlobalOptions,
  settings: Settings,
  app: () => Promise<App>,
): Promise<Remote | undefined> {
  if (global.sandbox && global.server) {
    throw new AppError("usage", "--sandbox works on this computer, so it cannot go with --server");
  }
  const server = global.server ?? (global.sandbox ? undefined : settings.text("MCQUEEN_SERVER"));
  if (server === undefined) return undefined;
  const given = settings.text("MCQUEEN_TOKEN");
  return { server, token: given ?? keptFor(server, await (await app()).secrets.read("MCQUEEN_TOKEN")) };
}

/** A kept token goes to the daemon that it was kept for, and to no other: both are one value. */
function keptFor(server: string, kept: string | undefined): string | undefined {
  const [of, token] = kept?.split(" ") ?? [];
  return of === server ? token : undefined;
}

/** The form in which `connect` keeps a token. */
export const keptToken = (server: string, token: string): string => `${server} ${token}`;

async function openBackend(cli: Cli, tool: string | undefined): Promise<Backend> {
  const remote = await cli.remote();
  if (remote) return (await import("./remote.ts")).createRemoteBackend(remote.server, remote.token);
  const { createLocalBackend } = await import("./local.ts");
  return createLocalBackend(await cli.app(tool), cli.out.interactive);
}
