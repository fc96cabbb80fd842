import type { App } from "../src/app.ts";
import type { Settings, SettingsInput, TerminalFacts } from "../src/settings.ts";
import type { Backend } from "./backend.ts";
import type { Output } from "./output.ts";

export interface GlobalOptions {
  json?: true;
  select?: string;
  quiet?: true;
  sandbox?: true;
  server?: string;
}

/** What a command may use. Everything is made at first use, so that a command pays only for what it touches. */
export interface Cli {
  global: GlobalOptions;
  facts: TerminalFacts;
  out: Output;
  settings(input?: Omit<SettingsInput, "sandbox">): Promise<Settings>;
  /** The house itself, in this process. */
  app(): Promise<App>;
  /** This process, or the daemon that `--server` names. */
  backend(): Promise<Backend>;
  /** Whether calls go to a daemon elsewhere. */
  isRemote: boolean;
  close(): Promise<void>;
}

/** Builds the lazily filled context of one command. */
export function createCli(global: GlobalOptions, facts: TerminalFacts, out: Output): Cli {
  const server = global.sandbox ? global.server : (global.server ?? facts.server);
  let app: Promise<App> | undefined;
  let backend: Promise<Backend> | undefined;
  const settings = async (input: Omit<SettingsInput, "sandbox"> = {}): Promise<Settings> => {
    const { loadSettings } = await import("../src/settings.ts");
    const loaded = loadSettings({ ...input, sandbox: global.sandbox ?? false });
    for (const note of loaded.notes) out.note(note);
    return loaded;
  };
  const openApp = async (): Promise<App> => {
    const [{ createApp }, loaded] = await Promise.all([import("../src/app.ts"), settings()]);
    const { logFor } = await import("./log.ts");
    return createApp({ settings: loaded, log: await logFor(loaded) });
  };
  const cli: Cli = {
    global,
    facts,
    out,
    settings,
    isRemote: server !== undefined,
    app() {
      app ??= openApp();
      return app;
    },
    backend() {
      backend ??= server === undefined ? openLocal(cli) : openRemote(server, facts.token);
      return backend;
    },
    async close() {
      if (app) await (await app).close();
    },
  };
  return cli;
}

async function openLocal(cli: Cli): Promise<Backend> {
  const { createLocalBackend } = await import("./local.ts");
  return createLocalBackend(await cli.app(), cli.out.interactive);
}

async function openRemote(server: string, token: string | undefined): Promise<Backend> {
  const { createRemoteBackend } = await import("./remote.ts");
  return createRemoteBackend(server, token);
}
