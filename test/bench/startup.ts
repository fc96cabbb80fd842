import { compileFlags } from "../../cli/build-flags.ts";
import { startSandbox } from "../../src/sandbox/server.ts";

export interface Startup {
  name: string;
  medianMs: number;
  leastMs: number;
  /** Milliseconds of CPU time, user and system. */
  cpuMs: number;
  /** Median over the median of the first command, and the same of CPU time. */
  ratio: number;
  cpuRatio: number;
}

/** Compiles one entry with the flags of the product. */
export async function compile(entry: string, output: string): Promise<string> {
  const child = Bun.spawn([process.execPath, "build", ...compileFlags, entry, `--outfile=${output}`], {
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await child.exited) !== 0) throw new Error(await child.stderr.text());
  return output;
}

export interface StartupBench {
  startups: Startup[];
  /** What `run` takes beyond the same request by itself, in milliseconds. */
  run_adds_ms: number;
}

/** Commands against a compiled hello. A `run` asks an upstream on loopback, another place each time. */
export async function measureStartups(
  hello: string,
  binary: string,
  env: Record<string, string>,
  rounds: number,
): Promise<StartupBench> {
  const sandbox = await startSandbox();
  const base = sandbox.baseUrls.WEATHER_BASE_URL ?? "";
  const place = (round: number): string => `52.52,${(13 + round / 100).toFixed(2)}`;
  const startups = await inTurns(
    {
      hello: () => [hello],
      "--version": () => [binary, "--version"],
      "--help": () => [binary, "--help"],
      list: () => [binary, "list"],
      "list --all --json": () => [binary, "list", "--all", "--json"],
      "run get_weather": (round) => [binary, "run", "get_weather", "--location", place(round)],
    },
    (name) => (name.startsWith("run") ? { ...env, WEATHER_BASE_URL: base } : env),
    rounds,
  );
  const upstream = await medianOf(rounds, async () => {
    await (await fetch(`${base}/v1/forecast?latitude=52.5&longitude=13.4&current=temperature_2m&timezone=auto`)).text();
  });
  await sandbox.stop();
  const run = startups.find(({ name }) => name === "run get_weather")?.medianMs ?? Number.NaN;
  return { startups, run_adds_ms: run - upstream };
}

async function medianOf(rounds: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = Bun.nanoseconds();
    await work();
    times.push((Bun.nanoseconds() - started) / 1e6);
  }
  return middle(times);
}

const middle = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;

/** Runs the commands in turns, so that a busy moment of the machine falls on all of them alike. */
async function inTurns(
  commands: Record<string, (round: number) => string[]>,
  envOf: (name: string) => Record<string, string>,
  rounds: number,
): Promise<Startup[]> {
  const taken = new Map(Object.keys(commands).map((name) => [name, { wall: [] as number[], cpu: [] as number[] }]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, commandOf] of Object.entries(commands)) {
      const started = Bun.nanoseconds();
      const env = envOf(name);
      const child = Bun.spawn(commandOf(round), { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
      if ((await child.exited) !== 0) throw new Error(`${name} ended with ${child.exitCode}`);
      if (round < 0) continue;
      taken.get(name)?.wall.push((Bun.nanoseconds() - started) / 1e6);
      taken.get(name)?.cpu.push(Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1000);
    }
  }
  const [first] = taken.values();
  return [...taken].map(([name, { wall, cpu }]) => ({
    name,
    medianMs: middle(wall),
    leastMs: Math.min(...wall),
    cpuMs: middle(cpu),
    ratio: middle(wall) / middle(first?.wall ?? []),
    cpuRatio: middle(cpu) / middle(first?.cpu ?? []),
  }));
}
