import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { compileFlags } from "../../cli/build-flags.ts";
import { readSources } from "./law.ts";

const root = join(import.meta.dir, "../..");
const compiled = new Map<string, Promise<string>>();

/** The product, compiled from the sources as they are; compiled once for the same sources. */
export const binary = (): Promise<string> => compiledFrom("cli/main.ts");

/** A program of the tests, compiled with the product's code as the product is. */
export function compiledFrom(entry: string): Promise<string> {
  const made = compiled.get(entry) ?? compile(entry);
  compiled.set(entry, made);
  return made;
}

async function compile(entry: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  const ofTests = entry.startsWith("test/") ? ["test/support/**/*.ts"] : [];
  for (const { path, text } of await readSources(root, [
    "src/**/*",
    "cli/**/*",
    "package.json",
    "bun.lock",
    ...ofTests,
  ])) {
    hasher.update(`${path}\n${text}\n`);
  }
  const folder = join(tmpdir(), `mcqueen-binary-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = ofTests.length > 0 ? basename(entry, ".ts") : "mcqueen";
  const target = join(folder, `${name}-${hasher.digest("hex").slice(0, 16)}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  const child = Bun.spawn([process.execPath, "build", ...compileFlags, entry, `--outfile=${draft}`], {
    cwd: root,
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await child.exited) !== 0) throw new Error(await child.stderr.text());
  const { rename } = await import("node:fs/promises");
  await rename(draft, target);
  return target;
}

export interface Ran {
  exit: number | null;
  out: string;
  err: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into output of every shape
  json: any;
}

export interface RunOptions {
  home: string;
  env?: Record<string, string>;
  stdin?: string;
  cwd?: string;
}

/** Runs the compiled binary on a home of its own. */
export async function run(words: readonly string[], options: RunOptions): Promise<Ran> {
  const child = Bun.spawn([await binary(), ...words], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: options.home,
      MCQUEEN_HOME: options.home,
      VAULT_KEY: "file",
      TZ: "UTC",
      ...options.env,
    },
    stdin: options.stdin === undefined ? "ignore" : new Blob([options.stdin]),
    stdout: "pipe",
    stderr: "pipe",
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  const exit = await child.exited;
  const isJson = /^[[{]/.test(out);
  return { exit, out, err, json: isJson ? parse(out) : undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
