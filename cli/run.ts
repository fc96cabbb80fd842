import { codes } from "../src/core/errors.ts";
import { understand } from "../src/core/outcome.ts";
import { scrub } from "../src/core/redaction.ts";
import { readTerminalFacts } from "../src/settings.ts";
import { type Cli, createCli, type GlobalOptions } from "./cli.ts";
import { Exit } from "./exit.ts";
import { createOutput, writeAll } from "./output.ts";

/** Runs one command line and gives its exit code. Nothing is thrown, nothing is printed twice. */
export async function run(words: readonly string[]): Promise<number> {
  const facts = readTerminalFacts();
  const global = readGlobals(words);
  const form = {
    json: global.json ?? false,
    quiet: global.quiet ?? false,
    select: global.select,
    sandbox: global.sandbox ? await import("./sandbox-words.ts") : undefined,
    ...facts,
  };
  const out = createOutput(form);
  let cli: Cli | undefined;
  const open = (): Cli => {
    cli ??= createCli(global, facts, out);
    return cli;
  };
  try {
    if (isPlainList(words)) {
      const { listTools } = await import("./commands/list.ts");
      await listTools(open(), words.includes("--all") ? { all: true } : {});
    } else if (!(await mayRunPlainly(words, open))) {
      const { parseAndRun } = await import("./program.ts");
      await parseAndRun(words, open);
    }
    return 0;
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.exitCode;
    const error = understand(thrown, reportDefect);
    try {
      out.fail(error);
    } catch (unwritten) {
      // JSON that cannot be written is told on stderr, in sentences.
      createOutput({ ...form, json: false, select: undefined }).fail(understand(unwritten, reportDefect));
    }
    return codes[error.code].exit;
  } finally {
    await cli?.close().catch(reportDefect);
  }
}

/** The command that is typed most needs no parser; anything beyond these words goes the long way. */
const isPlainList = (words: readonly string[]): boolean =>
  words.includes("list") &&
  words.every((word) => ["list", "--all", "--json", "--quiet", "--sandbox"].includes(word)) &&
  words.filter((word) => word === "list").length === 1;

async function mayRunPlainly(words: readonly string[], open: () => Cli): Promise<boolean> {
  if (!words.includes("run")) return false;
  const { runPlainly } = await import("./plain-run.ts");
  return runPlainly(words, open);
}

/**
 * Reads the globals wherever they stand, before anything is parsed: a verb needs them to know its own options, and an
 * error in parsing has to be told in the form that was asked for.
 */
function readGlobals(words: readonly string[]): GlobalOptions {
  const global: GlobalOptions = {};
  const end = words.indexOf("--");
  const read = end < 0 ? words : words.slice(0, end);
  for (const [at, word] of read.entries()) {
    if (word === "--json") global.json = true;
    if (word === "--quiet") global.quiet = true;
    if (word === "--sandbox") global.sandbox = true;
    if (word === "--read-only") global.readOnly = true;
    const [, name, value = read[at + 1]] = /^--(select|server)(?:=(.*))?$/.exec(word) ?? [];
    if (name === "select" && value !== undefined) global.select = value;
    if (name === "server" && value !== undefined) global.server = value;
  }
  return global;
}

function reportDefect(defect: unknown): void {
  const text = defect instanceof Error ? `${defect.name}: ${defect.message}` : String(defect);
  writeAll(2, `${scrub(text)}\n`);
}
