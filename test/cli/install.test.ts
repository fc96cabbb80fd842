import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
let program: string;
beforeAll(async () => {
  program = await binary();
}, 60_000);
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const install = (...words: string[]): Promise<Ran> =>
  run(["mcp", "install", ...words], { home: home.path, env: usual });
/** The places that a person has who moved nothing. */
const usual = { MCQUEEN_HOME: "", XDG_CONFIG_HOME: "", XDG_DATA_HOME: "", XDG_STATE_HOME: "" };
const at = (path: string): string => join(home.path, path);
function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text, { mode });
}
const read = (path: string): string => readFileSync(at(path), "utf8");

const files: [client: string, path: string, key: string, reads: "json" | "jsonc"][] = [
  ["claude", ".claude.json", "mcpServers", "json"],
  ["claude-desktop", ".config/Claude/claude_desktop_config.json", "mcpServers", "json"],
  ["cursor", ".cursor/mcp.json", "mcpServers", "jsonc"],
  ["vscode", ".config/Code/User/mcp.json", "servers", "jsonc"],
  ["windsurf", ".codeium/windsurf/mcp_config.json", "mcpServers", "jsonc"],
  ["gemini", ".gemini/settings.json", "mcpServers", "jsonc"],
];

describe.each(process.platform === "linux" ? files : [])("%s", (client, path, key, reads) => {
  test("gets a file that names this very program", async () => {
    expect((await install(client, "--yes")).exit).toBe(0);
    expect(JSON.parse(read(path))[key].mcqueen).toMatchObject({ command: program, args: ["mcp"] });
    expect(statSync(at(path)).mode & 0o777).toBe(0o600);
  });

  test("keeps what was there, comments too, the mode and the old file; a second time changes nothing", async () => {
    const [mine, stays] = reads === "jsonc" ? ["\n    // mine", ", // stays"] : ["", ""];
    const before = `{${mine}\n    "theme": "dark",\n    "${key}": {\n        "other": { "command": "x" }${stays}\n    }\n}\n`;
    put(path, before, 0o640);
    const ran = await install(client, "--yes");
    expect(ran.exit).toBe(0);
    expect(ran.err).toContain('+         "mcqueen": {');
    const after = read(path);
    const [added = ""] = /\n {8}"mcqueen": \{[^}]*\},/.exec(after) ?? [];
    expect(after.replace(added, "")).toBe(before);
    expect(statSync(at(path)).mode & 0o777).toBe(0o640);
    expect(read(`${path}.before-mcqueen`)).toBe(before);
    const again = await install(client, "--yes", "--json");
    expect([again.exit, again.json.data.changed, read(path)]).toEqual([0, false, after]);
    expect(existsSync(at(`${path}.before-mcqueen-2`))).toBe(false);
  });
});

test.each(files.filter(([, , , reads]) => reads === "json"))(
  "%s: a file with comments, which it cannot read itself, is left alone",
  async (client, path, key) => {
    const before = `{\n  // mine\n  "${key}": {}\n}\n`;
    put(path, before);
    const ran = await install(client, "--yes");
    expect([ran.exit, ran.err.includes("reads plain JSON alone"), read(path)]).toEqual([6, true, before]);
  },
);

test("codex: a table of its own, beside everything that was there", async () => {
  const before = '# mine\nmodel = "x"\n\n[mcp_servers.other]\ncommand = "y"\n';
  put(".codex/config.toml", before);
  expect((await install("codex", "--yes")).exit).toBe(0);
  const after = read(".codex/config.toml");
  expect(after.startsWith(before)).toBe(true);
  expect(Bun.TOML.parse(after)).toMatchObject({
    mcp_servers: { other: { command: "y" }, mcqueen: { command: program, args: ["mcp"] } },
  });
  expect((await install("codex", "--yes", "--json")).json.data.changed).toBe(false);
  put(".codex/config.toml", after.replace(program, "/old/place").replace("# mine", "# still mine"));
  expect((await install("codex", "--yes")).exit).toBe(0);
  expect(read(".codex/config.toml")).toBe(after.replace("# mine", "# still mine"));
});

test.each([
  ["an empty object", "{}", '{\n  "mcpServers": {\n    "mcqueen": X\n  }\n}'],
  ["no server yet", '{\n\t"mcpServers": {}\n}', '{\n\t"mcpServers": {\n\t\t"mcqueen": X\n\t}\n}'],
  ["a comment alone", "{\n  // none\n}\n", '{\n  "mcpServers": {\n    "mcqueen": X\n  }\n  // none\n}\n'],
  ["a trailing comma", '{\n  "mcpServers": {},\n}', '{\n  "mcpServers": {\n    "mcqueen": X\n  },\n}'],
  ["lines of Windows", '{\r\n  "a": 1\r\n}', '{\r\n  "mcpServers": {\r\n    "mcqueen": X\r\n  },\r\n  "a": 1\r\n}'],
])("%s", async (_name, before, after) => {
  put(".cursor/mcp.json", before);
  expect((await install("cursor", "--yes")).exit).toBe(0);
  const text = read(".cursor/mcp.json");
  expect(text.replace(/"mcqueen": \{[^}]*\}/, '"mcqueen": X')).toBe(after);
});

test("nothing is written without a yes, for a broken file, or with --print", async () => {
  put(".cursor/mcp.json", "{ broken");
  const broken = await install("cursor", "--yes");
  expect([broken.exit, broken.err.includes("not valid JSON"), read(".cursor/mcp.json")]).toEqual([6, true, "{ broken"]);
  put(".cursor/mcp.json", '{"mcpServers": []}');
  expect((await install("cursor", "--yes")).exit).toBe(6);
  put(".cursor/mcp.json", "{}");
  const unasked = await install("cursor");
  expect([unasked.exit, unasked.err.includes("Nothing was written yet"), read(".cursor/mcp.json")]).toEqual([
    4,
    true,
    "{}",
  ]);
  const printed = await install("cursor", "--print");
  expect([printed.exit, JSON.parse(printed.out).mcpServers.mcqueen.command, read(".cursor/mcp.json")]).toEqual([
    0,
    program,
    "{}",
  ]);
});

test("any other program is shown what to write; a typo is told what was meant", async () => {
  expect(JSON.parse((await install("emacs", "--print")).out).mcpServers.mcqueen.args).toEqual(["mcp"]);
  const typo = await install("cursr");
  expect([typo.exit, typo.err.includes("Did you mean cursor?")]).toEqual([6, true]);
});

test("a link stays a link, and what it points to is changed", async () => {
  put("dotfiles/mcp.json", "{}\n");
  mkdirSync(at(".cursor"));
  symlinkSync(at("dotfiles/mcp.json"), at(".cursor/mcp.json"));
  expect((await install("cursor", "--yes")).exit).toBe(0);
  expect(JSON.parse(read("dotfiles/mcp.json")).mcpServers.mcqueen.command).toBe(program);
});

test("flags that say where it works go into the entry", async () => {
  const words = ["--sandbox", "--read-only", "mcp", "install", "cursor", "--print"];
  const ran = await run(words, { home: home.path, env: usual });
  const { mcqueen } = JSON.parse(ran.out).mcpServers;
  expect(mcqueen).toEqual({ type: "stdio", command: program, args: ["--sandbox", "--read-only", "mcp"] });
});

test("a home of its own goes into the entry, since a program is not started by that shell", async () => {
  const ran = await run(["mcp", "install", "codex", "--print"], { home: home.path });
  expect(Bun.TOML.parse(ran.out)).toEqual({
    mcp_servers: { mcqueen: { command: program, args: ["mcp"], env: { MCQUEEN_HOME: home.path } } },
  });
});

test("the folders that Claude Code and Codex were given are theirs", async () => {
  const env = { ...usual, CLAUDE_CONFIG_DIR: at("claude"), CODEX_HOME: at("codex") };
  for (const client of ["claude", "codex"])
    expect((await run(["mcp", "install", client, "--yes"], { home: home.path, env })).exit).toBe(0);
  expect([existsSync(at("claude/.claude.json")), existsSync(at("codex/config.toml"))]).toEqual([true, true]);
});

test("a file that is read-only, no text, or behind what is no folder is told and left alone", async () => {
  put(".cursor/mcp.json", "{}\n", 0o444);
  const kept = await install("cursor", "--yes");
  expect([kept.exit, kept.err.includes("is read-only"), read(".cursor/mcp.json")]).toEqual([6, true, "{}\n"]);
  expect(existsSync(at(".cursor/mcp.json.before-mcqueen"))).toBe(false);
  mkdirSync(at(".codex"));
  writeFileSync(at(".codex/config.toml"), Uint8Array.of(0x61, 0xff, 0x0a));
  const binary = await install("codex", "--yes");
  expect([binary.exit, binary.err.includes("cannot be read or written")]).toEqual([1, true]);
  writeFileSync(at(".gemini"), "");
  const lost = await install("gemini", "--yes");
  expect([lost.exit, lost.err.includes("cannot be read or written")]).toEqual([1, true]);
});
