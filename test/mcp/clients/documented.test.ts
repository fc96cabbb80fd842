import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { binary, run } from "../../support/binary.ts";
import { createHome } from "../../support/home.ts";
import { logIn } from "../../support/people.ts";
import { bootServer } from "../../support/server.ts";
import { echo, toyAdapter } from "../../support/toys.ts";
import { isInstalled, runProgram, withPrograms } from "./program.ts";

const page = readFileSync(join(import.meta.dir, "../../../docs/agents.md"), "utf8");
const sections = new Map(page.split(/^## /m).map((text) => [text.slice(0, text.indexOf("\n")), text]));

/** What a section prints, in its order. */
const blocksOf = (title: string): string[] =>
  [...(sections.get(title) ?? "").matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = ""]) => code);

interface Documented {
  title: string;
  path: string;
  /** What mcporter calls whoever reads this file; it knows none for Claude Desktop here. */
  kind?: string;
}

const programs: Documented[] = [
  { title: "Claude Code", path: ".claude.json", kind: "claude-code" },
  { title: "Claude Desktop", path: ".config/Claude/claude_desktop_config.json" },
  { title: "VS Code", path: ".config/Code/User/mcp.json", kind: "vscode" },
  { title: "Cursor", path: ".cursor/mcp.json", kind: "cursor" },
  { title: "Codex", path: ".codex/config.toml", kind: "codex" },
];

beforeAll(async () => void (await binary()), 60_000);

/** mcporter with nothing but the files of one program. */
async function listed(home: string, kind: string, env: Record<string, string>, session?: string) {
  const config = join(home, "imports.json");
  writeFileSync(config, JSON.stringify({ mcpServers: {}, imports: [kind] }));
  const options = { home, env, ...(session === undefined ? {} : { session }) };
  if (session !== undefined) {
    const login = await runProgram("mcporter", ["--config", config, "auth", "mcqueen"], options);
    expect([login.exit, login.err]).toEqual([0, expect.any(String)]);
  }
  const words = ["--config", config, "list", "mcqueen", "--json", "--timeout", "60000"];
  const { out } = await runProgram("mcporter", words, { home, env });
  return JSON.parse(out) as { status: string; source: { importKind: string }; tools: { name: string }[] };
}

describe.skipIf(process.platform !== "linux")("as the page says", () => {
  test.each(programs)(
    "$title: the command writes what is printed, and a reader of its files starts it",
    async ({ title, path, kind }) => {
      const [command = "", entry = ""] = blocksOf(title);
      using home = createHome();
      const words = command.trim().split(" ").slice(1);
      const env = { MCQUEEN_HOME: "", XDG_CONFIG_HOME: "" };
      const ran = await run([...words, "--yes"], { home: home.path, env });
      expect([ran.exit, ran.err.includes(path)]).toEqual([0, true]);
      const written = readFileSync(join(home.path, path), "utf8");
      expect(written.trim()).toBe(entry.replace("/home/you/.local/bin/mcqueen", await binary()).trim());
      if (!kind || !isInstalled) return;
      const { status, source, tools } = await listed(home.path, kind, { VAULT_KEY: "file" });
      expect([status, source.importKind]).toEqual(["ok", kind]);
      expect(tools.map(({ name }) => name)).toContain("get_weather");
    },
    120_000,
  );

  test.skipIf(!isInstalled).each(programs.filter(({ title }) => blocksOf(title)[2]))(
    withPrograms("$title: the address logs in"),
    async ({ title, path, kind }) => {
      const address = blocksOf(title)[2];
      await using server = await bootServer({
        adapters: [toyAdapter(echo)],
        env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000" },
      });
      using home = createHome();
      mkdirSync(dirname(join(home.path, path)), { recursive: true });
      writeFileSync(join(home.path, path), address?.replace("http://127.0.0.1:3001", server.origin) ?? "");
      const { status, source, tools } = await listed(home.path, kind ?? "", {}, await logIn(server, "ada"));
      expect([status, source.importKind, tools.map(({ name }) => name)]).toEqual(["ok", kind ?? "", ["echo"]]);
    },
    120_000,
  );
});

let home: ReturnType<typeof createHome>;
beforeAll(() => {
  home = createHome();
});
afterAll(() => home[Symbol.dispose]());

test("the page's other commands are commands", async () => {
  const lines = ["Letting a program in", "From another computer"].flatMap(blocksOf).join("").trim().split("\n");
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    const words = (line.split(" < ")[0] ?? "").split(" ").slice(1);
    const ran = await run([...words.filter((word) => !word.startsWith("https:") && word !== "--server"), "--help"], {
      home: home.path,
    });
    expect([line, ran.exit]).toEqual([line, 0]);
  }
  const token = ["tokens", "create", "my-agent", "--writes", "ask", "--json"];
  expect((await run(token, { home: home.path })).exit).toBe(0);
});
