import { AppError } from "./core/errors.ts";
import { readPrivateFile, writePrivateFile } from "./files.ts";
import type { Home } from "./home.ts";
import { settingFaults } from "./settings.ts";
import { definitionOf, type SettingName } from "./settings-table.ts";

/**
 * Keeps a setting: in the config file, or with the keys when it is a secret. Comments and order stay.
 * @param value undefined removes it
 * @throws AppError invalid_parameters when the value is not one that the setting takes; then nothing is written
 */
export function keepSetting(home: Home, name: SettingName, value: string | undefined): string {
  const path = definitionOf(name).secret ? home.secretsFile : home.configFile;
  const faults = value === undefined ? [] : settingFaults(name, value);
  if (faults.length > 0) throw new AppError("invalid_parameters", faults.join("; "));
  const lines = (readPrivateFile(path) ?? "").split("\n").filter((line) => line !== "" || value === undefined);
  const isOurs = (line: string): boolean => new RegExp(`^\\s*"?${name}"?\\s*=`).test(line);
  const at = lines.findIndex(isOurs);
  const others = lines.filter((line) => !isOurs(line));
  if (value !== undefined) others.splice(at < 0 ? others.length : at, 0, Bun.TOML.stringify({ [name]: value }).trim());
  writePrivateFile(path, `${others.join("\n").trimEnd()}\n`);
  return path;
}
