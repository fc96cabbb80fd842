import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

setDefaultTimeout(60_000);
const root = join(import.meta.dir, "../..");
const page = readFileSync(join(root, "docs/add-a-tool.md"), "utf8");

/** The page's blocks that name a file, in their order. */
const blocks = [...page.matchAll(/^```(ts|diff) (\S+)\n([\s\S]*?)^```$/gm)].map(([, kind, path = "", text = ""]) => ({
  kind,
  path,
  text,
}));

/** Adds the lines with `+` where the lines around them stand. */
function addLines(before: string, text: string): string {
  const lines = text.trimEnd().split("\n");
  const found = lines.filter((line) => line.startsWith(" ")).map((line) => line.slice(1));
  const wanted = `${found.join("\n")}\n`;
  if (before.split(wanted).length !== 2) throw new Error(`Not there exactly once: ${wanted}`);
  return before.replace(wanted, () => `${lines.map((line) => line.slice(1)).join("\n")}\n`);
}

let copy: string;
let home: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "mcqueen-copy-"));
  home = mkdtempSync(join(tmpdir(), "mcqueen-copy-home-"));
  for (const name of [
    "src",
    "cli",
    "test/support",
    "package.json",
    "tsconfig.json",
    "biome.json",
    "bunfig.toml",
    ".env.example",
    ".gitignore",
    "test/env-example.test.ts",
    "test/architecture.test.ts",
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const { kind, path, text } of blocks) {
    const target = join(copy, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, kind === "diff" ? addLines(readFileSync(target, "utf8"), text) : text);
  }
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

const spawn = (words: string[]) =>
  Bun.spawn([process.execPath, ...words], {
    cwd: copy,
    env: { PATH: process.env.PATH ?? "", HOME: home, MCQUEEN_HOME: home, VAULT_KEY: "file", NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
async function run(words: string[]): Promise<{ exit: number; out: string; err: string }> {
  const child = spawn(words);
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exit: await child.exited, out, err };
}
const mcqueen = (...words: string[]) => run(["cli/main.ts", "--sandbox", ...words]);

test("the page has a file of every kind that it speaks of", () => {
  expect(blocks.map(({ path }) => path)).toEqual([
    "src/settings-table.ts",
    ".env.example",
    "src/adapters/github-status/status.ts",
    "src/adapters/github-status/github-status.ts",
    "src/adapters/github-status/adapter.ts",
    "src/adapters/all.ts",
    "src/sandbox/github-status.ts",
    "src/sandbox/all.ts",
    "src/sandbox/all.ts",
    "test/adapters/github-status/status.test.ts",
  ]);
});

test("its commands work as they are printed", async () => {
  const commands = [...page.matchAll(/^\$ mcqueen --sandbox (.*)$/gm)].map(([, words = ""]) => words.split(" "));
  expect(commands).toHaveLength(3);
  const [list, once, show] = await Promise.all(commands.map((words) => mcqueen(...words)));
  expect([list?.exit, list?.out]).toEqual([0, expect.stringContaining("github_status")]);
  expect(JSON.parse(once?.out ?? "")).toMatchObject({
    success: true,
    data: { up: false, description: "Partially Degraded Service" },
    metadata: { provider: "GitHub Status", service: "github_status", sandbox: true },
  });
  expect(show?.out).toContain("Is GitHub down?");
});

test("the tool is there over REST", async () => {
  const daemon = spawn(["cli/main.ts", "--sandbox", "serve", "--port", "0"]);
  try {
    let told = "";
    let url: string | undefined;
    for await (const chunk of daemon.stderr) {
      told += new TextDecoder().decode(chunk);
      url = /mcqueen serves at (\S+)/.exec(told)?.[1];
      if (url) break;
    }
    const token = (await mcqueen("daemon", "token")).out.trim();
    const answer = await fetch(`${url}/api/v1/mcp/tools/github_status/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ parameters: {} }),
    });
    expect(await answer.json()).toMatchObject({ success: true, data: { up: false } });
  } finally {
    daemon.kill();
    await daemon.exited;
  }
});

test("its own test passes, and so do those of the house", async () => {
  const { exit, err } = await run([
    "test",
    "test/adapters/github-status",
    "test/env-example.test.ts",
    "test/architecture.test.ts",
  ]);
  expect([exit, err]).toEqual([0, expect.stringContaining(" 0 fail")]);
});

test("its code pleases the compiler and the linter", async () => {
  const types = await run(["x", "tsc", "--noEmit"]);
  expect([types.exit, types.out]).toEqual([0, ""]);
  const own = blocks.filter(({ kind }) => kind === "ts").map(({ path }) => path);
  const lint = await run([
    "x",
    "biome",
    "check",
    "--error-on-warnings",
    ...own,
    "src/adapters/all.ts",
    "src/sandbox/all.ts",
  ]);
  expect([lint.exit, lint.err]).toEqual([0, expect.not.stringContaining("Found")]);
});
