import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import { withServer } from "../../cli/install-edit.ts";
import { installTargets } from "../../cli/install-table.ts";
import { isRecord } from "../../src/core/parameters.ts";

const entry = { command: "/opt/mc queen", args: ["--sandbox", "mcp"], env: { MCQUEEN_HOME: "/h" } };
const target = (name: string) => installTargets[name] ?? expect.unreachable();
const ours = 'command = "/opt/mc queen"\nargs = ["--sandbox", "mcp"]\nenv = { MCQUEEN_HOME = "/h" }\n';

describe("an entry that stands there already is changed field by field", () => {
  test("in JSON, with what a person wrote between", () => {
    const before = `{
  "servers": {
    "mcqueen": {
      // mine
      "command": "old", /* why */
      "args": [],
      "disabled": true,
      "env": { "A": "1" } // stays
    }
  }
}`;
    const after = withServer(before, target("vscode"), entry);
    expect(parse(after).servers.mcqueen).toEqual({
      type: "stdio",
      ...entry,
      disabled: true,
      env: { A: "1", MCQUEEN_HOME: "/h" },
    });
    for (const kept of ["// mine", '"command": "/opt/mc queen", /* why */', '"disabled": true', "// stays"])
      expect(after).toContain(kept);
    expect(withServer(after, target("vscode"), entry)).toBe(after);
  });

  test("in TOML, arguments over several lines and keys of its own too", () => {
    const before = `model = "x"
[mcp_servers.mcqueen] # mine
startup_timeout_sec = 30
args = [
  "old", # one
  "mcp",
]
command = "old"

[mcp_servers.mcqueen.tools]
echo = true

[other]
a = ["b"]
`;
    const after = withServer(before, target("codex"), entry);
    expect(after).toBe(`model = "x"
[mcp_servers.mcqueen] # mine
env = { MCQUEEN_HOME = "/h" }
startup_timeout_sec = 30
args = ["--sandbox", "mcp"]
command = "/opt/mc queen"

[mcp_servers.mcqueen.tools]
echo = true

[other]
a = ["b"]
`);
    expect(withServer(after, target("codex"), entry)).toBe(after);
  });
});

describe("TOML", () => {
  test.each([
    ["nothing", "", `[mcp_servers.mcqueen]\n${ours}`],
    ["no end of line", "a = 1", `a = 1\n\n[mcp_servers.mcqueen]\n${ours}`],
    [
      "a quoted name",
      '["mcp_servers"."mcqueen"]\ncommand = "x"\n',
      `["mcp_servers"."mcqueen"]\nargs = ["--sandbox", "mcp"]\nenv = { MCQUEEN_HOME = "/h" }\ncommand = "/opt/mc queen"\n`,
    ],
  ])("%s", (_name, before, after) => {
    expect(withServer(before, target("codex"), entry)).toBe(after);
  });

  test.each([
    [
      "servers on one line",
      'mcp_servers = { other = { command = "y" } }\n',
      "Put it there by hand:\n[mcp_servers.mcqueen]",
    ],
    ["an empty table on one line", "mcp_servers = {}\n", "by hand"],
    ["our entry on one line", '[mcp_servers]\nmcqueen = { command = "x" }\n', "by hand"],
    ["our entry in dots", 'mcp_servers.mcqueen.command = "x"\n', "by hand"],
    ["servers that are a list", "[[mcp_servers]]\na = 1\n", "by hand"],
    [
      "an environment of its own",
      '[mcp_servers.mcqueen]\ncommand = "x"\n[mcp_servers.mcqueen.env]\nA = "1"\n',
      "by hand",
    ],
    ["what is no TOML", "a = = 1\n", "Mend it first"],
  ])("%s: refused, with what to write", (_name, before, hint) => {
    expect(() => withServer(before, target("codex"), entry)).toThrow(
      expect.objectContaining({ code: "conflict", hint: expect.stringContaining(hint) }),
    );
  });
});

test("a name that stands there twice in JSON is refused, since the later one counts", () => {
  const before = '{"mcpServers": {"a": 1}, "mcpServers": {"b": 2}}';
  expect(() => withServer(before, target("cursor"), entry)).toThrow("in a form that is not changed here");
});

const name = fc.constantFrom("mcpServers", "mcqueen", "a", "env", "args", "command", "b c", "é");
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    tie("object"),
  ),
  object: fc.dictionary(name, tie("value"), { maxKeys: 4 }),
})).object;

/** What a file has to be, whatever stood in it: all as before, and ours. */
function check(text: string, client: string, read: (text: string) => unknown): void {
  const { key } = target(client);
  let after: string;
  try {
    after = withServer(text, target(client), entry);
  } catch (error) {
    expect(error).toMatchObject({ code: "conflict" });
    return;
  }
  const [was, is] = [read(text), read(after)] as Record<string, Record<string, unknown>>[];
  const servers = is?.[key];
  if (!was || !is || !isRecord(servers)) throw new Error(after);
  expect(servers.mcqueen).toMatchObject(entry);
  expect({ ...is, [key]: { ...servers, mcqueen: 0 } }).toEqual({ ...was, [key]: { ...was[key], mcqueen: 0 } });
  expect(withServer(after, target(client), entry)).toBe(after);
}

test("whatever stood in a file stays, and a second time changes nothing", () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(0, 2, "\t"), (value, indent) => {
      check(JSON.stringify(value, null, indent), "cursor", (text) => parse(text));
      const text = JSON.stringify(value).replaceAll('"mcpServers"', '"mcp_servers"');
      check(Bun.TOML.stringify(JSON.parse(text)) ?? "", "codex", (toml) => Bun.TOML.parse(toml));
    }),
    { numRuns: 150 },
  );
});
