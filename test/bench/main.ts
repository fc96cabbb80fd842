import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { measureHistory } from "./history.ts";
import { jobs, measureHttp } from "./http.ts";
import { measureInterpret } from "./interpret.ts";
import { measureMemory } from "./memory.ts";
import { historyTable, httpTable, interpretTable, memoryTable, startupTable } from "./report.ts";
import { compile, measureStartups } from "./startup.ts";

const usage = `Usage: bun run bench [part …] [--quick] [--json [file]]
Parts: startup, list, execute, mcp, memory, history, interpret; all of them unless told.`;

const parts = ["startup", ...jobs, "memory", "history", "interpret"] as const;
type Part = (typeof parts)[number];

interface Options {
  parts: readonly Part[];
  quick: boolean;
  /** Where the JSON goes: "-" for stdout, instead of the tables. */
  json: string | undefined;
}

function readOptions(words: readonly string[]): Options {
  const chosen: Part[] = [];
  let [quick, json]: [boolean, string | undefined] = [false, undefined];
  for (const word of words) {
    if (parts.includes(word as Part)) chosen.push(word as Part);
    else if (word === "--quick") quick = true;
    else if (word === "--json") json = "-";
    else if (json === "-" && !word.startsWith("-")) json = word;
    else throw new Error(`What is ${word}?\n${usage}`);
  }
  return { parts: chosen.length > 0 ? chosen : parts, quick, json };
}

async function nodeVersion(): Promise<string> {
  return (await new Response(Bun.spawn(["node", "--version"]).stdout).text()).trim();
}

/** Measures the chosen parts, all ratios within this one run. */
async function measure(options: Options, folder: string) {
  const { quick } = options;
  const wants = (part: Part): boolean => options.parts.includes(part);
  const say = (what: string): void => console.error(`measuring ${what} …`);
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    platform: `${process.platform}-${process.arch}`,
    bun: Bun.version,
    node: await nodeVersion(),
    mcqueen: version,
    quick,
  };
  say("nothing yet, compiling");
  writeFileSync(join(folder, "hello.ts"), 'import { writeSync } from "node:fs";\nwriteSync(1, "hello\\n");\n');
  const hello = await compile(join(folder, "hello.ts"), join(folder, "hello"));
  const binary = await compile(join(import.meta.dir, "../../cli/main.ts"), join(folder, "mcqueen"));
  const env = { MCQUEEN_HOME: join(folder, "home"), PATH: process.env.PATH ?? "", HOME: folder };
  const http = jobs.filter(wants);
  if (wants("startup")) say("start-up");
  const startup = wants("startup") ? await measureStartups(hello, binary, env, quick ? 20 : 60) : undefined;
  if (http.length > 0) say(http.join(", "));
  const load = {
    connections: 32,
    rounds: quick ? 3 : 7,
    measureMs: quick ? 1_500 : 3_000,
    warmMs: quick ? 4_000 : 10_000,
  };
  const compared = http.length > 0 ? await measureHttp(binary, folder, http, load) : undefined;
  if (wants("memory")) say("memory");
  const memory = wants("memory") ? await measureMemory(binary, folder, quick ? 50_000 : 1_000_000) : undefined;
  if (wants("history")) say("history");
  const sizes = quick ? [10, 10_000] : [10, 10_000, 1_000_000];
  const history = wants("history") ? await measureHistory(sizes) : undefined;
  if (wants("interpret")) say("interpret");
  const interpret = wants("interpret") ? measureInterpret() : undefined;
  return { machine, startup, http: compared, memory, history, interpret };
}

const options = readOptions(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), "mcqueen-bench-"));
try {
  const found = await measure(options, folder);
  const { machine, startup, http, memory, history, interpret } = found;
  const text = JSON.stringify(found, null, 2);
  if (options.json === "-") console.log(text);
  else {
    if (options.json) writeFileSync(options.json, `${text}\n`);
    console.log(
      `${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Bun ${machine.bun}, Node ${machine.node}, mcqueen ${version}`,
    );
    if (startup) console.log(startupTable(startup));
    if (http) console.log(httpTable(http));
    if (memory) console.log(memoryTable(memory));
    if (history) console.log(historyTable(history));
    if (interpret) console.log(interpretTable(interpret));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
