import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageOf, register, terminal } from "../support/client.ts";
import { createConformanceServers } from "../support/conformance-server.ts";
import { bootServer } from "../support/server.ts";
import { startTokenProxy } from "../support/token-proxy.ts";

const suite = join(import.meta.dir, "../../node_modules/@modelcontextprotocol/conformance/dist/index.js");
const folder = mkdtempSync(join(tmpdir(), "mcqueen-conformance-"));
let server: Awaited<ReturnType<typeof bootServer>>;
let proxy: ReturnType<typeof startTokenProxy>;

beforeAll(async () => {
  const changeTools = (): Promise<void> =>
    server.app.events.append({ userId: "owner", kind: "tools.changed", data: {}, at: new Date() });
  server = await bootServer(
    { env: { RATE_LIMIT_SESSION_MAX: "1000000", RATE_LIMIT_MAX: "1000000" } },
    { makeAgentServer: createConformanceServers(changeTools) },
  );
  proxy = startTokenProxy(server.origin, server.app.localToken());
});
afterAll(async () => {
  await proxy.stop();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The programs that the protocol's authors publish, against our door and our endpoint. */
test.each([
  ["2026-07-28", 37],
  ["2025-11-25", 30],
])(
  "the conformance suite's requirements of %s: all %d scenarios",
  async (revision, required) => {
    const child = Bun.spawn(
      [
        process.execPath,
        suite,
        "server",
        "--url",
        `${proxy.url}/mcp`,
        "--requirements",
        revision,
        "-o",
        join(folder, revision),
      ],
      { stdout: "pipe", stderr: "pipe", env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" } },
    );
    const [out] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    const [summary = "", unscored = ""] = out.slice(out.indexOf("=== SUMMARY ===")).split(`Not scored for ${revision}`);
    const aside = new Set([...unscored.matchAll(/^ +[✓✗] ([\w-]+)/gm)].map(([, name]) => name));
    const scored = [...summary.matchAll(/^([✓✗]) ([\w-]+)/gm)].filter(([, , name]) => !aside.has(name));
    const failed = scored.filter(([, sign]) => sign !== "✓").map(([, , name]) => name);
    expect({ failed, scored: scored.length, exit: await child.exited }).toEqual({
      failed: [],
      scored: required,
      exit: 0,
    });
  },
  120_000,
);

test("the conformance suite of authorization servers: metadata, and the code grant with a person who says yes", async () => {
  const free = Bun.serve({ port: 0, fetch: () => new Response() });
  const port = String(free.port);
  await free.stop(true);
  const { client_id } = (await register(server, { redirect_uris: [`http://127.0.0.1:${port}/callback`] })).json;
  const words = ["--url", server.origin, "--client-id", client_id, "-p", port, "--resource", `${server.origin}/mcp`];
  const child = Bun.spawn([process.execPath, suite, "authorization", ...words], {
    stdout: "pipe",
    stderr: "ignore",
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
  });
  let out = "";
  let hasAnswered = false;
  for await (const chunk of child.stdout) {
    out += new TextDecoder().decode(chunk);
    const sent = /http:\/\/[\d.:]+\/oauth\/authorize\?(\S+)/.exec(out)?.[1];
    if (!sent || hasAnswered || !out.includes("Callback server started")) continue;
    hasAnswered = true;
    const { path, number } = await pageOf(server, client_id, Object.fromEntries(new URLSearchParams(sent)));
    await server.app.clients.allow(terminal, number, {});
    await fetch(server.origin + path);
  }
  const summary = [...out.slice(out.indexOf("=== SUMMARY ===")).matchAll(/^([✓✗]) ([\w-]+)/gm)].map(([line]) => line);
  expect([summary, await child.exited]).toEqual([
    ["✓ authorization-server-metadata-endpoint", "✓ authorization-code-grant"],
    0,
  ]);
}, 60_000);
