import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AppOptions, createApp } from "../../src/app.ts";
import type { Call, Caller } from "../../src/core/call.ts";
import { ownerId } from "../../src/core/user.ts";
import { loadSettings, type Settings, type SettingsInput } from "../../src/settings.ts";

/** A throw-away home, whose vault leaves the keychain of this computer alone. `using` removes it. */
export function createHome() {
  const path = mkdtempSync(join(tmpdir(), "mcqueen-test-"));
  return {
    path,
    env: { MCQUEEN_HOME: path } as Record<string, string | undefined>,
    settings: (env: Record<string, string> = {}, input: SettingsInput = {}): Settings =>
      loadSettings({ ...input, env: { MCQUEEN_HOME: path, VAULT_KEY: "file", ...env } }),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The whole program on a throw-away home. `await using` closes it. */
export async function bootApp(
  options: Omit<Partial<AppOptions>, "settings"> & { env?: Record<string, string>; sandbox?: boolean } = {},
): Promise<App & AsyncDisposable & { homePath: string }> {
  const home = createHome();
  const { env, sandbox, ...rest } = options;
  const app = await createApp({ ...rest, settings: home.settings(env ?? {}, { sandbox: sandbox ?? false }) });
  return {
    ...app,
    homePath: home.path,
    async [Symbol.asyncDispose]() {
      await app.close();
      home[Symbol.dispose]();
    },
  };
}

export const owner: Caller = {
  userId: ownerId,
  role: "admin",
  entrance: "cli",
  credentialId: "local",
  interactive: false,
};

/** A call of the owner's. */
export const callOf = (tool: string, parameters: unknown = {}, more: Partial<Call> = {}): Call => ({
  tool,
  parameters,
  caller: owner,
  ...more,
});
