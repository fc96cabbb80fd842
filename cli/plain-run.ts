import type { ListedTool } from "../src/core/listing.ts";
import type { Cli } from "./cli.ts";
import { keyOf } from "./flags.ts";
import { runFlags } from "./run-flags.ts";
import { type RunOptions, runTool, type ToolFlags, toolFlagsOf } from "./run-tool.ts";

/**
 * Runs a tool without the parser of commands, which takes longer to load than the words to read.
 * @returns false where only the parser can tell what is meant, or what is wrong; nothing has been done then
 */
export async function runPlainly(words: readonly string[], open: () => Cli): Promise<boolean> {
  const at = words.findIndex((word) => !switches.includes(word));
  const [verb, id, ...rest] = words.slice(at);
  if (verb !== "run" || id === undefined || id.startsWith("-")) return false;
  const cli = open();
  if (await cli.remote()) return false;
  const { describeTool } = await import("../src/app-tools.ts");
  const tool = await describeTool(cli.global.sandbox ?? false, id);
  if (Array.isArray(tool)) return false;
  const read = readPlainly(tool, rest);
  if (read) await runTool(cli, tool, read.action, read.options, read.flags);
  return read !== undefined;
}

const switches = ["--json", "--quiet", "--sandbox", "--read-only"];

interface Plain {
  action: string | undefined;
  options: RunOptions;
  flags: ToolFlags["flags"];
}

/** A flag as far as reading it needs. */
interface Slot {
  kind: "switch" | "value" | "values";
  key: string;
  /** What a switch sets. */
  sets?: boolean;
  /** Read already, and not by a tool. */
  isGlobal?: true;
  check?(value: string): string;
}

/**
 * Reads `[action] [flags]` as the parser of commands does, or not at all.
 * @param words those after the tool
 * @returns undefined for any word that is not plainly an action, a flag of this tool, or its value
 * @throws AppError usage for the value of an own flag
 */
export function readPlainly(tool: ListedTool, words: readonly string[]): Plain | undefined {
  const { flags, terminal } = toolFlagsOf(
    tool,
    words.find((word) => !word.startsWith("-")),
  );
  const slots = slotsOf(flags, terminal);
  const [first] = words;
  const action = first?.startsWith("-") ? undefined : first;
  const waiting = words.slice(action === undefined ? 0 : 1);
  const given: [slot: Slot, value: string | boolean][] = [];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const [, name = "", value] = /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const slot = slots.get(name);
    if (!slot) return undefined;
    if (slot.kind === "switch") {
      if (value !== undefined) return undefined;
      given.push([slot, slot.sets ?? true]);
      continue;
    }
    const meant = value ?? waiting.shift();
    if (meant === undefined || (value === undefined && meant.startsWith("--"))) return undefined;
    given.push([slot, meant]);
  }
  const options: RunOptions = {};
  for (const [{ kind, key, check, isGlobal }, value] of given) {
    if (isGlobal) continue;
    if (kind === "values") options[key] = [...((options[key] as string[] | undefined) ?? []), String(value)];
    else options[key] = check ? check(String(value)) : value;
  }
  return { action, options, flags };
}

function slotsOf(flags: ToolFlags["flags"], terminal: ToolFlags["terminal"]): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const word of switches) slots.set(word, { kind: "switch", key: "", isGlobal: true });
  slots.set("--select", { kind: "value", key: "", isGlobal: true });
  for (const { flag, check } of runFlags) {
    const [word = "", value] = flag.split(" ");
    slots.set(word, { kind: value ? "value" : "switch", key: keyOf(word), ...(check ? { check } : {}) });
  }
  for (const { flag, repeats } of terminal) {
    const [word = ""] = flag.split(" ");
    slots.set(word, { kind: repeats ? "values" : "value", key: keyOf(word) });
  }
  for (const { word, key, schema } of flags) {
    if (schema.type === "boolean") {
      slots.set(word, { kind: "switch", key, sets: true });
      slots.set(word.replace("--", "--no-"), { kind: "switch", key, sets: false });
    } else slots.set(word, { kind: schema.type === "array" ? "values" : "value", key });
  }
  return slots;
}
