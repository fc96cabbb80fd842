import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../../src/core/parameters.ts";
import { eras, spawnAgent } from "../../support/agent.ts";
import { binary, run } from "../../support/binary.ts";
import { createHome } from "../../support/home.ts";

let home: ReturnType<typeof createHome>;
beforeAll(async () => {
  await binary();
  home = createHome();
}, 60_000);
afterAll(() => home[Symbol.dispose]());

const json = (text: string): unknown => JSON.parse(text);
const toml = (text: string): unknown => Bun.TOML.parse(text);
const files: [client: string, path: string, read: typeof json, key: string][] = [
  ["claude", ".claude.json", json, "mcpServers"],
  ["claude-desktop", ".config/Claude/claude_desktop_config.json", json, "mcpServers"],
  ["cursor", ".cursor/mcp.json", json, "mcpServers"],
  ["vscode", ".config/Code/User/mcp.json", json, "servers"],
  ["codex", ".codex/config.toml", toml, "mcp_servers"],
  ["windsurf", ".codeium/windsurf/mcp_config.json", json, "mcpServers"],
  ["gemini", ".gemini/settings.json", json, "mcpServers"],
];

/** What a program started from a desk has, which is less than what a shell has. */
const bare = { PATH: "/usr/bin:/bin" };

test.each(process.platform === "linux" ? files : [])(
  "what is written for %s starts as it stands there, finds the same home, and lists the tools",
  async (client, path, read, key) => {
    const env = { HOME: home.path, XDG_CONFIG_HOME: "" };
    const ran = await run(["--sandbox", "mcp", "install", client, "--yes"], { home: home.path, env });
    expect([ran.exit, ran.err]).toEqual([0, expect.stringContaining(`+`)]);
    const servers = (read(readFileSync(join(home.path, path), "utf8")) as Record<string, Record<string, unknown>>)[key];
    const entry = servers?.mcqueen;
    if (!isRecord(entry)) throw new Error("no entry");
    const command = [String(entry.command), ...(entry.args as string[])];
    for (const era of eras) {
      await using agent = await spawnAgent(command, { ...bare, ...(entry.env as Record<string, string>) }, { era });
      const { tools } = await agent.client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["get_weather", "notes_add"]));
      const asked = { name: "get_weather", arguments: { location: "New York" } };
      expect((await agent.client.callTool(asked)).structuredContent).toMatchObject({ units: "metric" });
    }
    expect(entry.env).toEqual({ MCQUEEN_HOME: home.path });
  },
  60_000,
);
