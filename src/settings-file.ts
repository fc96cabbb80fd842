import { AppError } from "./core/errors.ts";
import { readGuardedFile, writePrivateFile } from "./files.ts";
import { withFileLock } from "./files-lock.ts";
import type { Home } from "./home.ts";
import { settingFaults } from "./settings.ts";
import { definitionOf, isSettingName, type SettingName } from "./settings-table.ts";

/** New values by name; undefined removes one. */
export type SettingChanges = { [Name in SettingName]?: string | undefined };

/**
 * Keeps settings in the config file: a reader sees all changes or none. Comments and order stay.
 * @throws AppError invalid_parameters when any value is refused; then nothing is written
 */
export function keepSettings(home: Home, changes: SettingChanges): void {
  const names = Object.keys(changes).filter(isSettingName);
  const secret = names.find((name) => definitionOf(name).secret && changes[name] !== undefined);
  if (secret) throw new Error(`${secret} belongs into the vault`);
  const faults = names.flatMap((name) => {
    const value = changes[name];
    return value === undefined ? [] : settingFaults(name, value);
  });
  if (faults.length > 0) throw new AppError("invalid_parameters", faults.join("; "));
  withFileLock(home.configFile, () => {
    const old = readGuardedFile(home.configFile) ?? "";
    writePrivateFile(
      home.configFile,
      names.reduce((text, name) => withLine(text, name, changes[name]), old),
    );
  });
}

function withLine(text: string, name: SettingName, value: string | undefined): string {
  const lines = text.trimEnd().split("\n");
  const isOurs = (line: string): boolean => new RegExp(`^\\s*"?${name}"?\\s*=`).test(line);
  const at = lines.findIndex(isOurs);
  const others = lines.filter((line) => !isOurs(line));
  if (value !== undefined) others.splice(at < 0 ? others.length : at, 0, Bun.TOML.stringify({ [name]: value }).trim());
  return `${others.join("\n").trim()}\n`;
}
