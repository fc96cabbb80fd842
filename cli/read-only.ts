import type { Command } from "commander";
import { AppError } from "../src/core/errors.ts";

/**
 * What a verb may do under `--read-only`: anything, or no more than to show itself and these operations. Whoever is not
 * named is refused. Actions of tools are held back where they run, so `run`, `ask`, `mcp` and `serve` are free here.
 */
const reading: Readonly<Record<string, true | readonly string[]>> = {
  list: true,
  show: true,
  run: true,
  ask: true,
  providers: true,
  history: true,
  stats: true,
  mcp: true,
  serve: true,
  doctor: true,
  backup: true,
  demo: true,
  completion: true,
  complete: true,
  help: true,
  version: true,
  config: ["get", "export"],
  accounts: ["list"],
  profile: [],
  settings: ["get"],
  places: ["list", "export"],
  approvals: ["list", "show", "watch"],
  policy: [],
  users: ["list"],
  sessions: ["list"],
  tokens: ["list"],
  devices: ["list"],
  clients: ["list"],
  daemon: ["start", "stop", "restart", "status", "logs", "token"],
  lan: ["status"],
  vault: ["status"],
};

/**
 * Refuses a command that would change what is kept here, where the flag was given to it; the setting READ_ONLY holds
 * tools back alone, or nobody could unset it.
 * @throws AppError forbidden
 */
export function requireReading(acting: Command): void {
  const line = lineOf(acting);
  if (!line.some(hasFlag)) return;
  const [, verb] = line;
  if (!verb) return;
  const allowed = Object.hasOwn(reading, verb.name()) ? reading[verb.name()] : undefined;
  if (allowed === true) return;
  const operation = verb === acting ? typedOperation(verb) : acting.name();
  if (allowed && (operation === undefined || allowed.includes(operation))) return;
  const named = allowed && operation !== undefined ? `${verb.name()} ${operation}` : verb.name();
  throw new AppError("forbidden", `mcqueen ${named} would change what is kept, and only reading is allowed here`, {
    hint: "Leave --read-only out.",
  });
}

/** The program, the verb and the verb's own verb, as far as they were typed. */
const lineOf = (command: Command): Command[] => [...(command.parent ? lineOf(command.parent) : []), command];

/** `clients allow --read-only` bounds a program and not itself. */
const hasFlag = (command: Command): boolean =>
  command.opts().readOnly === true &&
  command.options.some(({ long, helpGroupHeading }) => long === "--read-only" && helpGroupHeading === globalGroup);

/** The heading under which help lists what every command takes. */
export const globalGroup = "Global options:";

/** Of verbs that take their operation as a word: `settings set`, `config get_weather set`. */
function typedOperation(verb: Command): string | undefined {
  const [first, second] = verb.args;
  if (verb.name() !== "config") return first;
  return first === "export" || first === "import" ? first : second;
}
