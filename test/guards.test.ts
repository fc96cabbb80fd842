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
});
