import { afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(async () => {
  await at("daemon", "stop");
  home[Symbol.dispose]();
});
const at = (...words: string[]) => run(words, { home: home.path });

test("status and doctor say when another version runs", async () => {
  await at("daemon", "start", "--port", "0");
  const path = join(home.path, "run", "daemon.json");
  writeFileSync(path, readFileSync(path, "utf8").replace(`"version":"${version}"`, '"version":"0.0.1"'));
  const told = `ersion 0.0.1, and this is ${version}`;
  expect((await at("daemon", "status")).err).toContain(`${told}. Run: mcqueen daemon restart`);
  expect((await at("doctor")).out).toContain(told);
  await at("daemon", "restart");
  expect((await at("daemon", "status")).err).toBe("");
});

test("logs are for people, and with --json for programs", async () => {
  await at("daemon", "start", "--port", "0");
  expect((await at("daemon", "logs")).out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ info {2}serving url=http/m);
  const lines = (await at("daemon", "logs", "--json")).out.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).msg)).toContain("serving");
  const wrong = await at("daemon", "logs", "-n", "many");
  expect([wrong.exit, wrong.err]).toEqual([2, expect.stringContaining("mcqueen daemon logs --lines 50")]);
});

test("what is off already stops nothing", async () => {
  const { pid } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  expect((await at("lan", "off")).exit).toBe(0);
  expect((await at("daemon", "status")).out).toMatch(/^LAN: off$/m);
  expect((await at("daemon", "status", "--json")).json.data.pid).toBe(pid);
});

test.each([
  ["a port that is taken", ["--port", "TAKEN"], 6, "is taken by another program"],
  ["an address beyond this computer", ["--host", "0.0.0.0"], 8, "is not a loopback address"],
  ["a file that is not there", ["--env-file", "/nowhere/.env"], 2, "does not exist"],
  ["a bad port", ["--port", "70000"], 2, "PORT must be at most 65535"],
])("restart with %s refuses before it stops anything", async (_, options, code, says) => {
  using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => undefined } });
  const { pid } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  const words = options.map((word) => word.replace("TAKEN", String(taken.port)));
  const { exit, err } = await at("daemon", "restart", ...words);
  expect([exit, err]).toEqual([code, expect.stringContaining(says)]);
  expect((await at("daemon", "status", "--json")).json.data.pid).toBe(pid);
});

test("restart at its own port is no conflict", async () => {
  const { url } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  const again = await at("daemon", "restart", "--port", new URL(url).port, "--json");
  expect([again.exit, again.json.data.url]).toEqual([0, url]);
});

test("what is refused only at the start lets the old daemon run again, as it was", async () => {
  const file = join(home.path, "bad.env");
  writeFileSync(file, "TOOLS_DENY=no_such_tool\n");
  const { url } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  const { exit, json } = await at("daemon", "restart", "--env-file", file, "--json", "--quiet");
  expect([exit, json.error]).toEqual([2, expect.stringContaining("no_such_tool")]);
  expect(json.hint).toContain(`It runs again as it was, at ${url} (pid `);
  expect((await at("daemon", "status", "--json")).json.data.url).toBe(url);
});

test("a daemon that does not answer is no success", async () => {
  const { pid } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  process.kill(pid, "SIGSTOP");
  const hung = await at("daemon", "status");
  process.kill(pid, "SIGCONT");
  expect([hung.exit, hung.out]).toEqual([1, expect.stringContaining("mcqueen daemon restart")]);
  expect((await at("daemon", "status")).exit).toBe(0);
});
