import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiledFrom } from "../support/binary.ts";
import { freePort } from "../support/free-port.ts";
import { readAsPerson } from "../support/person.ts";
import { startTokenProxy } from "../support/token-proxy.ts";

const suite = join(import.meta.dir, "../../node_modules/@modelcontextprotocol/conformance/dist/index.js");
const program = "test/support/conformance-program.ts";
const folder = mkdtempSync(join(tmpdir(), "mcqueen-conformance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The programs that the protocol's authors publish, run as they come. */
function startSuite(...words: string[]) {
  return Bun.spawn([process.execPath, suite, ...words], {
    stdout: "pipe",
    stderr: "inherit",
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
  });
}

const forms: [form: string, command: () => Promise<string[]>][] = [
  ["from source", async () => [process.execPath, join(import.meta.dir, "../..", program)]],
  ["compiled", async () => [await compiledFrom(program)]],
];

describe.each(forms)("the conformance suite against our door and endpoint, %s:", (form, commandOf) => {
  let server: Bun.Subprocess<"pipe", "pipe", "inherit">;
  let proxy: ReturnType<typeof startTokenProxy>;
  let place: { origin: string; token: string; session: string };
  beforeAll(async () => {
    server = Bun.spawn(await commandOf(), {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
      env: { PATH: process.env.PATH ?? "", TMPDIR: folder },
    });
    const { value } = await server.stdout.getReader().read();
    place = JSON.parse(new TextDecoder().decode(value));
    proxy = startTokenProxy(place.origin, place.token);
  }, 120_000);
  afterAll(async () => {
    await proxy.stop();
    await server.stdin.end();
    expect(await server.exited).toBe(0);
  });

  test.each([
    ["2026-07-28", 37],
    ["2025-11-25", 30],
  ])(
    "the requirements of %s, all %d scenarios",
    async (revision, required) => {
      const words = ["--url", `${proxy.url}/mcp`, "--requirements", revision, "-o", join(folder, form, revision)];
      const child = startSuite("server", ...words);
      const out = await child.stdout.text();
      const [summary = "", unscored = ""] = summaryOf(out).split(`Not scored for ${revision}`);
      const aside = new Set([...unscored.matchAll(/^ +[✓✗] ([\w-]+)/gm)].map(([, name]) => name));
      const scored = [...summary.matchAll(/^([✓✗]) ([\w-]+)/gm)].filter(([, , name]) => !aside.has(name));
      const failed = scored.filter(([, sign]) => sign !== "✓").map(([, , name]) => name);
      expect({ failed, scored: scored.length, exit: await child.exited }).toEqual({
        failed: [],
        scored: required,
        exit: 0,
      });
    },
    300_000,
  );

  test("the authorization server: metadata, client-id documents, and the code grant with a person who says yes", async () => {
    const port = await freePort();
    const registered = await fetch(`${place.origin}/oauth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ redirect_uris: [`http://127.0.0.1:${port}/callback`], client_name: "Conformance" }),
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    const words = ["--client-id", client_id, "-p", String(port), "--resource", `${place.origin}/mcp`];
    const child = startSuite("authorization", "--url", place.origin, ...words);
    const out = await readAsPerson(child.stdout, place.session, (said) => said.includes("Callback server started"));
    const told = summaryOf(out).trim().split("\n").slice(1);
    expect({ told, exit: await child.exited }).toEqual({
      told: [
        "✓ authorization-server-metadata-endpoint: 2 passed, 0 failed",
        "✓ authorization-code-grant: 1 passed, 0 failed",
        "",
        "Total: 3 passed, 0 failed",
      ],
      exit: 0,
    });
  }, 120_000);
});

const summaryOf = (out: string): string => out.slice(out.indexOf("=== SUMMARY ==="));
