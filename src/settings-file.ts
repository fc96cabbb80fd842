import { AppError } from "./core/errors.ts";
import { readGuardedFile, readPrivateFile, writePrivateFile } from "./files.ts";
import { withFileLock } from "./files-lock.ts";
import type { Home } from "./home.ts";
import { settingFaults } from "./settings.ts";
import { definitionOf, isSettingName, type SettingName } from "./settings-table.ts";

/** New values by name; undefined removes one. */
export type SettingChanges = { [Name in SettingName]?: string | undefined };

/**
 * Keeps a setting: in the config file, or with the keys when it is a secret. Comments and order stay.
 * @param value undefined removes it
 * @returns the file
 * @throws AppError invalid_parameters when the value is not one that the setting takes; then nothing is written
 */
export function keepSetting(home: Home, name: SettingName, value: string | undefined): string {
  keepSettings(home, { [name]: value });
  return fileOf(home, name);
}

/**
 * Keeps several settings, each file written once: a reader sees all changes of a file or none.
 * The keys come first, so that a setting which needs one never stands without it.
 * @throws AppError invalid_parameters when any value is refused; then nothing is written
 */
export function keepSettings(home: Home, changes: SettingChanges): void {
  const names = Object.keys(changes).filter(isSettingName);
  const faults = names.flatMap((name) => {
    const value = changes[name];
    return value === undefined ? [] : settingFaults(name, value);
  });
  if (faults.length > 0) throw new AppError("invalid_parameters", faults.join("; "));
  for (const path of [home.secretsFile, home.configFile]) {
    const ofFile = names.filter((name) => fileOf(home, name) === path);
    if (ofFile.length === 0) continue;
    withFileLock(path, () => {
      const old = (path === home.secretsFile ? readPrivateFile(path) : readGuardedFile(path)) ?? "";
      writePrivateFile(
        path,
        ofFile.reduce((text, name) => withLine(text, name, changes[name]), old),
      );
    });
  }
}

const fileOf = (home: Home, name: SettingName): string =>
  definitionOf(name).secret ? home.secretsFile : home.configFile;

function withLine(text: string, name: SettingName, value: string | undefined): string {
  const lines = text.trimEnd().split("\n");
  const isOurs = (line: string): boolean => new RegExp(`^\\s*"?${name}"?\\s*=`).test(line);
  const at = lines.findIndex(isOurs);
  const others = lines.filter((line) => !isOurs(line));
  if (value !== undefined) others.splice(at < 0 ? others.length : at, 0, Bun.TOML.stringify({ [name]: value }).trim());
  return `${others.join("\n").trim()}\n`;
}
