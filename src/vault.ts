import { existsSync, rmSync } from "node:fs";
import { AppError } from "./core/errors.ts";
import type { KeyBackend, Vault } from "./core/vault.ts";
import { readPrivateFile } from "./files.ts";
import { withFileLock } from "./files-lock.ts";
import type { Settings } from "./settings.ts";
import { createSecretSettings, type SecretSettings } from "./settings-secrets.ts";
import { isSettingName } from "./settings-table.ts";
import { type Connection, openDatabase } from "./store/database.ts";
import { findKey, forgetKey, makeKey } from "./store/key-source.ts";
import { type Keychain, osKeychain } from "./store/keychain.ts";
import { createVault } from "./store/vault.ts";

/** The vault of an installation, with its keys where the settings say. @param keychain the system's unless told */
export function buildVault(
  settings: Settings,
  db: Connection,
  now: () => Date,
  keychain: Keychain | undefined = settings.sandbox ? undefined : osKeychain(),
): Vault {
  const options = {
    keysFolder: settings.home.keys,
    given: [settings.text("ENCRYPTION_KEY"), settings.text("ENCRYPTION_KEY_PREVIOUS")],
    keychain,
  };
  return createVault(
    db,
    {
      find: (backend, id) => findKey(options, backend, id),
      make: (backend = chosenBackend(settings)) => makeKey(options, backend),
      forget: (backend, id) => forgetKey(options, backend, id),
    },
    now,
  );
}

function chosenBackend(settings: Settings): KeyBackend | undefined {
  const chosen = settings.text("VAULT_KEY");
  // The sandbox meets neither the real key nor the keychain, wherever the real vault's key lies.
  return chosen === "auto" || settings.sandbox ? undefined : (chosen as KeyBackend | undefined);
}

/**
 * Moves secrets that an earlier version kept in a file of their own into the vault.
 * The file goes last, so that whoever is stopped in between begins again.
 */
export async function adoptSecretsFile(settings: Settings, secrets: SecretSettings): Promise<void> {
  const path = settings.home.secretsFile;
  if (!existsSync(path)) return;
  const values = withFileLock(path, () => parseSecrets(path, readPrivateFile(path) ?? ""));
  const newer = new Set<string>(await secrets.kept());
  for (const [name, value] of Object.entries(values)) {
    if (!isSettingName(name)) throw new AppError("invalid_parameters", `Unknown setting ${name} in ${path}`);
    // What the vault has was kept after the file was written.
    if (!newer.has(name)) await secrets.keep(name, String(value));
  }
  rmSync(path, { force: true });
}

function parseSecrets(path: string, text: string): Record<string, unknown> {
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>;
  } catch {
    // Not as the cause: what is told of bad TOML may quote it.
    throw new AppError("invalid_parameters", `${path} is not valid TOML`, { hint: 'Each line reads NAME = "value".' });
  }
}

/** The secret settings alone, for commands that must work also when other settings are wrong. */
export async function openSecretSettings(settings: Settings): Promise<SecretSettings & { close(): void }> {
  const database = openDatabase(settings.home.database, { lockWaitMs: 5_000 });
  const secrets = createSecretSettings(
    settings,
    buildVault(settings, database.durable, () => new Date()),
  );
  await adoptSecretsFile(settings, secrets);
  return { ...secrets, close: () => database.close() };
}
