import { Command, CommanderError, Option } from "commander";
import { AppError } from "../src/core/errors.ts";
import { version } from "../src/version.ts";
import type { Cli } from "./cli.ts";
import { Exit } from "./exit.ts";
import { writeAll } from "./output.ts";
import { globalGroup, requireReading } from "./read-only.ts";
import { type Verb, verbs } from "./verbs.ts";

/** Parses a command line and runs its verb. @throws AppError usage for words that nobody knows, Exit, and what the verb throws */
export async function parseAndRun(words: readonly string[], cli: () => Cli): Promise<void> {
  let program: Command | undefined;
  try {
    program = await buildProgram(words, cli);
    await program.parseAsync([...words], { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    throw thrown.exitCode === 0 ? new Exit(0) : usageOf(thrown, words, program);
  }
}

/**
 * Builds the command tree: the typed verb with its options, or every verb by name.
 * @param all load every verb, as completion needs
 */
export async function buildProgram(words: readonly string[], cli: () => Cli, all = false): Promise<Command> {
  const program = new Command("mcqueen")
    .description("Weather, mail, calendar, maps and more: one command line, one daemon, one policy.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => writeAll(1, text), writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .addHelpText("after", examples);
  addGlobals(program);
  program.hook("preAction", (_, acting) => requireReading(acting));
  const at = verbAt(words);
  // A command costs a tenth of a millisecond, and only help and a verb that nobody knows need those that were not typed.
  const typed = all ? undefined : verbs.find(({ name }) => name === words[at]);
  for (const verb of typed ? [typed] : verbs) {
    const command = program.command(verb.name, verb.hidden ? { hidden: true } : {});
    command.description(verb.summary).helpGroup(verb.group);
    if (verb.here && words[at] === verb.name && words.some((word) => /^--server(=|$)/.test(word)))
      throw onlyHere(verb.name);
    if (all || words[at] === verb.name) await define(verb, command, program, words.slice(at + 1), cli);
  }
  if (words[at] === undefined && !words.includes("--version") && !words.includes("-V"))
    program.action(() => program.outputHelp());
  return program;
}

async function define(
  verb: Verb,
  command: Command,
  program: Command,
  words: readonly string[],
  cli: () => Cli,
): Promise<void> {
  const { define: fill } = await verb.load();
  await fill(command, cli, words);
  for (const each of [command, ...command.commands]) {
    each.copyInheritedSettings(program);
    addGlobals(each);
  }
}

const onlyHere = (verb: string): AppError =>
  new AppError("usage", `mcqueen ${verb} works on this computer only; leave --server out`);

function addGlobals(command: Command): void {
  const taken = new Set(command.options.map((option) => option.long));
  const added: Option[] = [];
  const add = (flags: string, about: string): void => {
    const option = new Option(flags, about).helpGroup(globalGroup);
    if (taken.has(option.long)) return;
    command.addOption(option);
    added.push(option);
  };
  // They were read already, and a verb that hands its options on must not hand these on with them.
  command.hook("preAction", (self, acting) => {
    if (self === acting) for (const option of added) delete acting.opts()[option.attributeName()];
  });
  add("--json", "print one JSON value");
  add("--select <path>", "print one part of the JSON, like data.daily[0].condition");
  add("--quiet", "no remarks on stderr");
  add("--sandbox", "work with local stand-ins of all services, apart from your data");
  add("--read-only", "change nothing: no tool writes, and no command changes what is kept");
  add("--server <url>", "let a daemon elsewhere do the work (token: MCQUEEN_TOKEN)");
}

/** Where the verb stands: the first word that is neither a global option nor its value. */
function verbAt(words: readonly string[]): number {
  let at = 0;
  while (at < words.length && words[at]?.startsWith("-"))
    at += words[at] === "--select" || words[at] === "--server" ? 2 : 1;
  return at;
}

/** A verb that has verbs of its own, typed without one. */
function whichOne(words: readonly string[], program: Command | undefined): AppError {
  const verb = words[verbAt(words)] ?? "";
  const own = program?.commands.find((command) => command.name() === verb)?.commands ?? [];
  return new AppError("usage", `mcqueen ${verb} what? ${own.map((command) => command.name()).join(", ")}`, {
    hint: `Run: mcqueen ${verb} --help`,
  });
}

/** What commander says of bad words, in our form: the sentence, the suggestion, and where help is. */
function usageOf(error: CommanderError, words: readonly string[], program: Command | undefined): AppError {
  if (error.code === "commander.help") return whichOne(words, program);
  const [sentence = "", ...suggestions] = error.message.replace(/^error: /, "").split("\n");
  const verb = verbs.find(({ name, hidden }) => name === words[verbAt(words)] && !hidden);
  const suggestion = suggestions.join(" ").replace(/^\(|\)$/g, "");
  const tool =
    verb?.name === "run" && /^\w+$/.test(words[verbAt(words) + 1] ?? "") ? `${words[verbAt(words) + 1]} ` : "";
  const help = `Run: mcqueen ${verb ? `${verb.name} ${tool}` : ""}--help`;
  return new AppError("usage", sentence.charAt(0).toUpperCase() + sentence.slice(1), {
    hint: suggestion ? `${suggestion}\n${help}` : help,
  });
}

const examples = `
Examples:
  mcqueen run get_weather --location "New York" --units imperial
  mcqueen daemon start && mcqueen daemon status`;
