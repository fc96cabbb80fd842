import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { agentNameOf } from "../../src/core/agent-name.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { expectations } from "../http/matrix.ts";
import { adapters, sandboxAdapters } from "../support/adapters.ts";
import { connectAgent, eras, spawnAgent, textsOf, yes } from "../support/agent.ts";
import { binary, run } from "../support/binary.ts";
import { authorize, codeFor, letIn, pageOf, register, terminal } from "../support/client.ts";
import { logInAtTerminal } from "../support/google-login.ts";
import { createHome, owner } from "../support/home.ts";
import { link } from "../support/linked.ts";
import { startOwnSandbox } from "../support/messaging.ts";
import { modernCall } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { writes } from "../support/writes.ts";

let sandbox: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  sandbox = await startOwnSandbox();
  server = await bootServer({
    adapters: [...adapters, ...sandboxAdapters],
    env: {
      ...sandbox.baseUrls,
      RATE_LIMIT_MAX: "100000",
      RATE_LIMIT_SESSION_MAX: "100000",
      LOGIN_RATE_MAX: "1000",
      APPROVAL_WAIT_S: "0",
    },
  });
  await link(server.app, terminal);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await sandbox.stop();
});

/** What reached a service beside logins: nothing may, since each of these calls writes. */
const reached = () =>
  sandbox.requests.filter(({ upstream, method }) => method !== "GET" && !/oauth|accounts/.test(upstream));

test("the list of writes is whole", () => {
  const named = server.app.registry.tools.flatMap((tool) =>
    tool.actions.filter(({ effect }) => effect !== "read").map((action) => agentNameOf(tool, action)),
  );
  expect(writes.map(([name]) => name).toSorted()).toEqual(named.toSorted());
});

const credentials: [name: string, make: () => Promise<string>][] = [
  ["a program that was let in", async () => (await letIn(server)).access],
  ["an API token", () => tokenFor("deny")],
  ["an API token that may ask for approval", () => tokenFor("approve")],
];
let made = 0;
async function tokenFor(choice: string): Promise<string> {
  made++;
  const body = { name: `t${made}`, writes: choice, destructive: choice };
  return (await server.app.people.createToken(terminal, body)).secret;
}

describe.each(eras)("an agent that says yes to everything, with the protocol of %s", (era) => {
  test.each(credentials)(
    "sends nothing as %s, whatever it passes along",
    async (_name, make) => {
      const secret = await make();
      await using agent = await connectAgent(`${server.origin}/mcp`, secret, { era, elicit: yes });
      for (const [name, given] of writes) {
        const first = await agent.client.callTool({ name, arguments: given });
        const text = textsOf(first).join("\n");
        expect([name, first.isError]).toEqual([name, true]);
        expect(text).toMatch(/\((approval_required|forbidden)\)$/);
        expect(text).not.toMatch(/mcqueen (approvals|clients|policy|tokens)|\/approve|\/api\//);
        const id = /apr_\w+/.exec(text)?.[0] ?? "apr_none";
        const further: Record<string, unknown>[] = [
          { approval_id: id },
          { ...given, approval_id: id },
          { ...given, approved: true },
          { ...given, approvedId: id },
          { ...given, voice_confirmations: { to: true, action: true, subject: true } },
          { ...given, confirmation_id: id, confirmations: { to: true } },
          { ...given, action: "read" },
          { ...given, user_id: "owner", caller: terminal },
        ];
        for (const each of further) {
          const again = await agent.client.callTool({ name, arguments: each });
          expect([name, Object.keys(each), again.isError]).toEqual([name, Object.keys(each), true]);
        }
        for (const _meta of [{ approvedId: id }, { "mcqueen/approved": true }, { interactive: true }]) {
          const again = await agent.client.callTool({ name, arguments: given, _meta });
          expect(again.isError).toBe(true);
        }
      }
      expect([agent.asked, reached()]).toEqual([[], []]);
    },
    60_000,
  );

  test("sends nothing over stdio either", async () => {
    using home = createHome();
    await logInAtTerminal(home.path, "gmail", "ada.lovelace@example.com");
    const env = { PATH: process.env.PATH ?? "", HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" };
    const command = [await binary(), "--sandbox", "mcp"];
    await using agent = await spawnAgent(command, { ...env, APPROVAL_WAIT_S: "0" }, { era, elicit: yes });
    const mine = await agent.client.callTool({ name: "email_personal_search", arguments: { query: "in:inbox" } });
    for (const [name, given] of writes) {
      const first = await agent.client.callTool({ name, arguments: given });
      const id = /apr_\w+/.exec(textsOf(first)[0] ?? "")?.[0] ?? "";
      expect([name, first.isError, id]).toEqual([name, true, expect.stringMatching(/^apr_/)]);
      const again = await agent.client.callTool({ name, arguments: { ...given, approval_id: id } });
      expect([name, again.isError]).toEqual([name, true]);
      // What an agent could run in a shell of its own has no terminal.
      const approved = await run(["--sandbox", "approvals", "approve", id], { home: home.path, stdin: "1234\n" });
      expect([approved.exit === 0, approved.out.includes("done")]).toEqual([false, false]);
    }
    const sent = await agent.client.callTool({
      name: "email_personal_search",
      arguments: { query: "in:sent subject:Plans newer_than:1d" },
    });
    expect([mine.isError ?? false, sent.structuredContent]).toEqual([false, expect.objectContaining({ messages: [] })]);
    expect(agent.asked).toEqual([]);
  }, 60_000);

  test("sends nothing through the compiled daemon either", async () => {
    using home = createHome();
    const at = (...words: string[]) => run(["--sandbox", ...words], { home: home.path, env: { APPROVAL_WAIT_S: "0" } });
    await logInAtTerminal(home.path, "gmail", "ada.lovelace@example.com");
    const { url } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
    try {
      const { token } = (await at("tokens", "create", "agent", "--writes", "approve", "--json")).json;
      await using agent = await connectAgent(`${url}/mcp`, token, { era, elicit: yes });
      for (const [name, given] of writes) {
        const { isError, content } = await agent.client.callTool({ name, arguments: given });
        expect([name, isError]).toEqual([name, true]);
        expect(textsOf({ content }).join()).toMatch(/\((approval_required|forbidden)\)$/);
      }
      const { approvals } = (await at("approvals", "list", "--json")).json;
      for (const { id } of approvals) {
        const path = `${url}/api/v1/mcp/approvals/${id}/approve`;
        const { status } = await fetch(path, { method: "POST", headers: { authorization: `Bearer ${token}` } });
        expect(status).toBe(403);
      }
      const sent = await agent.client.callTool({
        name: "email_personal_search",
        arguments: { query: "in:sent subject:Plans newer_than:1d" },
      });
      expect([approvals.length > 5, sent.structuredContent, agent.asked]).toEqual([
        true,
        expect.objectContaining({ messages: [] }),
        [],
      ]);
    } finally {
      expect((await at("daemon", "stop")).exit).toBe(0);
    }
  }, 60_000);
});

test("nothing that an agent can get hold of opens a route by which it could approve", async () => {
  const { access, refresh } = await letIn(server);
  const { code, path: spent } = await codeFor(server);
  const { client_id: clientId } = (await register(server)).json;
  const { path, number } = await pageOf(server, clientId);
  const token = await tokenFor("approve");
  const { headers, body } = modernCall("notes_add", { title: "x" });
  const asked = await server.send({ path: "/mcp", headers, body, auth: access });
  const id = /apr_\w+/.exec(asked.text)?.[0] ?? "";
  const link = await server.app.connectTickets.issue({ service: "gmail", caller: { ...owner, entrance: "mcp" } });
  const ticket = new URLSearchParams(link.slice(link.indexOf("?"))).get("ticket") ?? "";
  const secretOf = (page: string): string => new URLSearchParams(page.slice(page.indexOf("?"))).get("id") ?? "";
  const session = asked.headers.get("mcp-session-id") ?? "none";
  const held = [access, refresh, code, secretOf(path), secretOf(spent), ticket, number, id, clientId, session, "stdio"];

  const isForPeople = (level: string): boolean => ["user", "admin", "tools"].includes(level);
  for (const [name, { level, path: at, body: given }] of Object.entries(expectations)) {
    if (!isForPeople(level)) continue;
    const method = name.slice(0, name.indexOf(" "));
    for (const auth of held) {
      const { status } = await server.send({ method, path: at, auth, ...(given ? { body: given } : {}) });
      expect([name, auth, status]).toEqual([name, auth, 401]);
    }
    if (level === "tools") continue;
    const { status } = await server.send({ method, path: at, auth: token, ...(given ? { body: given } : {}) });
    expect([name, status]).toEqual([name, 403]);
  }
  for (const auth of [...held, token]) {
    for (const way of ["approve", "deny"]) {
      const { status } = await server.send({ method: "POST", path: `/api/v1/mcp/approvals/${id}/${way}`, auth });
      expect(status).toBe(auth === token ? 403 : 401);
    }
    for (const [route, given] of [
      ["/api/v1/auth/login", { user_id: "owner", auth_token: auth }],
      ["/api/v1/auth/device", { device_token: auth }],
      ["/api/v1/devices/claim", { code: auth, name: "phone" }],
    ] as const) {
      const { status } = await server.send({ path: route, auth: null, body: given });
      expect([route, auth, status]).toEqual([route, auth, expect.any(Number)]);
      expect([route, auth, status >= 400 && status < 500]).toEqual([route, auth, true]);
    }
  }
  // Nor does it let another program in, that would be held less.
  const wish = await authorize(server, clientId);
  expect(wish.status).toBe(302);
  for (const auth of [...held, token]) {
    const { status } = await server.send({
      path: `/api/v1/clients/requests/${number}/allow`,
      auth,
      body: {},
    });
    expect([auth, [401, 403].includes(status)]).toEqual([auth, true]);
  }
  expect(await server.app.approvals.show("owner", id)).toMatchObject({ status: "pending" });
  expect(reached()).toEqual([]);
}, 60_000);
