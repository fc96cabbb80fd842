import { AppError } from "../src/core/errors.ts";
import { findServices } from "../src/core/oauth-provider.ts";
import { readAnyFile } from "../src/files.ts";
import { definitionOf, isSettingName, type SettingName } from "../src/settings-table.ts";
import type { Cli } from "./cli.ts";

/** Keeps what the file of a provider's console says: secrets in the vault, the rest in the config file. */
export async function keepClient(cli: Cli, service: string, path: string): Promise<void> {
  if (await cli.remote()) {
    throw new AppError("usage", "A client file is kept on the computer that the daemon runs on; leave --server out");
  }
  if (cli.global.sandbox) {
    throw new AppError("usage", "In the sandbox mcqueen is known already; leave --client-file out");
  }
  const app = await cli.app();
  const provider = findServices(app.accounts.providers, service)?.provider;
  if (!provider?.readClientFile) {
    throw new AppError("usage", `There is no client file for ${service}`, { hint: "Run: mcqueen settings" });
  }
  const text = readAnyFile(path);
  if (text === undefined) throw new AppError("usage", `The client file ${path} does not exist`);
  const values = Object.entries(provider.readClientFile(text)).filter((pair): pair is [SettingName, string] =>
    isSettingName(pair[0]),
  );
  const plain = values.filter(([name]) => !definitionOf(name).secret);
  const { keepSettings } = await import("../src/settings-file.ts");
  keepSettings(app.settings.home, Object.fromEntries(plain));
  for (const [name, value] of values) if (definitionOf(name).secret) await app.secrets.keep(name, value);
  await cli.reload();
  cli.out.note(`The client of ${provider.name} is kept in the vault. You may remove ${path}.`);
}
