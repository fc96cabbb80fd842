import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { adapters, sandboxAdapters } from "./support/adapters.ts";
import { bootApp, callOf } from "./support/home.ts";
import { importsOf } from "./support/imports.ts";
import { environmentReaders, readSources, violations } from "./support/law.ts";
import { tokensOf } from "./support/tokens.ts";
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
    ["src/osm/x.ts", 'import { createHttpClient } from "../net/client.ts";'],
    ["src/osm/x.ts", 'await fetch("https://example.org");'],
    ["src/takeout/x.ts", 'import { writeFileSync } from "node:fs";'],
    ["src/takeout/x.ts", 'import { createSavedPlaceStore } from "../store/saved-place.ts";'],
    ["src/adapters/maps/x.ts", 'import { unzipSync } from "fflate";'],
    ["src/app.ts", 'import { readPlaces } from "./takeout/read-file.ts";'],
    ["src/store/x.ts", 'import { login } from "../oauth/flow.ts";'],
    ["src/http/x.ts", 'import { createApp } from "../app.ts";'],
    ["src/http/x.ts", 'const { createApp } = await import("../app.ts");'],
    ["src/mcp/x.ts", 'import type { Door } from "../http/door.ts";'],
    ["src/http/x.ts", 'import { createMcpHandler } from "@modelcontextprotocol/server";'],
    ["cli/x.ts", 'import { bridge } from "../src/mcp/bridge.ts";'],
    ["src/app.ts", 'import { startSandbox } from "./sandbox/server.ts";'],
    ["src/net/x.ts", 'import { run } from "../../cli/program.ts";'],
    ["src/store/x.ts", 'import { Elysia } from "elysia";'],
    ["cli/x.ts", 'import { Database } from "bun:sqlite";'],
    ["src/daemon/x.ts", 'import { Command } from "commander";'],
    ["cli/commands/list.ts", 'import { startServing } from "../../src/daemon/serve.ts";'],
    ["cli/x.ts", 'const { Database } = require("bun:sqlite");'],
    ["src/core/x.ts", 'const { readFileSync } = require("node:fs");'],
    ["src/settings.ts", 'const { spawn } = require("node:child_process");'],
    ["src/net/x.ts", 'const load = require; load("bun:sqlite");'],
    ["src/net/x.ts", 'import.meta.require("bun:sqlite");'],
    ["src/net/x.ts", 'import { createRequire } from "node:module";'],
    ["src/core/x.ts", '/* a */ import { openDatabase } from "../store/database.ts";'],
    ["src/core/x.ts", 'import /* a */ { openDatabase } /* b */ from /* c */ "../store/database.ts";'],
    ["src/core/x.ts", 'import(/* x */ "../store/database.ts");'],
    ["src/core/x.ts", 'const a = 1; import { openDatabase } from "../store/database.ts";'],
    ["src/core/x.ts", `const a = \`\${1}//\`; import { openDatabase } from "../store/database.ts";`],
    ["src/core/x.ts", 'const a = /[/"]/; import { openDatabase } from "../store/database.ts";'],
    ["src/core/x.ts", `const a = \`\${await import("../store/database.ts")}\`;`],
    ["src/core/x.ts", 'import {\n  // one\n  openDatabase,\n} from "../store/database.ts";'],
    ["src/core/x.ts", 'import def, * as all from "../store/database.ts";'],
    ["src/core/x.ts", 'import "../store/database.ts";'],
    ["src/core/x.ts", 'import type { Database } from "../store/database.ts";'],
    ["src/core/x.ts", 'export * from "../store/database.ts";'],
    ["src/core/x.ts", 'export type { Database } from "../store/database.ts";'],
    ["src/core/x.ts", 'type Database = import("../store/database.ts").Database;'],
    ["src/core/x.ts", 'import { openDatabase } from "../\\x73tore/database.ts";'],
    ["src/core/x.ts", 'const name = "../store/database.ts"; await import(name);'],
    ["src/core/x.ts", 'await import("../store/" + "database.ts");'],
    ["src/net/x.ts", 'import { x } from "/src/store/database.ts";'],
    ["src/http/x.ts", 'import { x } from "cockatiel/file";'],
    ["src/daemon/x.ts", 'const { default: open } = await import("open");'],
    ["src/net/x.ts", 'import { x } from "elysia/ws";'],
    ["src/web/x.ts", 'import { AppError } from "../core/errors.ts";'],
    ["src/web/x.ts", 'import type { App } from "../app.ts";'],
    ["src/web/x.tsx", 'import { Elysia } from "elysia";'],
    ["src/web/x.ts", 'import { readFileSync } from "node:fs";'],
    ["src/web/x.ts", 'Bun.file("x");'],
    ["src/web/x.ts", 'eval("1");'],
    ["src/http/x.ts", 'import { safeLink } from "../web/safe-link.ts";'],
    ["src/http/x.ts", 'import { render } from "preact";'],
    ["src/net/x.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["src/adapters/gmail/x.ts", 'import { gmail } from "googleapis/build/src/apis/gmail/index.js";'],
    ["src/adapters/gmail/x.ts", 'import MailComposer from "nodemailer/lib/mail-composer";'],
    ["src/adapters/gmail/x.ts", 'export { convert } from "html-to-text";'],
    ["src/store/x.ts", 'await import("html-to-text");'],
    ...["node:fs", "fs", "node:fs/promises", "node:child_process", "node:https", "node:net", "bun", "undici"].map(
      (library): [string, string] => ["src/adapters/gmail/x.ts", `import { x } from "${library}";`],
    ),
    ...["src/core/x.ts", "src/adapters/gmail/x.ts"].flatMap((path) =>
      [
        'await fetch("https://example.org");',
        'const answer = ok ? await fetch("a") : undefined;',
        'if (ok) {\n  fetch("https://example.org");\n}',
        "const send = fetch;",
        "const api = { fetch };",
        'Bun.file("/etc/passwd");',
        'await Bun.write("x", "y");',
        'Bun.spawn(["true"]);',
        'Bun["file"]("x");',
        "const { file } = Bun;",
        'Bun?.file("x");',
        "process.exit(1);",
        "const { pid } = process;",
        `const text = \`\${process.pid}\`;`,
        "const all = { ...process };",
        'globalThis["fetch"]("x");',
        'new WebSocket("wss://example.org");',
        'eval("1");',
        'new Function("return 1")();',
        'console.log("x");',
        "const \\u0066etch2 = 1;",
      ].map((text): [string, string] => [path, text]),
    ),
  ];
  test.each(planted)("a violation in %s is found: %s", (path, text) => {
    expect(violations([{ path, text }])).toHaveLength(1);
  });

  const allowed: [path: string, line: string][] = [
    ["src/http/x.ts", 'import type { App } from "../app.ts";'],
    ["src/app.ts", 'const { startSandbox } = await import("./sandbox/server.ts");'],
    ["cli/commands/serve.ts", 'import { startServing } from "../../src/daemon/serve.ts";'],
    ["src/core/x.ts", 'import { Type } from "@sinclair/typebox";'],
    ["src/settings.ts", 'const { parseEnv } = require("node:util");'],
    ["cli/terminal.ts", 'const { isatty } = require("node:tty") as typeof import("node:tty");'],
    ["src/core/x.ts", '// import { openDatabase } from "../store/database.ts";'],
    ["src/core/x.ts", '/*\n import { openDatabase } from "../store/database.ts";\n*/'],
    ["src/core/x.ts", "const text = 'import { x } from \"../store/database.ts\"';"],
    ["src/core/x.ts", "const form = /fetch(.*)/; const text = `Bun.file(`; // process.exit"],
    ["src/core/x.ts", 'const hash = new Bun.CryptoHasher("sha256"); Bun.deepEquals(1, 2); await Bun.sleep(1);'],
    ["src/core/x.ts", "crypto.randomUUID(); Buffer.from(text); Temporal.Now.instant(); new Intl.Segmenter();"],
    ["src/adapters/gmail/x.ts", "await context.http.json({ url }); client.fetch(url); list.process.x();"],
    ["src/core/x.ts", "interface Port { fetch(url: string): string; readonly process: number; console?: string }"],
    ["src/core/x.ts", "const port = { fetch: 1, process(x: string) { return x; }, async eval() {} };"],
    ["src/web/x.ts", 'import type { ListedTool } from "../core/listing.ts";'],
    ["src/web/x.tsx", 'import { useState } from "preact/hooks"; await fetch("/api/v1/health");'],
    ["src/http/routes/x.ts", 'import { bundle } from "../../web/bundle.ts" with { type: "macro" };'],
    ["src/net/x.ts", 'const answer = await fetch("https://example.org");'],
  ];
  test.each(allowed)("%s may say %s", (path, text) => {
    expect(violations([{ path, text }])).toEqual([]);
  });

  test("only settings.ts, and the build outside the product, read the process's environment", async () => {
    expect(environmentReaders(await readSources(root))).toEqual(["cli/build.ts", "src/settings.ts"]);
  });

  const readers = [
    "const home = process.env.HOME;",
    "const home = process . env . HOME;",
    "const home = process?.env.HOME;",
    'const home = process["env"].HOME;',
    "const { env } = process;",
    "const home = (process).env;",
    `const text = \`\${process.env.HOME}\`;`,
    'import { env } from "node:process";',
    'import process from "process";',
    'const { env } = await import("node:process");',
    'const { env } = require("process");',
    "const home = import.meta.env.HOME;",
    'const home = import.meta["env"];',
    "const { env } = import.meta;",
    "const home = Bun.env.HOME;",
    "const { env } = Bun;",
    'import { env } from "bun";',
    "const home = globalThis.process.env;",
    'const home = globalThis["process"];',
    "const home = global.process.env;",
  ];
  test.each(readers)("that would read it: %s", (text) => {
    expect(environmentReaders([{ path: "cli/x.ts", text }])).toEqual(["cli/x.ts"]);
  });

  const innocent = [
    "process.exitCode = 1; process.stdout.isTTY; Bun.version; import.meta.dir;",
    "// process.env\n/* Bun.env */ const text = 'process.env';",
    "const env = settings.env; ipaddr.process(address); ({ process: 1, env });",
    'import { env } from "./x.ts";',
  ];
  test.each(innocent)("that would not: %s", (text) => {
    expect(environmentReaders([{ path: "cli/x.ts", text }])).toEqual([]);
  });

  test("the law sees every import that Bun's own parser sees", async () => {
    for (const { path, text } of await readSources(root)) {
      const seen = new Set(importsOf(tokensOf(text)).map(({ target }) => target));
      const parser = new Bun.Transpiler({ loader: path.endsWith("x") ? "tsx" : "ts" });
      const all = parser.scanImports(text.replace(/^#!.*/, ""));
      // What markup becomes is the parser's own addition, and names another library than the one that is used.
      const own = path.endsWith("x") ? all.filter((each) => !/^react(\/jsx-dev-runtime)?$/.test(each.path)) : all;
      const missed = own.filter((each) => !seen.has(each.path));
      expect({ path, missed }).toEqual({ path, missed: [] });
    }
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
