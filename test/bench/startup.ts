import { compileFlags } from "../../cli/build-flags.ts";

export interface Startup {
  name: string;
  medianMs: number;
  leastMs: number;
  /** Median over the median of the first command. */
  ratio: number;
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

/** Runs the commands in turns, so that a busy moment of the machine falls on all of them alike. */
export async function measureStartups(
  commands: Record<string, string[]>,
  env: Record<string, string>,
  rounds: number,
): Promise<Startup[]> {
  const names = Object.keys(commands);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, command] of Object.entries(commands)) {
      const started = Bun.nanoseconds();
      const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
      if ((await child.exited) !== 0) throw new Error(`${name} ended with ${child.exitCode}`);
      if (round >= 0) times.get(name)?.push((Bun.nanoseconds() - started) / 1e6);
    }
  }
  const sorted = (name: string): number[] => (times.get(name) ?? []).toSorted((a, b) => a - b);
  const median = (name: string): number => sorted(name)[Math.floor(rounds / 2)] ?? Number.NaN;
  const base = median(names[0] ?? "");
  return names.map((name) => ({
    name,
    medianMs: median(name),
    leastMs: sorted(name)[0] ?? Number.NaN,
    ratio: median(name) / base,
  }));
}
