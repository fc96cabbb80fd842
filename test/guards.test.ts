import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGuards } from "../src/guards.ts";
import { createHome } from "./support/home.ts";

const knows = (id: string): boolean => ["notes", "get_weather"].includes(id);

describe("readGuards", () => {
  test("the strictest of all places counts, so an environment loosens nothing", () => {
    using home = createHome();
    writeFileSync(
      join(home.path, "config.toml"),
      'READ_ONLY = "true"\nTOOLS_DENY = "notes"\nTOOLS_ALLOW = "notes, get_weather"\nPOLICY = "cli.write=deny"\n',
      { mode: 0o600 },
    );
    const env = {
      READ_ONLY: "false",
      TOOLS_DENY: "get_weather",
      TOOLS_ALLOW: "get_weather",
      POLICY: "terminal.read=allow",
    };
    const guards = readGuards(home.settings(env), knows);
    expect(guards).toMatchObject({ readOnly: true, allow: ["get_weather"] });
    expect([...guards.deny].sort()).toEqual(["get_weather", "notes"]);
    expect(guards.atLeast.map(({ decision }) => decision).sort()).toEqual(["allow", "deny"]);
  });

  test("lists that share no tool allow none, and one that names no tool is refused", () => {
    using home = createHome();
    writeFileSync(join(home.path, "config.toml"), 'TOOLS_ALLOW = "notes"\n', { mode: 0o600 });
    expect(readGuards(home.settings({ TOOLS_ALLOW: "get_weather" }), knows).allow).toEqual(["-"]);
    for (const value of ["Notes", " , ", "notes, nope"]) {
      expect(() => readGuards(home.settings({ TOOLS_DENY: value }), knows)).toThrow("Setting TOOLS_DENY names");
    }
  });

  const agents: [file: string | undefined, env: string | undefined, decision: string, rules: string[]][] = [
    [undefined, undefined, "approve", []],
    ["ask", undefined, "ask", []],
    [undefined, "ask", "ask", []],
    ["approve", "ask", "approve", ["write approve"]],
    ["ask", "approve", "approve", ["write approve"]],
    ["ask", "deny", "deny", ["write deny", "destructive deny"]],
    ["deny", "ask", "deny", ["write deny", "destructive deny"]],
  ];
  test.each(agents)("AGENT_WRITES is %s in the file and %s in the environment", (file, env, decision, rules) => {
    using home = createHome();
    if (file) writeFileSync(join(home.path, "config.toml"), `AGENT_WRITES = "${file}"\n`, { mode: 0o600 });
    const guards = readGuards(home.settings(env ? { AGENT_WRITES: env } : {}), knows);
    expect([guards.agentWrites as string, guards.atLeast.map((rule) => `${rule.effect} ${rule.decision}`)]).toEqual([
      decision,
      rules,
    ]);
  });

  test("MCP_TOOLS takes tools and single actions, and only what every place names", () => {
    using home = createHome();
    writeFileSync(join(home.path, "config.toml"), 'MCP_TOOLS = "notes_list, get_weather"\n', { mode: 0o600 });
    const names = (id: string): boolean => knows(id) || id === "notes_list";
    expect(readGuards(home.settings(), knows, names).agentTools).toEqual(["notes_list", "get_weather"]);
    expect(readGuards(home.settings({ MCP_TOOLS: "notes_list" }), knows, names).agentTools).toEqual(["notes_list"]);
    expect(readGuards(home.settings({ MCP_TOOLS: "notes" }), knows, names).agentTools).toEqual(["-"]);
    expect(() => readGuards(home.settings({ MCP_TOOLS: "nope" }), knows, names)).toThrow(
      "Setting MCP_TOOLS names nope",
    );
  });
});
