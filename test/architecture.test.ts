import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { adapters, sandboxAdapters } from "../src/adapters/all.ts";
import { bootApp, callOf } from "./support/home.ts";
import { readSources, violations } from "./support/law.ts";
import { echo, toyAdapter } from "./support/toys.ts";

const root = join(import.meta.dir, "..");

describe("the house", () => {
  test("the import law holds", async () => {
    expect(violations(await readSources(root))).toEqual([]);
  });

  const planted: [path: string, line: string][] = [
    ["src/core/x.ts", 'import { openDatabase } from "../store/database.ts";'],
    ["src/core/x.ts", 'import type { App } from "../app.ts";'],
    ["src/core/x.ts", 'import { readFileSync } from "node:fs";'],
    ["src/adapters/gmail/x.ts", 'import { y } from "../weather/forecast.ts";'],
    ["src/adapters/gmail/x.ts", 'import { z } from "../../settings.ts";'],
    ["src/store/x.ts", 'import { login } from "../oauth/flow.ts";'],
    ["src/http/x.ts", 'import { createApp } from "../app.ts";'],
    ["src/http/x.ts", 'const { createApp } = await import("../app.ts");'],
    ["src/mcp/x.ts", 'import type { Door } from "../http/door.ts";'],
    ["src/app.ts", 'import { startSandbox } from "./sandbox/server.ts";'],
    ["src/net/x.ts", 'import { run } from "../../cli/program.ts";'],
    ["src/store/x.ts", 'import { Elysia } from "elysia";'],
    ["cli/x.ts", 'import { Database } from "bun:sqlite";'],
    ["src/daemon/x.ts", 'import { Command } from "commander";'],
    ["cli/commands/list.ts", 'import { startServing } from "../../src/daemon/serve.ts";'],
  ];
  test.each(planted)("a violation in %s is found: %s", (path, text) => {
    expect(violations([{ path, text }])).toHaveLength(1);
  });

  const allowed: [path: string, line: string][] = [
    ["src/http/x.ts", 'import type { App } from "../app.ts";'],
    ["src/app.ts", 'const { startSandbox } = await import("./sandbox/server.ts");'],
    ["cli/commands/serve.ts", 'import { startServing } from "../../src/daemon/serve.ts";'],
    ["src/core/x.ts", 'import { Type } from "@sinclair/typebox";'],
  ];
  test.each(allowed)("%s may say %s", (path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });

  test("only settings.ts, and the build outside the product, read the process's environment", async () => {
    const readers = (await readSources(root)).filter(({ text }) => /process\.env|Bun\.env/.test(text));
    expect(readers.map(({ path }) => path)).toEqual(["cli/build.ts", "src/settings.ts"]);
  });

  test("no file is two things, none is a barrel or a bag", async () => {
    const sources = await readSources(root, ["src/**/*.{ts,tsx}", "cli/**/*.ts", "test/**/*.ts"]);
    expect(sources.filter(({ text }) => text.split("\n").length > 301).map(({ path }) => path)).toEqual([]);
    const names = /(^|\/)(index|utils?|helpers?|manager|common)\.tsx?$/;
    expect(sources.filter(({ path }) => names.test(path)).map(({ path }) => path)).toEqual([]);
  });

  test("every adapter folder is in the visible list", async () => {
    const folders = (await readSources(root, ["src/adapters/*/adapter.ts"])).map(({ path }) => path.split("/")[2]);
    const listed = await Bun.file(join(root, "src/adapters/all.ts")).text();
    expect(folders.length).toBeGreaterThan(0);
    for (const folder of folders) expect(listed).toContain(`"./${folder}/adapter.ts"`);
    expect([...adapters, ...sandboxAdapters]).toHaveLength(folders.length);
  });

  test("every tool file is registered", async () => {
    const sources = await readSources(root, ["src/adapters/*/*.ts"]);
    const defined = sources.flatMap(({ text }) =>
      [...text.matchAll(/defineTool\(\{\s*id: "([^"]+)"/g)].map((match) => match[1]),
    );
    const registered = [...adapters, ...sandboxAdapters].flatMap(({ tools }) => tools.map(({ id }) => id));
    expect(defined.sort()).toEqual(registered.sort());
  });

  test("a new tool takes one definition and one line in the list", async () => {
    await using app = await bootApp({ adapters: [...adapters, toyAdapter(echo)] });
    expect((await app.listTools("owner")).map(({ id }) => id)).toContain("echo");
    expect(await app.execute(callOf("echo", { text: "hi" }))).toMatchObject({ ok: true, data: { said: ["hi"] } });
  });
});
