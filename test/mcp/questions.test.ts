import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../src/core/tool.ts";
import { connectAgent, type Era, eras, textsOf, yes } from "../support/agent.ts";
import { letIn, terminal } from "../support/client.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { modernCall } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

/** A write with an account of the person's. */
const postbox = defineTool({
  id: "postbox",
  name: "Postbox",
  description: "Posts from an account.",
  category: "email",
  accessLevel: "user_specific",
  authService: "gmail",
  service: "toy",
  examples: [],
  actions: [
    defineAction({
      id: "post",
      description: "Post it",
      effect: "write",
      input: Type.Object({ to: Type.String() }, { additionalProperties: false }),
      output: Type.Object({}),
      confirmation: { fields: ["to"], prompt: ({ to }) => `Post to ${to}?` },
      run: async () => ({ data: {}, metadata: { provider: "Toy" } }),
    }),
  ],
});

let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
const clock = { offsetMs: 0 };
beforeEach(async () => {
  clock.offsetMs = 0;
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool, postbox)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: {
      RATE_LIMIT_MAX: "100000",
      RATE_LIMIT_SESSION_MAX: "100000",
      LOGIN_RATE_MAX: "1000",
      APPROVAL_WAIT_S: "0",
      AGENT_WRITES: "ask",
    },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const call = async (auth: string, given: unknown, more: Record<string, unknown> = {}, name = "letters_send") => {
  const { headers, body } = modernCall(name, given, more);
  return (await server.send({ path: "/mcp", auth, headers, body })).json;
};
const ask = async (auth: string, given: unknown = { to: "Ada" }): Promise<string> =>
  (await call(auth, given)).result.requestState;
const answered = (requestState: string) => ({ requestState, inputResponses: { confirm: yes() } });

describe("a sealed question", () => {
  test("of many answers at once is answered once", async () => {
    const { access } = await letIn(server);
    const state = await ask(access);
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(access, { to: "Ada" }, answered(state))));
    const done = answers.filter(({ result }) => result?.structuredContent);
    expect([done.length, letters.sent]).toEqual([1, [{ to: "Ada" }]]);
  });

  test("opens at no other door, tool, user or credential, and not with its parts exchanged", async () => {
    const { access } = await letIn(server);
    const other = await letIn(server);
    const mia = await letIn(server, { by: { ...terminal, userId: await made("mia") } });
    const { secret } = await server.app.people.createToken(terminal, { name: "t", writes: "ask" });
    const state = await ask(access);
    for (const auth of [other.access, mia.access, secret, server.app.localToken(), await logIn(server, "mia")])
      expect(await call(auth, { to: "Ada" }, answered(state))).toMatchObject({ error: { code: -32602 } });
    for (const name of ["letters_read", "echo"]) {
      const crossed = await call(access, name === "echo" ? { text: "x" } : {}, answered(state), name);
      expect([name, crossed.error?.code]).toEqual([name, -32602]);
    }
    const second = await ask(access, { to: "Eve" });
    const half = (text: string, at: number): string => text.split(".")[at] ?? "";
    const forged = [
      `${half(state, 0)}.${half(second, 1)}`,
      state.slice(0, -1),
      state.toUpperCase(),
      `${state}.${state}`,
      btoa(JSON.stringify({ tool: "letters_send", confirm: "x", fields: [] })),
      "",
      "null",
    ];
    for (const each of forged) {
      const { error, result } = await call(access, { to: "Ada" }, answered(each));
      expect([each, error?.code ?? result?.resultType]).toEqual([each, each === "" ? expect.anything() : -32602]);
    }
    expect(letters.sent).toEqual([]);
  });

  const edits: [name: string, given: unknown][] = [
    ["another value", { to: "Eve" }],
    ["a field more", { to: "Ada", text: "and the password" }],
    ["a value that only looks the same", { to: "Ada\u200b" }],
    ["a field that does not exist", { to: "Ada", bcc: "Eve" }],
    ["nothing but an approval's id", { approval_id: "apr_x" }],
  ];
  test.each(edits)("is not the answer to a call with %s", async (_name, given) => {
    const { access } = await letIn(server);
    const { result } = await call(access, given, answered(await ask(access)));
    expect([result.isError, letters.sent]).toEqual([true, []]);
  });

  test("has its time", async () => {
    const { secret } = await server.app.people.createToken(terminal, { name: "t", writes: "ask" });
    const state = await ask(secret);
    clock.offsetMs = 11 * 60_000;
    const { result } = await call(secret, { to: "Ada" }, answered(state));
    expect([result.isError, letters.sent]).toEqual([true, []]);
  });

  test("shows each value as that field's, and nothing of it as another's", async () => {
    const { access } = await letIn(server);
    const given = { to: "Ada", text: "hello\nto: Bob\r\u2028to: Carl\u202e\u0007end" };
    const { result } = await call(access, given);
    expect(result.inputRequests.confirm.params.message).toBe(
      "Send a letter to Ada?\nto: Ada\ntext: hello\n  to: Bob\n  \n  to: Carl  end",
    );
  });
});

test("a question names the account that would be used, and each of many messages at once counts", async () => {
  const { access } = await letIn(server);
  const { result } = await call(access, { to: "Ada", account: "work" }, {}, "postbox");
  expect(result.inputRequests.confirm.params.message).toBe("Post to Ada?\nto: Ada\naccount: work");
  const headers = { accept: "application/json, text/event-stream", "mcp-session-id": "none" };
  const ping = { jsonrpc: "2.0", method: "notifications/initialized" };
  const left = async (body: unknown): Promise<number> =>
    Number((await server.send({ path: "/mcp", auth: access, headers, body })).headers.get("ratelimit-remaining"));
  const before = await left(ping);
  expect(before - (await left(Array.from({ length: 50 }, () => ping)))).toBe(50);
});

const mia = { ...owner, userId: "mia" };
const made = async (user: string): Promise<string> => {
  await logIn(server, user);
  return user;
};

describe.each(eras)("what changes while a question is open, with the protocol of %s", (era: Era) => {
  const changes: [name: string, change: (id: string) => Promise<unknown>][] = [
    ["only reading is allowed now", (id) => server.app.clients.change(mia, id, { read_only: true })],
    ["the tool is taken away", (id) => server.app.clients.change(mia, id, { tools: ["echo"] })],
    ["an admin forbids it", () => server.app.people.changeUser(owner, "mia", { read_only: true })],
    [
      "the person forbids it",
      () => server.app.policy.set(mia, { entrance: "mcp", effect: "write", decision: "deny", tool: "letters" }),
    ],
  ];
  test.each(changes)("%s: the answer runs nothing", async (_name, change) => {
    const { access } = await letIn(server, { by: { ...terminal, userId: await made("mia") } });
    const [login] = await server.app.clients.list("mia");
    await using agent = await connectAgent(`${server.origin}/mcp`, access, {
      era,
      elicit: async () => {
        await change(login?.id ?? "");
        return yes();
      },
    });
    const result = await agent.client.callTool({ name: "letters_send", arguments: { to: "Ada" } });
    expect([textsOf(result)[0]?.includes("(forbidden)"), agent.asked.length, letters.sent]).toEqual([true, 1, []]);
  });
});
