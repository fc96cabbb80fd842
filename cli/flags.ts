import { readFileSync } from "node:fs";
import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import { isRecord } from "../src/core/parameters.ts";

export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
}

export interface Flag {
  /** The parameter. */
  name: string;
  /** Which field of an object it gives: `--guest.name`. */
  part?: string;
  schema: Schema;
  required: boolean;
  /** As it is typed: "--time-zone". */
  word: string;
  /** Under which the parser keeps what was typed: "timeZone". */
  key: string;
}

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
    { name, schema, required: required(name), ...spellings(name) },
    ...Object.entries(schema.type === "object" ? (schema.properties ?? {}) : {}).map(([part, of]) => ({
      ...{ name, part, schema: of, required: false },
      ...spellings(`${name}.${part}`),
    })),
  ]);
}

const spellings = (name: string): Pick<Flag, "word" | "key"> => {
  const word = `--${name.replaceAll("_", "-")}`;
  return { word, key: keyOf(word) };
};

/** "--time-zone <name>" -> "timeZone", as the parser has it. */
export const keyOf = (flag: string): string =>
  flag.replace(/^--| .*$/g, "").replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

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
  for (const { name, part, schema, key } of flags) {
    const given = typed[key];
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
