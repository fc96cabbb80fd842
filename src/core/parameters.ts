import { Kind, type TObject, type TSchema } from "@sinclair/typebox";
import { Value, type ValueError, ValueErrorType } from "@sinclair/typebox/value";
import { invalidParameters } from "./errors.ts";
import { fits } from "./fits.ts";
import { registerFormats } from "./formats.ts";

export type Checked = { ok: true; value: Record<string, unknown> } | { ok: false; problems: string[] };

registerFormats();

const mostProblems = 20;

/**
 * Checks named values against a schema and fills its defaults in. All problems come at once.
 * @param defaults what the user set for absent names; a setting that the schema does not take is left out
 * @param noun how a sentence calls one value: "parameter" or "setting"
 */
export function checkParameters(
  schema: TObject,
  given: unknown,
  defaults: Record<string, unknown> = {},
  noun = "parameter",
): Checked {
  if (!isRecord(given)) return { ok: false, problems: [`The ${noun}s must be a JSON object`] };
  const known = schema.properties;
  const value: Record<string, unknown> = {};
  for (const name in known) {
    const set = given[name] !== undefined ? given[name] : (defaults[name] ?? defaultOf(known[name]));
    if (set !== undefined) value[name] = set;
  }
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  const problems = unknown
    .slice(0, mostProblems)
    .map((name) => `Unknown ${noun}: ${printable(name)} (known: ${Object.keys(known).join(", ") || "none"})`);
  if (unknown.length > mostProblems) problems.push(`and ${unknown.length - mostProblems} more unknown names`);
  else problems.push(...faults(schema, value, noun));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value };
}

const defaultOf = (schema: TSchema | undefined): unknown =>
  schema?.default === undefined ? undefined : Value.Clone(schema.default);

/** Checks a body and fills its defaults in. @throws AppError invalid_parameters, naming each field */
export function checkBody(schema: TObject, body: unknown): Record<string, unknown> {
  const checked = checkParameters(schema, body, {}, "field");
  if (checked.ok) return checked.value;
  throw invalidParameters(checked.problems);
}

/** One sentence for each place that the schema refuses; a body that is wrong everywhere is not told everything. */
export function faults(schema: TSchema, value: unknown, noun = "parameter"): string[] {
  if (fits(schema, value)) return [];
  const sentences = new Map<string, string>();
  for (const error of Value.Errors(schema, value)) {
    if (!sentences.has(error.path)) sentences.set(error.path, sentence(error, noun));
    if (sentences.size >= mostProblems) break;
  }
  return [...sentences.values()];
}

function sentence(error: ValueError, noun: string): string {
  const name = pathName(error.path) || "body";
  const Noun = noun[0]?.toUpperCase() + noun.slice(1);
  if (error.type === ValueErrorType.ObjectRequiredProperty) return `Missing required ${noun}: ${name}`;
  if (error.type === ValueErrorType.ObjectAdditionalProperties) return `Unknown ${noun}: ${name}`;
  return `${Noun} ${name} must ${demand(error)}`;
}

/** Formats whose name says too little. */
const formatDemands: Readonly<Record<string, string>> = {
  alias: "begin with a letter or digit, and hold letters, digits and . _ @ + - only",
  "device-name": "have 1 to 64 characters, with no blank at its ends",
};

function demand({ type, schema, value }: ValueError): string {
  const options = optionsOf(schema);
  if (options) return `be one of: ${options.join(", ")}`;
  switch (type) {
    case ValueErrorType.StringMinLength:
      return schema.minLength === 1 ? "not be empty" : `have at least ${schema.minLength} characters`;
    case ValueErrorType.StringMaxLength:
      return `have at most ${schema.maxLength} characters`;
    case ValueErrorType.StringFormat:
      return typeof schema.format === "string" && Object.hasOwn(formatDemands, schema.format)
        ? String(formatDemands[schema.format])
        : `be a valid ${String(schema.format).replaceAll("-", " ")}`;
    case ValueErrorType.StringPattern:
      if (schema.pattern === "\\S") return "not be blank";
      return `match ${schema.pattern}${schema.description ? ` (${schema.description})` : ""}`;
    case ValueErrorType.NumberMinimum:
    case ValueErrorType.IntegerMinimum:
      return `be at least ${schema.minimum}`;
    case ValueErrorType.NumberMaximum:
    case ValueErrorType.IntegerMaximum:
      return `be at most ${schema.maximum}`;
    case ValueErrorType.Integer:
      return typeof value === "number" ? "be a whole number" : "be a number";
    case ValueErrorType.ArrayUniqueItems:
      return "name each only once";
    case ValueErrorType.ArrayMinItems:
      return `have at least ${schema.minItems} item(s)`;
    case ValueErrorType.ArrayMaxItems:
      return `have at most ${schema.maxItems} items`;
    default:
      return `be ${article(typeOf(schema))}`;
  }
}

/** The allowed values of a union of literals, or undefined for any other schema. */
export function optionsOf(schema: TSchema): string[] | undefined {
  if (schema[Kind] === "Literal") return [String(schema.const)];
  const parts = schema.anyOf as TSchema[] | undefined;
  if (!parts?.every((part) => part[Kind] === "Literal")) return undefined;
  return parts.map((part) => String(part.const));
}

/** The JSON type of a schema, as the wire names it. */
export function typeOf(schema: TSchema): string {
  if (optionsOf(schema)) return "string";
  if (schema.type === "integer") return "number";
  return typeof schema.type === "string" ? schema.type : "value of another type";
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);

/** "/reminders/0/minutes" -> "reminders[0].minutes" */
function pathName(pointer: string): string {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  return printable(
    keys.reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path ? `${path}.${key}` : key), ""),
  );
}

/** A caller's own word inside our sentence: short, and without control characters. */
export const printable = (text: string): string =>
  (text.length > 80 ? `${text.slice(0, 80)}…` : text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
