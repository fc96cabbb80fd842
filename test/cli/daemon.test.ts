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

test("a daemon that does not answer is no success", async () => {
  const { pid } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
  process.kill(pid, "SIGSTOP");
  const hung = await at("daemon", "status");
  process.kill(pid, "SIGCONT");
  expect([hung.exit, hung.out]).toEqual([1, expect.stringContaining("mcqueen daemon restart")]);
  expect((await at("daemon", "status")).exit).toBe(0);
});
