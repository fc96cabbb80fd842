import type { TSchema } from "@sinclair/typebox";
import type { Command } from "commander";
import type { ListedConfig } from "../../src/core/configure.ts";
import { AppError } from "../../src/core/errors.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import { suggestion } from "../../src/core/suggestion.ts";
import { ownerId } from "../../src/core/user.ts";
import { splitList } from "../../src/settings.ts";
import type { Cli } from "../cli.ts";
import { createInput } from "../flags.ts";
import { localCaller } from "../local.ts";
import { outline } from "../table.ts";
import { findTool } from "../tools.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command: Command, cli) => {
  command
    .usage(
      "export | import <file> | <tool> [get [key] | set key=value … | unset key … | enable | disable | priority N | reset]",
    )
    .argument("<tool>", "id of the tool")
    .argument("[operation]", "get, set, unset, enable, disable, priority or reset", "get")
    .argument("[values...]", "what the operation takes")
    .addHelpText("after", examples)
    .action((id: string, operation: string, values: string[]) => configure(cli(), id, operation, values));
};

async function configure(cli: Cli, id: string, operation: string, values: string[]): Promise<void> {
  if (id === "export") return exportAll(cli);
  if (id === "import") return importAll(cli, operation);
  const backend = await cli.backend();
  const tool = await findTool(backend, id);
  if (operation === "get") return get(cli, await backend.readConfig(tool.id), values);
  const config =
    operation === "reset"
      ? await backend.resetConfig(tool.id)
      : await backend.changeConfig(tool.id, patchOf(tool, operation, values));
  show(cli, config);
}

/** All configs and the profile, as JSON that `config import` reads. */
async function exportAll(cli: Cli): Promise<void> {
  await requireHere(cli);
  const exported = await (await cli.app()).exportConfigs(ownerId);
  cli.out.data(exported, () => JSON.stringify(exported, null, 2));
}

async function importAll(cli: Cli, from: string): Promise<void> {
  await requireHere(cli);
  if (from === "get")
    throw new AppError("usage", "Import what?", { hint: "Run: mcqueen config import <file>, or - for stdin" });
  const input = createInput();
  const given = input.json(input.value(from === "-" ? "-" : `@${from}`), from);
  const done = await (await cli.app()).importConfigs(localCaller(cli.out.interactive), given);
  cli.out.data(
    { success: true, data: done, metadata: {} },
    () => `Imported ${done.tools} tools${done.profile ? " and the profile" : ""}.`,
  );
}

async function requireHere(cli: Cli): Promise<void> {
  if (await cli.remote()) throw new AppError("usage", "Export and import work on this computer only");
}

function get(cli: Cli, config: ListedConfig, [key]: string[]): void {
  if (key === undefined) {
    show(cli, config);
    return;
  }
  const settings = config.custom_settings;
  if (!Object.hasOwn(settings, key)) {
    throw new AppError("not_found", `${config.tool_id} has no setting ${key} set`, {
      hint: `${suggestion(key, Object.keys(settings))}Run: mcqueen config ${config.tool_id}`,
    });
  }
  cli.out.data(settings[key], () => String(settings[key]));
}

function show(cli: Cli, config: ListedConfig): void {
  cli.out.data({ success: true, data: config, metadata: {} }, () => outline(config));
}

function patchOf(tool: ListedTool, operation: string, values: string[]): Record<string, unknown> {
  switch (operation) {
    case "enable":
      return { enabled: true };
    case "disable":
      return { enabled: false };
    case "priority":
      return { priority: numberOrText(values[0] ?? "") };
    case "set":
      requireSome(values, "set units=metric");
      return { custom_settings: Object.fromEntries(values.map((pair) => settingOf(tool, pair))) };
    case "unset":
      requireSome(values, "unset units");
      for (const key of values) requireKnown(tool, key);
      return { custom_settings: Object.fromEntries(values.map((key) => [key, null])) };
    default:
      throw new AppError("usage", `Unknown operation ${operation}`, {
        hint: `${suggestion(operation, ["get", "set", "unset", "enable", "disable", "priority", "reset"])}Run: mcqueen config --help`,
      });
  }
}

function requireSome(values: string[], example: string): void {
  if (values.length === 0)
    throw new AppError("usage", "Nothing to change was named", { hint: `For example: ${example}` });
}

function requireKnown(tool: ListedTool, key: string): TSchema {
  const properties = tool.settings_schema?.properties ?? {};
  const schema = properties[key];
  if (schema) return schema;
  throw new AppError("invalid_parameters", `${tool.id} has no setting ${key}`, {
    hint: `${suggestion(key, Object.keys(properties))}Run: mcqueen show ${tool.id}`,
  });
}

/** "key=value" with the value in the type that the tool's schema wants. */
function settingOf(tool: ListedTool, pair: string): [string, unknown] {
  const at = pair.indexOf("=");
  if (at < 1) throw new AppError("usage", `${pair} is not of the form key=value`);
  const key = pair.slice(0, at);
  const text = pair.slice(at + 1);
  const schema = requireKnown(tool, key);
  if (schema.type === "string" || schema.anyOf) return [key, text];
  if (schema.type === "array" && !text.startsWith("[")) return [key, splitList(text)];
  return [key, jsonOrText(text)];
}

const numberOrText = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

const examples = `
Examples:
  mcqueen config get_weather set units=imperial
  mcqueen config get_weather get units
  mcqueen config get_weather disable
  mcqueen config export > configs.json && mcqueen config import configs.json`;
