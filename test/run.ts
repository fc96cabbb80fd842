import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs the scripts of package.json that are named as arguments, then all tests; the last line has the totals. */
const root = join(import.meta.dir, "..");
const folder = mkdtempSync(join(tmpdir(), "mcqueen-test-"));
const report = join(folder, "junit.xml");
const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, BUN_BE_BUN: undefined, BUN_OPTIONS: undefined };

function run(...args: string[]): boolean {
  const command = [process.execPath, ...args];
  return Bun.spawnSync(command, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] }).exitCode === 0;
}

function readReport(): string {
  try {
    return readFileSync(report, "utf8");
  } catch {
    return "";
  }
}

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const broken = Bun.argv.slice(2).filter((script) => !run("run", script));
const good = run("test", "--reporter=junit", `--reporter-outfile=${report}`);
const junit = readReport();
rmSync(folder, { recursive: true, force: true });

const count = (name: string): number => Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(junit)?.[1] ?? 0);
// The report leaves out a file that does not load.
const files = [...new Bun.Glob("test/**/*.test.ts").scanSync(root)].filter((file) => !file.includes("/node_modules/"));
const unloaded = files.filter((file) => !junit.includes(` file="${file}"`));
for (const file of unloaded) say(`✗ ${file} did not run`);
for (const script of broken) say(`✗ bun run ${script} failed`);

const failures = count("failures") + unloaded.length;
const failed = failures + broken.length + (!good && failures === 0 ? 1 : 0);
say(`${count("tests") - count("failures") - count("skipped")} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
