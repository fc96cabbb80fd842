import { describe, expect, test } from "bun:test";
import { CommanderError } from "commander";
import fc from "fast-check";
import type { Cli } from "../../cli/cli.ts";
import { readPlainly } from "../../cli/plain-run.ts";
import { buildProgram } from "../../cli/program.ts";
import { runFlags } from "../../cli/run-flags.ts";
import { describeTool } from "../../src/app-tools.ts";
import { AppError } from "../../src/core/errors.ts";
import type { ListedTool } from "../../src/core/listing.ts";
import { adapters, sandboxAdapters } from "../support/adapters.ts";

/** As much of a command's context as the parser looks at. */
const cli = { global: { sandbox: true }, remote: async () => undefined } as unknown as Cli;
const tools = [...adapters, ...sandboxAdapters].flatMap((adapter) => adapter.tools);
const ids = tools.map(({ id }) => id);

type Read = { action: string | undefined; options: Record<string, unknown> } | { refused: string } | undefined;

/** What the parser of commands makes of the words; undefined where it finds fault with them or prints help. */
async function parse(id: string, words: readonly string[]): Promise<Read> {
  const program = await buildProgram(["run", id, ...words], () => cli);
  let read: Read;
  const run = program.commands.find((command) => command.name() === "run");
  for (const command of [program, run]) command?.configureOutput({ writeOut: () => undefined });
  run?.action((_tool: string, action: string | undefined, options: Record<string, unknown>) => {
    read = { action, options: { ...options } };
  });
  try {
    await program.parseAsync(["run", id, ...words], { from: "user" });
  } catch (thrown) {
    if (thrown instanceof AppError) return { refused: thrown.message };
    if (!(thrown instanceof CommanderError)) throw thrown;
  }
  return read;
}

async function plain(id: string, words: readonly string[]): Promise<Read> {
  try {
    const read = readPlainly((await describeTool(true, id)) as ListedTool, words);
    return read && { action: read.action, options: read.options };
  } catch (thrown) {
    if (thrown instanceof AppError) return { refused: thrown.message };
    throw thrown;
  }
}

describe("what is plain is read as the parser of commands reads it", () => {
  test.each<[string, ...string[]]>([
    ["get_weather", "--location", "Oslo"],
    ["get_weather", "--location=Oslo", "--units", "imperial", "--json"],
    ["get_weather", "--location", "-33.87,151.2"],
    ["get_weather", "--location", ""],
    ["get_weather", "--location="],
    ["get_weather", "--location", "one", "--location", "two"],
    ["get_weather", "Oslo"],
    ["get_weather"],
    ["get_weather", "--params", "-", "--dry-run", "--timeout", "5", "--idempotency-key", "a=b"],
    ["get_weather", "--location", "a\nb", "--select", "data.location", "--quiet", "--read-only"],
    ["get_weather", "--location", "a", "--wait", "301"],
    ["get_weather", "--timeout=0", "--location", "a"],
    ["email_personal", "send", "--to", "a@example.com", "--to=b@example.com", "--subject", "s", "--attach", "x"],
    ["email_personal", "search", "--query", "send", "--yes", "--account", "work"],
    ["book_restaurant_public", "list", "--all", "--limit=3"],
    ["book_restaurant_public", "--no-all", "--all", "--ics", "x"],
    ["web_search", "--query", "x", "--open", "2"],
    ["get_weather", "--wait", "soon", "--yes"],
  ])("%s %s %s %s %s", async (id, ...words) => {
    const read = await plain(id, words);
    expect(read).toBeDefined();
    expect(await parse(id, words)).toEqual(read);
  });

  const values = ["Oslo", "", "-", "-1.5,3", "a=b", "--x", "--", "-h", "--help", "301", "2", '{"a":1}', "@x", "é\n"];
  test("or it is not read at all", async () => {
    let readings = 0;
    const line = fc.constantFrom(...ids).chain((id) => fc.tuple(fc.constant(id), wordsOf(id)));
    await fc.assert(
      fc.asyncProperty(line, async ([id, words]) => {
        const read = await plain(id, words);
        if (read === undefined) return;
        readings++;
        expect(await parse(id, words)).toEqual(read);
      }),
      { numRuns: 400 },
    );
    expect(readings).toBeGreaterThan(40);
  });

  function wordsOf(id: string): fc.Arbitrary<string[]> {
    const tool = tools.find((each) => each.id === id);
    const names = Object.keys(Object.assign({}, ...(tool?.actions.map(({ input }) => input.properties) ?? [])));
    const flag = fc.constantFrom(
      ...names.flatMap((name) => [`--${name.replaceAll("_", "-")}`, `--no-${name.replaceAll("_", "-")}`]),
      ...runFlags.map(({ flag: own }) => own.replace(/ .*/, "")),
      ...["--json", "--quiet", "--select", "--attach", "--open", "--ics", "--save-attachments", "--unknown"],
    );
    const value = fc.constantFrom(...values, ...(tool?.actions.map((action) => action.id) ?? []));
    const words = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(flag, value) },
      { weight: 2, arbitrary: fc.tuple(flag, value).map(([name, given]) => [`${name}=${given}`]) },
      { weight: 2, arbitrary: flag.map((name) => [name]) },
      { weight: 1, arbitrary: value.map((given) => [given]) },
    );
    return fc.array(words, { maxLength: 4 }).map((parts) => parts.flat());
  }
});
