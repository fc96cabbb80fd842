import { AppError } from "./core/errors.ts";
import type { Vault } from "./core/vault.ts";
import { type Settings, settingFaults } from "./settings.ts";
import { definitionOf, isSettingName, type SettingName } from "./settings-table.ts";

/** Settings that are secrets. They are opened when somebody needs them, and not before. */
export interface SecretSettings {
  /** What a flag, the environment or the env file says, else what the vault keeps. @throws AppError unavailable */
  read(name: SettingName): Promise<string | undefined>;
  /** @param value undefined removes it @throws AppError invalid_parameters; then nothing is stored */
  keep(name: SettingName, value: string | undefined): Promise<void>;
  /** The names that the vault holds. Opens none. */
  kept(): Promise<SettingName[]>;
}

const service = "settings";

export function createSecretSettings(settings: Settings, vault: Vault): SecretSettings {
  return {
    async read(name) {
      const given = settings.text(name);
      if (given !== undefined || !definitionOf(name).secret) return given;
      const kept = await vault.read({ service, account: name });
      settings.secrets.add(kept);
      return kept;
    },
    async keep(name, value) {
      requireKeepable(name, value);
      if (value === undefined) await vault.remove({ service, account: name });
      else await vault.write({ service, account: name }, value);
    },
    kept: async () => (await vault.names(service)).filter(isSettingName),
  };
}

function requireKeepable(name: SettingName, value: string | undefined): void {
  if (definitionOf(name).keptElsewhere && value !== undefined) {
    throw new AppError("invalid_parameters", `${name} opens the vault, so it cannot lie in it`, {
      hint: "Give it in the environment of every mcqueen, or in a 0600 file read with --env-file.",
    });
  }
  const faults = value === undefined ? [] : settingFaults(name, value);
  if (faults.length > 0) throw new AppError("invalid_parameters", faults.join("; "));
}
