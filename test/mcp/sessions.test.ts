import { afterEach, beforeEach, expect, test } from "bun:test";
import { createLoginPage } from "../../src/mcp/login-page.ts";
import { eras, spawnAgent } from "../support/agent.ts";
import { binary, run } from "../support/binary.ts";
import { createHome, owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { echo, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
beforeEach(async () => {
  server = await bootServer({ adapters: [toyAdapter(echo)], env: { RATE_LIMIT_MAX: "100000" } });
});
afterEach(() => server[Symbol.asyncDispose]());

const headers = { accept: "application/json, text/event-stream" };
const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
const begin = async (auth = server.app.localToken()): Promise<string> => {
  const body = { jsonrpc: "2.0", id: 1, method: "initialize", params };
  return (await server.send({ path: "/mcp", body, headers, auth })).headers.get("mcp-session-id") ?? "";
};
const ping = async (session: string, auth = server.app.localToken()): Promise<number> => {
  const body = { jsonrpc: "2.0", id: 2, method: "ping" };
  return (await server.send({ path: "/mcp", body, headers: { ...headers, "mcp-session-id": session }, auth })).status;
};

test("a session opens to the credential that began it, until it is ended", async () => {
  const session = await begin();
  expect(session).toMatch(/^[\w-]{32}$/);
  const { secret } = await server.app.people.createToken(owner, { name: "other" });
  expect([await ping(session), await ping(session, secret), await ping("made-up")]).toEqual([200, 404, 404]);
  const end = { method: "DELETE", path: "/mcp", headers: { ...headers, "mcp-session-id": session } };
  expect((await server.send(end)).status).toBe(200);
  expect(await ping(session)).toBe(404);
});

test("one credential holds so many sessions and no more; the longest unused goes, another's stays", async () => {
  const { secret } = await server.app.people.createToken(owner, { name: "other" });
  const others = await begin(secret);
  const own: string[] = [];
  while (own.length < 20) own.push(await begin());
  const [first = "", second = "", third = ""] = own;
  expect(await ping(first)).toBe(200);
  const last = await begin();
  expect([await ping(second), await ping(first), await ping(third), await ping(last)]).toEqual([404, 200, 200, 200]);
  expect(await ping(others, secret)).toBe(200);
});

test("one credential holds so many streams and no more; who closes one may open another", async () => {
  const open: Response[] = [];
  const listen = async (): Promise<Response> => {
    const session = await begin();
    const auth = { authorization: `Bearer ${server.app.localToken()}`, "mcp-session-id": session };
    return fetch(`${server.origin}/mcp`, { headers: { ...headers, ...auth } });
  };
  while (open.length < 20) open.push(await listen());
  expect(open.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect((await server.send({ path: "/mcp", headers: { ...headers, "mcp-session-id": "any" } })).status).toBe(429);
  await open[0]?.body?.cancel();
  for (let tries = 0; ; tries++) {
    const again = await listen();
    if (again.status === 200 || tries === 50) {
      expect(again.status).toBe(200);
      await again.body?.cancel();
      break;
    }
    await Bun.sleep(20);
  }
  for (const each of open.slice(1)) await each.body?.cancel();
});

test("where no daemon serves one, the page of a link is this process's own, for its own name and path alone", async () => {
  const page = createLoginPage(server.app);
  const link = page.linkTo(await server.app.connectTickets.issue({ service: "gmail", caller: owner }));
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/connect\/gmail\?ticket=[\w-]{43}$/);
  const open = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });
  expect((await open(link, { headers: { host: "evil.example" } })).status).toBe(404);
  expect((await open(link, { method: "POST" })).status).toBe(404);
  expect((await open(new URL("/", link).href)).status).toBe(404);
  // No app of the service is set up here, and that is said once: the link is used up.
  const said = await open(link);
  expect([said.status, (await said.text()).includes("Google")]).toEqual([409, true]);
  expect((await open(link)).status).toBe(400);
  await page.close();
  expect(open(link)).rejects.toThrow();
});

test.each(eras)(
  "on stdio too a client hears that its tools are others now (%s)",
  async (era) => {
    using home = createHome();
    const heard = Promise.withResolvers<void>();
    const env = { PATH: process.env.PATH ?? "", HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" };
    const command = [await binary(), "--sandbox", "mcp"];
    await using agent = await spawnAgent(command, env, { era, onToolsChanged: () => heard.resolve() });
    const toggled = await run(["--sandbox", "config", "get_weather", "disable"], { home: home.path });
    expect(toggled.exit).toBe(0);
    await heard.promise;
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).not.toContain("get_weather");
  },
  30_000,
);
