import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageOf, terminal } from "../support/client.ts";
import { createHome } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

const mcporter = join(import.meta.dir, "../../node_modules/mcporter/dist/cli.js");
let home: ReturnType<typeof createHome>;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  home = createHome();
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000", APPROVAL_WAIT_S: "0" },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** A client of other hands, from the registry. It knows our address, and a token or nothing. */
function start(words: string[], headers: Record<string, string> = {}) {
  const config = join(home.path, `mcporter-${Object.keys(headers).length}.json`);
  writeFileSync(config, JSON.stringify({ mcpServers: { mq: { baseUrl: `${server.origin}/mcp`, headers } } }));
  return Bun.spawn([process.execPath, mcporter, "--config", config, ...words], {
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env.PATH ?? "", HOME: home.path, BROWSER: "true", NO_COLOR: "1" },
  });
}

test("mcporter lists and calls with a token", async () => {
  const headers = { Authorization: `Bearer ${server.app.localToken()}` };
  const listed = await start(["list", "mq"], headers).stdout.text();
  expect(listed).toContain("function echo(text: string, times?: number");
  expect(listed).toContain("3 tools");
  expect(JSON.parse(await start(["call", "mq.echo", "text=hi"], headers).stdout.text())).toEqual({ said: ["hi"] });
  expect(await start(["call", "mq.letters_send", "to=Ada"], headers).stdout.text()).toContain("approval_required");
}, 30_000);

test("mcporter logs in with nothing but the address, and then calls", async () => {
  const login = start(["auth", "mq"]);
  let told = "";
  for await (const chunk of login.stderr) {
    told += new TextDecoder().decode(chunk);
    const sent = /http:\/\/[\d.:]+\/oauth\/authorize\?(\S+)/.exec(told)?.[1];
    if (!sent || told.includes("answered")) continue;
    told += " answered";
    const query = new URLSearchParams(sent);
    const { path, number } = await pageOf(server, query.get("client_id") ?? "", Object.fromEntries(query));
    await server.app.clients.allow(terminal, number, {});
    await fetch(server.origin + path);
  }
  expect(await login.exited).toBe(0);
  expect(JSON.parse(await start(["call", "mq.echo", "text=in"]).stdout.text())).toEqual({ said: ["in"] });
  expect((await server.app.clients.list("owner")).map(({ name }) => name)).toEqual(["mcporter (mq)"]);
}, 30_000);
