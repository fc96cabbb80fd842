import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import { isRecord } from "../src/core/parameters.ts";

interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

/** @property part which field of an object it gives: `--guest.name` */
export type Flag = { name: string; part?: string; schema: Schema; option: Option };

/** One flag for each parameter of the action, or of all actions when none was named; after an object's, one for each of its fields. */
export function flagsOf(tool: ListedTool, actionId: string | undefined): Flag[] {
  const actions = actionId ? tool.actions.filter(({ id }) => id === actionId) : tool.actions;
  const schemas = new Map<string, Schema>();
  for (const { input_schema } of actions) {
    for (const [name, schema] of Object.entries(input_schema.properties)) {
      if (!schemas.has(name)) schemas.set(name, schema as Schema);
    }
  }
  const required = (name: string): boolean =>
    actions.every(({ input_schema }) => (input_schema.required ?? []).includes(name));
  return [...schemas].flatMap(([name, schema]): Flag[] => [
    { name, schema, option: optionOf(name, schema, required(name)) },
    ...Object.entries(schema.type === "object" ? (schema.properties ?? {}) : {}).map(([part, of]) => ({
      name,
      part,
      schema: of,
      option: optionOf(`${name}.${part}`, of, false),
    })),
  ]);
}

function optionOf(name: string, schema: Schema, required: boolean): Option {
  const flag = `--${name.replaceAll("_", "-")}`;
  const choices = choicesOf(schema);
  const kind = choices
    ? choices.join("|")
    : schema.type === "array"
      ? (schema.items?.type ?? "value")
      : (schema.type ?? "value");
  const notes = [
    schema.description ?? "",
    required ? "(required)" : "",
    schema.type === "array" ? "(repeat for more)" : "",
    schema.type === "object" ? (schema.properties ? "(as JSON, or field by field)" : "(as JSON)") : "",
    schema.default === undefined ? "" : `(default: ${JSON.stringify(schema.default)})`,
  ];
  const about = notes.filter((note) => note !== "").join(" ");
  const option = new Option(schema.type === "boolean" ? flag : `${flag} <${kind}>`, about);
  if (schema.type === "array") option.argParser((value: string, before: string[] = []) => [...before, value]);
  return option.helpGroup("Parameters:");
}

const choicesOf = (schema: Schema): string[] | undefined =>
  schema.anyOf?.every((part) => part.const !== undefined) ? schema.anyOf.map((part) => String(part.const)) : undefined;

/** Adds the flags, and a `--no-` form for each boolean one. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const { option, schema } of flags) {
    command.addOption(option);
    if (schema.type === "boolean") command.addOption(new Option(`--no-${option.name()}`).hideHelp());
  }
}

/**
 * The parameters that were typed, in the types of their schemas. What cannot be converted stays text, for the check to name.
 * @param base what was given otherwise, to which single fields are added
 */
export function readFlags(
  flags: readonly Flag[],
  typed: Record<string, unknown>,
  input: Input,
  base: Record<string, unknown> = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, part, schema, option } of flags) {
    const given = typed[option.attributeName()];
    if (given === undefined) continue;
    const value = convert(given, schema, input);
    const whole = values[name] ?? base[name];
    values[name] = part === undefined ? value : { ...(isRecord(whole) ? whole : {}), [part]: value };
  }
  return values;
}

function convert(given: unknown, schema: Schema, input: Input): unknown {
  if (Array.isArray(given)) return given.map((item: unknown) => convert(item, schema.items ?? {}, input));
  if (typeof given !== "string") return given;
  const text = input.value(given);
  if ((schema.type === "number" || schema.type === "integer") && /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text))
    return Number(text);
  if (schema.type === "object") return input.json(text, "the flag");
  return text;
}

/** Reads values from where the person pointed: `@file`, `-` for stdin (once), `@@x` for the text "@x". */
export interface Input {
  value(given: string): string;
  json(text: string, where: string): unknown;
}

export function createInput(): Input {
  let stdinTaken = false;
  return {
    value(given) {
      if (given.startsWith("@@")) return given.slice(1);
      if (given === "-") {
        if (stdinTaken) throw new AppError("usage", "Only one value can come from stdin");
        stdinTaken = true;
        return readFileSync(0, "utf8").replace(/\n$/, "");
      }
      return given.startsWith("@") ? readNamed(given.slice(1)) : given;
    },
    json(text, where) {
      try {
        return JSON.parse(text);
      } catch {
        throw new AppError("usage", `The JSON of ${where} is broken`, {
          hint: `Check quotes and commas. In a shell: --params '{"location": "Oslo"}'`,
        });
      }
    },
  };
}

function readNamed(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/\n$/, "");
  } catch (cause) {
    throw new AppError("usage", `The file ${path} cannot be read`, {
      hint: "For a text that starts with @, write @@.",
      cause,
    });
  }
}
