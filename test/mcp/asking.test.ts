import { afterEach, describe, expect, test } from "bun:test";
import { connectAgent, eras, textsOf, yes } from "../support/agent.ts";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
afterEach(() => server[Symbol.asyncDispose]());

async function boot(env: Record<string, string> = {}) {
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(letters.tool)],
    env: { RATE_LIMIT_MAX: "100000", APPROVAL_WAIT_S: "0", ...env },
  });
}

describe.each(eras)("AGENT_WRITES with the protocol of %s", (era) => {
  const connect = (elicit?: Parameters<typeof connectAgent>[2]["elicit"]) =>
    connectAgent(`${server.origin}/mcp`, server.app.localToken(), { era, ...(elicit ? { elicit } : {}) });
  const send = { name: "letters_send", arguments: { to: "Ada", text: "hello" } };

  test("ask: the client's person is asked, sees each value, and their yes runs it once", async () => {
    await boot({ AGENT_WRITES: "ask" });
    await using agent = await connect(yes);
    const result = await agent.client.callTool(send);
    expect(result.structuredContent).toEqual({ id: "1" });
    expect(agent.asked).toEqual([{ message: "Send a letter to Ada?\nto: Ada\ntext: hello", mode: "form" }]);
    expect(letters.sent).toHaveLength(1);
  });

  test.each([
    ["no", { action: "decline" as const }],
    ["a closed window", { action: "cancel" as const }],
    ["a yes without the tick", { action: "accept" as const, content: { confirm: false } }],
    ["a yes without content", { action: "accept" as const }],
  ])("ask: %s runs nothing", async (_name, answer) => {
    await boot({ AGENT_WRITES: "ask" });
    await using agent = await connect(() => answer);
    const result = await agent.client.callTool(send);
    expect([result.isError, textsOf(result)[0]?.includes("(declined)"), letters.sent]).toEqual([true, true, []]);
  });

  test("ask: a client that cannot ask gets an approval instead", async () => {
    await boot({ AGENT_WRITES: "ask" });
    await using agent = await connect();
    const result = await agent.client.callTool(send);
    expect([textsOf(result)[0]?.includes("(approval_required)"), letters.sent]).toEqual([true, []]);
  });

  test("deny: nothing is asked, and nothing runs", async () => {
    await boot({ AGENT_WRITES: "deny" });
    await using agent = await connect(yes);
    const result = await agent.client.callTool(send);
    expect([textsOf(result)[0]?.includes("(forbidden)"), agent.asked, letters.sent]).toEqual([true, [], []]);
  });

  test("a rule of the person's for agents counts, and the setting tightens it", async () => {
    await boot();
    await server.app.policy.set(owner, { entrance: "mcp", effect: "write", decision: "ask" });
    await using agent = await connect(yes);
    expect((await agent.client.callTool(send)).structuredContent).toEqual({ id: "1" });
    await server[Symbol.asyncDispose]();
    await boot({ AGENT_WRITES: "approve" });
    await server.app.policy.set(owner, { entrance: "mcp", effect: "write", decision: "allow" });
    await using held = await connect(yes);
    expect(textsOf(await held.client.callTool(send))[0]).toContain("(approval_required)");
  });
});

test("a sealed question opens to nobody else, for no other call, and only once", async () => {
  await boot({ AGENT_WRITES: "ask" });
  const { secret } = await server.app.people.createToken(owner, { name: "other", writes: "ask" });
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } },
  };
  const post = async (more: Record<string, unknown>, auth = server.app.localToken(), to = "Ada") =>
    (
      await server.send({
        path: "/mcp",
        auth,
        headers: {
          accept: "application/json, text/event-stream",
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "letters_send",
        },
        body: {
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "letters_send", arguments: { to }, _meta: meta, ...more },
        },
      })
    ).json;
  const { result } = await post({});
  expect(result).toMatchObject({
    resultType: "input_required",
    inputRequests: { confirm: { method: "elicitation/create", params: { mode: "form" } } },
  });
  const again = { requestState: result.requestState, inputResponses: { confirm: yes() } };
  expect(await post(again, secret)).toMatchObject({ error: { code: -32602 } });
  expect(await post({ ...again, requestState: `${result.requestState}x` })).toMatchObject({ error: { code: -32602 } });
  expect((await post(again, undefined, "Eve")).result.content[0].text).toContain("(conflict)");
  expect(letters.sent).toEqual([]);
  expect((await post(again)).result.structuredContent).toEqual({ id: "1" });
  expect((await post(again)).result.content[0].text).toContain("(conflict)");
  expect(letters.sent).toHaveLength(1);
  // An answer to a question that was never asked confirms nothing.
  expect((await post({ inputResponses: { confirm: yes() } })).result.resultType).toBe("input_required");
  expect(letters.sent).toHaveLength(1);
});
