import { choicesOf, fieldKind, labelOf, type Schema } from "./field-kind.ts";

/** What stands in the inputs: texts as typed, switches, lists, groups of these. */
export type Draft = Record<string, unknown>;

export interface Collected {
  parameters: Record<string, unknown>;
  /** What keeps it from being sent, by field. */
  problems: Record<string, string>;
}

/** Turns what was typed into parameters. What was left empty is not sent. */
export function collect(schema: Schema, draft: Draft): Collected {
  const collected: Collected = { parameters: {}, problems: {} };
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const read = readField(name, property, draft[name]);
    if ("problem" in read) collected.problems[name] = read.problem;
    else if (read.value !== undefined) collected.parameters[name] = read.value;
    else if (schema.required?.includes(name) && property.default === undefined) {
      collected.problems[name] = `${labelOf(name)} is needed`;
    }
  }
  return collected;
}

type Read = { value: unknown } | { problem: string };

function readField(name: string, schema: Schema, typed: unknown): Read {
  if (typed === undefined || typed === null || typed === "") return { value: undefined };
  switch (fieldKind(name, schema)) {
    case "number": {
      const value = Number(typed);
      const isWhole = schema.type !== "integer" || Number.isInteger(value);
      return Number.isFinite(value) && isWhole ? { value } : { problem: `${labelOf(name)} must be a number` };
    }
    case "instant": {
      const time = new Date(String(typed));
      if (Number.isNaN(time.getTime())) return { problem: `${labelOf(name)} must be a day and a time` };
      return { value: time.toISOString() };
    }
    case "numbers":
      return readNumbers(name, typed);
    case "list":
    case "files":
      return { value: Array.isArray(typed) && typed.length > 0 ? typed : undefined };
    case "group": {
      const { parameters, problems } = collect(schema, typed as Draft);
      const [problem] = Object.values(problems);
      if (problem !== undefined) return { problem };
      return { value: Object.keys(parameters).length > 0 ? parameters : undefined };
    }
    case "json":
      return readJson(name, typed);
    default:
      return { value: typed };
  }
}

function readNumbers(name: string, typed: unknown): Read {
  const parts = String(typed)
    .split(/[\s,;]+/)
    .filter(Boolean);
  const value = parts.map(Number);
  return value.every(Number.isFinite) ? { value } : { problem: `${labelOf(name)} must be numbers, as: 10, 60` };
}

function readJson(name: string, typed: unknown): Read {
  if (typeof typed !== "string") return { value: typed };
  try {
    return { value: JSON.parse(typed) };
  } catch {
    return { problem: `${labelOf(name)} must be JSON` };
  }
}

/** Puts parameters into inputs, as `collect` reads them out again. */
export function draftOf(schema: Schema, parameters: Record<string, unknown>): Draft {
  const draft: Draft = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const value = parameters[name] ?? (choicesOf(property) ? property.default : undefined);
    if (value === undefined) continue;
    draft[name] = typed(name, property, value);
  }
  return draft;
}

function typed(name: string, schema: Schema, value: unknown): unknown {
  switch (fieldKind(name, schema)) {
    case "numbers":
      return Array.isArray(value) ? value.join(", ") : value;
    case "group":
      return draftOf(schema, value as Record<string, unknown>);
    case "json":
      return JSON.stringify(value, null, 2);
    case "instant":
      return localTime(String(value));
    case "number":
      return String(value);
    default:
      return value;
  }
}

/** "2026-12-04T19:30" by this phone's clock, as its picker wants it. */
function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return "";
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
