import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { defineAdapter } from "../../src/core/adapter.ts";
import { defineAction, defineTool } from "../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { type Asked, connectAgent, eras, textsOf } from "../support/agent.ts";
import { consentAt, gmail } from "../support/google.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const mailbox = defineTool({
  id: "mailbox",
  name: "Mailbox",
  description: "Whose mailbox it is.",
  category: "email",
  accessLevel: "user_specific",
  authService: "gmail",
  service: "gmail",
  examples: [],
  actions: [
    defineAction({
      id: "whose",
      description: "Whose it is",
      effect: "read",
      scopes: [gmail("readonly")],
      input: Type.Object({}, { additionalProperties: false }),
      output: Type.Object({ account: Type.String() }),
      run: async (_input, { connection }) => ({
        data: { account: connection?.account ?? "" },
        metadata: { provider: "Gmail" },
      }),
    }),
  ],
});

const publicUrl = "https://mcqueen.example";
let google: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
let session: string;
let users = 0;
beforeAll(async () => {
  google = await startSandbox();
  server = await bootServer({
    adapters: [defineAdapter({ service: "gmail", name: "Gmail", tools: [mailbox] })],
    env: {
      ...google.baseUrls,
      RATE_LIMIT_MAX: "100000",
      LOGIN_RATE_MAX: "1000",
      APPROVAL_WAIT_S: "0",
      PUBLIC_URL: publicUrl,
    },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await google.stop();
});
beforeEach(async () => {
  users++;
  session = await logIn(server, `user${users}`);
});

const call = { name: "mailbox", arguments: {} };
const open = (url = "", headers: Record<string, string> = {}) => fetch(url, { redirect: "manual", headers });

/** What a person does with the link: the service's page, a yes, and back to us. */
async function follow({ url }: Asked) {
  const sent = await open(url);
  const back = await consentAt(sent.headers.get("location") ?? "");
  expect((await fetch(back)).status).toBe(200);
  return { action: "accept" as const };
}

describe.each(eras)("a login that a call needs, with the protocol of %s", (era) => {
  const connect = (elicit?: (asked: Asked) => ReturnType<typeof follow>) =>
    connectAgent(`${server.origin}/mcp`, session, { era, ...(elicit ? { elicit } : {}) });

  test("the person is given a link of ours, logs in, and the call goes on", async () => {
    await using agent = await connect(follow);
    const result = await agent.client.callTool(call);
    expect(result.structuredContent).toEqual({ account: "ada.lovelace@example.com" });
    expect(agent.asked).toHaveLength(1);
    expect(agent.asked[0]?.mode).toBe("url");
    expect(agent.asked[0]?.url).toMatch(new RegExp(`^${server.origin}/connect/gmail\\?ticket=[\\w-]{43}$`));
    expect((await agent.client.callTool(call)).structuredContent).toEqual({ account: "ada.lovelace@example.com" });
    expect(agent.asked).toHaveLength(1);
  });

  test("who never opens it gets the sentence and what mends it", async () => {
    await using agent = await connect(async () => ({ action: "accept" as const }));
    const result = await agent.client.callTool(call);
    expect(textsOf(result)[0]).toBe(
      "Authentication required for service gmail\nRun: mcqueen login gmail\n(auth_required)",
    );
    expect(agent.asked).toHaveLength(1);
  });

  test("a program that cannot show a link gets the same", async () => {
    await using agent = await connect();
    expect(textsOf(await agent.client.callTool(call))[0]).toContain("(auth_required)");
  });
});

describe("the link", () => {
  const issue = async (origin = server.origin) => {
    const user = await server.app.people.identify(session);
    if (!user) throw new Error("no user");
    return (
      origin +
      (await server.app.connectTickets.issue({ service: "gmail", caller: { ...user.caller, entrance: "mcp" } }))
    );
  };

  test("opens once, of many at once too", async () => {
    const url = await issue();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400, 400, 400, 400, 400, 400, 400]);
  });

  test("opens for the service that it is for, and no made-up one opens", async () => {
    expect((await open((await issue()).replace("/gmail", "/google_calendar"))).status).toBe(400);
    expect((await open(`${server.origin}/connect/gmail?ticket=${"x".repeat(43)}`)).status).toBe(400);
    expect((await open(`${server.origin}/connect/gmail`)).status).toBe(400);
  });

  test("links the account to the person whose program asked, whoever opens it", async () => {
    const sent = await open(await issue());
    await fetch(await consentAt(sent.headers.get("location") ?? ""));
    expect([...(await server.app.accounts.linked(`user${users}`))]).toEqual(["gmail"]);
    expect((await server.app.accounts.linked("owner")).has("gmail")).toBe(false);
  });

  test("elsewhere than on this computer a page says first whose login it is", async () => {
    const url = (await issue("")).replace(/^/, server.origin);
    const host = { host: new URL(publicUrl).host };
    const page = await open(url, host);
    const text = await page.text();
    expect([page.status, text.includes(`Go on only if you are user${users}`)]).toEqual([200, true]);
    expect((await open(url, host)).status).toBe(200);
    const href = /<a href="([^"]+)"/.exec(text)?.[1]?.replaceAll("&#38;", "&") ?? "";
    const sent = await open(String(new URL(href, url)), host);
    // A desktop client of this service comes back to loopback alone, which a browser elsewhere cannot reach.
    expect([sent.status, (await sent.text()).includes("mcqueen login gmail")]).toEqual([409, true]);
  });

  test("goes by https or on this computer, never in the open", async () => {
    await using agent = await connectAgent(`${server.origin}/mcp`, session, {
      era: "2026-07-28",
      elicit: async () => ({ action: "decline" }),
    });
    const result = await agent.client.callTool(call);
    expect(textsOf(result)[0]).toContain("(declined)");
    expect(agent.asked[0]?.url?.startsWith("http://127.0.0.1:")).toBe(true);
  });
});
