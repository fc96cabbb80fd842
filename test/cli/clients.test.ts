import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { binary, run } from "../support/binary.ts";
import { exchange, opens, pageOf, register } from "../support/client.ts";
import { bootServer } from "../support/server.ts";
import { numberAsked, numberOn, openTerminal, tmux, withTerminal } from "../support/terminal.ts";
import { echo, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => void (await binary()), 60_000);
beforeEach(async () => {
  server = await bootServer({ adapters: [toyAdapter(echo)], env: { RATE_LIMIT_MAX: "1000", LOGIN_RATE_MAX: "100" } });
});
afterEach(() => server[Symbol.asyncDispose]());
const at = (...words: string[]) => run(words, { home: server.app.homePath });

test.skipIf(!tmux)(
  withTerminal("a person at a terminal lets a program in, sees it, holds it back, and ends it"),
  async () => {
    const { client_id } = (await register(server)).json;
    const { number, path } = await pageOf(server, client_id);
    {
      await using terminal = await openTerminal(server.app.homePath);
      const shown = await terminal.ask(`clients allow ${number} --tool get_weather`, numberAsked);
      expect(shown).toContain("Test Agent (so it says)");
      expect(shown).toContain("127.0.0.1:33418");
      expect(await terminal.answer("000000")).toMatchObject({ exit: 4 });
      const again = await terminal.ask(`clients allow ${number.replace("-", "")} --tool get_weather`, /to go on:\s*$/);
      expect(await terminal.answer(numberOn(again.slice(again.lastIndexOf("clients allow"))))).toMatchObject({
        exit: 0,
      });
    }
    const back = new URL((await server.send({ path, auth: null })).headers.get("location") ?? "");
    const { access_token } = (await exchange(server, client_id, back.searchParams.get("code") ?? "")).json;
    expect(await opens(server, access_token)).toBe(true);

    const listed = await at("clients", "list");
    expect(listed.out).toMatch(/Test Agent +127\.0\.0\.1:33418 +get_weather +when you approve/);
    expect((await at("clients", "set", "Test Agent", "--read-only", "--json")).json.client).toMatchObject({
      read_only: true,
    });
    const widened = await at("clients", "set", "Test Agent", "--all-tools");
    expect([widened.exit, widened.err.includes("Only a person")]).toEqual([8, true]);
    expect((await at("clients", "revoke", "Test Agent")).out).toBe("Test Agent is out.\n");
    expect(await opens(server, access_token)).toBe(false);
  },
  30_000,
);

test("a program lets nobody in, and unknown numbers and names are told", async () => {
  const { client_id } = (await register(server)).json;
  const { number } = await pageOf(server, client_id);
  const allowed = await at("clients", "allow", number);
  expect([allowed.exit, allowed.err.includes("wants a person at a terminal")]).toEqual([8, true]);
  const denied = await at("clients", "deny", number);
  expect([denied.exit, denied.err.includes("Only a person")]).toEqual([8, true]);
  expect((await at("clients", "revoke", "nobody")).exit).toBe(6);
  expect((await at("clients", "set", "nobody")).exit).toBe(2);
  expect((await at("clients", "list")).out).toContain("No program logs in by itself");
});

test("AGENT_WRITES=ask lets more through, so the very first value wants a person too", async () => {
  const set = await at("settings", "set", "AGENT_WRITES", "ask");
  expect([set.exit, set.err.includes("wants a person at a terminal")]).toEqual([8, true]);
  expect((await at("settings", "set", "MCP_TOOLS", "get_weather")).exit).toBe(0);
  expect((await at("settings", "unset", "MCP_TOOLS")).exit).toBe(8);
});
