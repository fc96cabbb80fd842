import { type Command, Option } from "commander";
import type { Flag, Schema } from "./flags.ts";
import type { TerminalFlag } from "./views/terminal-flag.ts";

/** A parameter's flag as the parser takes it. */
export function optionOf({ word, schema, required }: Flag): Option {
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
  const option = new Option(schema.type === "boolean" ? word : `${word} <${kind}>`, about);
  if (schema.type === "array") option.argParser(gather);
  return option.helpGroup("Parameters:");
}

export function terminalOptionOf({ flag, about, repeats }: TerminalFlag): Option {
  const option = new Option(flag, repeats ? `${about} (repeat for more)` : about).helpGroup("Terminal:");
  return repeats ? option.argParser(gather) : option;
}

const gather = (value: string, before: string[] = []): string[] => [...before, value];

const choicesOf = (schema: Schema): string[] | undefined =>
  schema.anyOf?.every((part) => part.const !== undefined) ? schema.anyOf.map((part) => String(part.const)) : undefined;

/** Adds the flags, and a `--no-` form for each boolean one. */
export function addFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of flags) {
    command.addOption(optionOf(flag));
    if (flag.schema.type === "boolean") command.addOption(new Option(flag.word.replace("--", "--no-")).hideHelp());
  }
}
