import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

let home: ReturnType<typeof createHome>;
let file: string;
beforeAll(async () => void (await binary()), 60_000);
beforeEach(() => {
  home = createHome();
  file = join(home.path, ".cursor/mcp.json");
  mkdirSync(join(home.path, ".cursor"));
  writeFileSync(file, '{ "theme": 1 }\n');
});
afterEach(() => home[Symbol.dispose]());

const question = "Write this for Cursor? [y/N]";

test.skipIf(!tmux)(
  withTerminal("a person sees the difference first, and a no writes nothing"),
  async () => {
    await using terminal = await openTerminal(home.path);
    const shown = await terminal.ask("mcp install cursor", question);
    expect(shown).toContain('+   "mcpServers": {');
    expect((await terminal.answer("n")).exit).toBe(4);
    expect(readFileSync(file, "utf8")).toBe('{ "theme": 1 }\n');
    await terminal.ask("mcp install cursor", question);
    expect((await terminal.answer("y")).exit).toBe(0);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      theme: 1,
      mcpServers: { mcqueen: { args: ["mcp"] } },
    });
  },
  30_000,
);

test.skipIf(!tmux)(
  withTerminal("what the program itself wrote while a person was asked is not lost"),
  async () => {
    await using terminal = await openTerminal(home.path);
    await terminal.ask("mcp install cursor", question);
    writeFileSync(file, '{ "theme": 2 }\n');
    const { exit, shown } = await terminal.answer("y");
    expect([exit, shown.includes("changed meanwhile")]).toEqual([6, true]);
    expect(readFileSync(file, "utf8")).toBe('{ "theme": 2 }\n');
    expect(existsSync(`${file}.before-mcqueen`)).toBe(false);
  },
  30_000,
);
