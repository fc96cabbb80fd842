import { existsSync, readFileSync } from "node:fs";
import { AppError } from "../../src/core/errors.ts";
import { suggestion } from "../../src/core/suggestion.ts";
import type { Settings } from "../../src/settings.ts";
import { definitionOf, isSettingName, type SettingName, settingsTable } from "../../src/settings-table.ts";
import type { Cli } from "../cli.ts";
import { askHidden, askNumber } from "../confirm.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .usage("[get KEY | set KEY value | set KEY - | unset KEY]")
    .argument("[operation]", "get, set or unset; nothing to see all")
    .argument("[key]", "name of the setting")
    .argument("[value]", "the value, or - to read it from stdin; secrets only from stdin")
    .addHelpText(
      "after",
      "\nExamples:\n  mcqueen settings\n  mcqueen settings set PORT 3002\n  pbpaste | mcqueen settings set WEATHER_API_KEY -",
    )
    .action(async (operation: string | undefined, key: string | undefined, value: string | undefined) => {
      const context = cli();
      if (context.global.server)
        throw new AppError("usage", "Settings belong to the computer that they are on; leave --server out");
      if (operation === undefined) return showAll(context);
      const name = nameOf(key);
      if (operation === "get") return showOne(context, name);
      if (operation === "unset") return keep(context, name, undefined);
      if (operation === "set") return keep(context, name, await given(name, value, context.out.interactive));
      throw new AppError("usage", `Unknown operation ${operation}`, { hint: "Run: mcqueen settings --help" });
    });
};

interface Row {
  name: SettingName;
  value: string | null;
  source: string;
  about: string;
}

async function rows(cli: Cli): Promise<Row[]> {
  const settings = await cli.settings({ lenient: true });
  const kept = await keptSecrets(settings);
  return (Object.keys(settingsTable) as SettingName[]).map((name) => {
    const { secret, about } = definitionOf(name);
    const value = settings.text(name);
    const isKept = value === undefined && kept.includes(name);
    return {
      name,
      value: isKept ? "********" : value === undefined ? null : secret ? "********" : value,
      source: isKept ? "vault" : settings.sourceOf(name),
      about,
    };
  });
}

/** Where nothing was ever kept, looking makes no database. */
async function keptSecrets(settings: Settings): Promise<SettingName[]> {
  const { home } = settings;
  if (!existsSync(home.database) && !existsSync(home.secretsFile)) return [];
  const { openSecretSettings } = await import("../../src/vault.ts");
  const secrets = await openSecretSettings(settings);
  try {
    return await secrets.kept();
  } finally {
    secrets.close();
  }
}

async function showAll(cli: Cli): Promise<void> {
  const all = await rows(cli);
  cli.out.data(all, (paint) =>
    table(
      all.map(({ name, value, source, about }) => [
        paint.bold(name),
        sanitiseLine(value ?? "–"),
        source,
        paint.dim(about),
      ]),
    ),
  );
}

async function showOne(cli: Cli, name: SettingName): Promise<void> {
  const row = (await rows(cli)).find((each) => each.name === name);
  if (row?.value == null)
    throw new AppError("not_found", `${name} is not set`, { hint: `Run: mcqueen settings set ${name} …` });
  cli.out.data(row, () => sanitiseLine(row.value ?? ""));
}

async function keep(cli: Cli, name: SettingName, value: string | undefined): Promise<void> {
  const settings = await cli.settings({ lenient: true });
  const { home, isKept } = settings;
  // Said now, and not at the next start, when nobody remembers what was set.
  if (name === "HOST" && value !== undefined)
    (await import("../../src/daemon/main-listener.ts")).requireHost(value, settings.text("TLS"));
  const { guarded, loosens } = definitionOf(name);
  if (guarded && (isKept(name) || loosens)) await requirePerson(cli, name, holds);
  if (opensDoor(name, value)) await requirePerson(cli, name, opens);
  const place = definitionOf(name).secret ? await keepSecret(settings, name, value) : home.configFile;
  const { keepSettings } = await import("../../src/settings-file.ts");
  // A secret that somebody wrote into the file by hand would win over the vault, and lie there for all to read.
  if (!definitionOf(name).secret) keepSettings(home, { [name]: value });
  else if (isKept(name)) keepSettings(home, { [name]: undefined });
  cli.out.data(
    { success: true, data: { name, path: place }, metadata: {} },
    () => `${name} ${value === undefined ? "removed from" : "kept in"} ${place}`,
  );
  const now = await cli.settings({ lenient: true });
  const given = now.text(name);
  if (value !== undefined && given !== value && !(definitionOf(name).secret && given === undefined))
    cli.out.note(`The ${now.sourceOf(name)} sets ${name} too, and wins.`);
  if (!definitionOf(name).secret) cli.out.note("A running daemon reads it at its next start: mcqueen daemon restart");
}

async function keepSecret(settings: Settings, name: SettingName, value: string | undefined): Promise<string> {
  const { openSecretSettings } = await import("../../src/vault.ts");
  const secrets = await openSecretSettings(settings);
  try {
    await secrets.keep(name, value);
    return "the vault";
  } finally {
    secrets.close();
  }
}

const holds = "holds programs back";
const opens = "lets other computers reach the daemon";

function opensDoor(name: SettingName, value: string | undefined): boolean {
  const { opensUnless } = definitionOf(name);
  return opensUnless !== undefined && value !== undefined && !opensUnless.includes(value);
}

/** What keeps programs back is not theirs to change. */
async function requirePerson(cli: Cli, name: SettingName, why: string): Promise<void> {
  if (!cli.out.interactive) {
    throw new AppError("forbidden", `${name} ${why}, so changing it wants a person at a terminal`);
  }
  await askNumber(`Change ${name}, which ${why}.\n`);
}

function nameOf(key: string | undefined): SettingName {
  if (key !== undefined && isSettingName(key)) return key;
  if (key === undefined) throw new AppError("usage", "Which setting?", { hint: "Run: mcqueen settings" });
  throw new AppError("not_found", `There is no setting ${key}`, {
    hint: `${suggestion(key.toUpperCase(), Object.keys(settingsTable))}Run: mcqueen settings`,
  });
}

async function given(name: SettingName, value: string | undefined, interactive: boolean): Promise<string> {
  if (value === undefined)
    throw new AppError("usage", `Which value for ${name}?`, { hint: `Run: mcqueen settings set ${name} -` });
  if (value === "-") {
    const text = (interactive ? await askHidden(`Value of ${name}: `) : readFileSync(0, "utf8")).trim();
    if (text === "") throw new AppError("usage", `Nothing came from stdin for ${name}`);
    if (/\p{Cc}/u.test(text) || text.length > 8_192) {
      throw new AppError("usage", `What came from stdin for ${name} is no single line of text`);
    }
    return text;
  }
  if (definitionOf(name).secret) {
    throw new AppError("usage", `${name} is a secret; other programs can read arguments, so it comes from stdin`, {
      hint: `Run: mcqueen settings set ${name} -`,
    });
  }
  return value;
}
