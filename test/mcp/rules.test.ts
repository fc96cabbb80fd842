import { afterEach, describe, expect, test } from "bun:test";
import { createOffers } from "../../src/mcp/offer.ts";
import { plainRead } from "../../src/mcp/plain-read.ts";
import { letIn, terminal } from "../support/client.ts";
import { owner } from "../support/home.ts";
import { modernCall } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, echo, toyAdapter } from "../support/toys.ts";

type Server = Awaited<ReturnType<typeof bootServer>>;
let server: Server;
let letters: ReturnType<typeof createLetters>;
let runs: number;
afterEach(() => server[Symbol.asyncDispose]());

async function boot(env: Record<string, string> = {}): Promise<void> {
  letters = createLetters();
  runs = 0;
  const probe = createProbe(async () => {
    runs++;
    return { fine: true };
  });
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool, { ...probe, quotaPerHour: 2 })],
    env: {
      RATE_LIMIT_MAX: "100000",
      RATE_LIMIT_SESSION_MAX: "100000",
      LOGIN_RATE_MAX: "1000",
      APPROVAL_WAIT_S: "0",
      ...env,
    },
  });
}

const calls: [name: string, given: Record<string, unknown>][] = [
  ["echo", { text: "hi" }],
  ["echo", { text: "hi", times: 9 }],
  ["echo", { text: "hi", account: "work" }],
  ["echo", { text: "hi", approval_id: "apr_x" }],
  ["letters_read", {}],
  ["letters_read", { action: "send", to: "Ada" }],
  ["letters_send", { to: "Ada" }],
  ["probe", {}],
  ["probe", {}],
  ["probe", {}],
  ["nope", {}],
];

/** The ways that a message can take: the short one, the SDK's, and a session of the older era. */
const ways = ["short", "long", "session"] as const;
type Way = (typeof ways)[number];

/** The beginning of a session of the older era, with what the client can do. */
async function begin(auth: string, elicits: boolean): Promise<Record<string, string>> {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: elicits ? { elicitation: {} } : {},
    clientInfo: { name: "raw", version: "1" },
  };
  const begun = await server.send({
    path: "/mcp",
    auth,
    headers: { accept: "application/json, text/event-stream" },
    body: { jsonrpc: "2.0", id: 0, method: "initialize", params },
  });
  return { "mcp-session-id": begun.headers.get("mcp-session-id") ?? "", "mcp-protocol-version": "2025-11-25" };
}

async function send(way: Way, auth: string, elicits: boolean, name: string, given: unknown): Promise<unknown> {
  const { headers, body } = modernCall(name, given, way === "long" ? { _meta: { "example/odd": 1 } } : {}, elicits);
  if (way !== "session") {
    const isShort = plainRead(createOffers(server.app), new Request("http://x/", { headers }), body) !== undefined;
    if (way === "long") expect(isShort).toBe(false);
    const { status, json } = await server.send({ path: "/mcp", auth, headers, body });
    return status === 200 || json.error?.code === -32602 ? said(json) : status;
  }
  const session = await begin(auth, elicits);
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given } };
  const answer = await server.send({
    path: "/mcp",
    auth,
    headers: { accept: "application/json, text/event-stream", ...session },
    body: message,
  });
  const data = /^data: (.*)$/m.exec(answer.text)?.[1];
  return answer.status === 200 && data ? said(JSON.parse(data)) : answer.status;
}

/** What an answer tells, without what differs from one call to the next. */
function said({ error, result }: Record<string, unknown>): unknown {
  if (error) return (error as { code: number }).code;
  const { content, structuredContent, isError } = result as Record<string, unknown>;
  const steady = JSON.stringify({ content, structuredContent, isError }).replace(/apr_\w+/g, "apr");
  return JSON.parse(steady.replace(/(mcl|tok|dev)_\w+/g, "$1"));
}

async function listed(auth: string): Promise<string[]> {
  const { headers, body } = modernCall("", {});
  const { _meta } = body.params;
  const { json } = await server.send({
    path: "/mcp",
    auth,
    headers: { ...headers, "mcp-method": "tools/list", "mcp-name": "" },
    body: { ...body, method: "tools/list", params: { _meta } },
  });
  return json.result.tools.map(({ name }: { name: string }) => name);
}

interface Situation {
  env?: Record<string, string>;
  prepare?: () => Promise<unknown>;
  limits?: object;
  /** An API token instead of a program. */
  token?: object;
  /** The tools that are shown. */
  shown: string[];
}

const all = ["echo", "letters_read", "letters_send", "probe"];
const reads = ["echo", "letters_read", "probe"];
const rule =
  (effect: string, decision: string, more: object = {}) =>
  () =>
    server.app.policy.set(owner, { entrance: "mcp", effect, decision, ...more });

const situations: Record<string, Situation> = {
  "nothing special": { shown: all },
  "a setting that names the tools": { env: { MCP_TOOLS: "echo,letters_read" }, shown: ["echo", "letters_read"] },
  "a setting that names a whole tool": { env: { MCP_TOOLS: "letters" }, shown: ["letters_read", "letters_send"] },
  "a setting for reading only": { env: { READ_ONLY: "true" }, shown: reads },
  "a setting that denies a tool": { env: { TOOLS_DENY: "echo" }, shown: ["letters_read", "letters_send", "probe"] },
  "a setting that allows one tool": { env: { TOOLS_ALLOW: "echo" }, shown: ["echo"] },
  "a program for one tool": { limits: { tools: ["letters"] }, shown: ["letters_read", "letters_send"] },
  "a program that only reads": { limits: { read_only: true }, shown: reads },
  "a program that reads one tool": { limits: { tools: ["letters"], read_only: true }, shown: ["letters_read"] },
  "a token for one tool": { token: { tools: ["echo"] }, shown: ["echo"] },
  "a token that only reads": { token: {}, shown: reads },
  "a token that may ask": { token: { writes: "ask" }, shown: all },
  "a tool that is switched off": {
    prepare: () => server.app.changeConfig(owner, "echo", { enabled: false }),
    shown: ["letters_read", "letters_send", "probe"],
  },
  "an own setting of a tool": {
    prepare: () => server.app.changeConfig(owner, "echo", { custom_settings: { times: 3 } }),
    shown: all,
  },
  "a user who only reads": {
    prepare: () => server.app.people.changeUser(owner, "owner", { read_only: true }),
    shown: reads,
  },
  "a user without a tool": {
    prepare: () => server.app.people.changeUser(owner, "owner", { tools_deny: ["echo"] }),
    shown: ["letters_read", "letters_send", "probe"],
  },
  "a rule that denies reading": { prepare: rule("read", "deny"), shown: all },
  "a rule that denies reading with one tool": { prepare: rule("read", "deny", { tool: "echo" }), shown: all },
  "a rule that reading waits": { prepare: rule("read", "approve"), shown: all },
  "a setting that everything asks": { env: { POLICY: "mcp.*=ask" }, shown: all },
  "a rule for everything": { prepare: rule("*", "deny", { entrance: "*" }), shown: all },
  "a setting that reading waits": { env: { POLICY: "mcp.read=approve" }, shown: all },
  "agents that write nothing": { env: { AGENT_WRITES: "deny" }, shown: all },
};

describe.each(Object.keys(situations))("%s", (name) => {
  const situation = situations[name] as Situation;
  test.each([true, false])("holds on each way alike; the client can ask: %p", async (elicits) => {
    const answers: Record<string, unknown[]> = {};
    const lists: string[][] = [];
    for (const way of ways) {
      // The same beginning for each, since some rules count.
      await boot(situation.env ?? {});
      const { token, limits = {} } = situation;
      const auth = token
        ? (await server.app.people.createToken(terminal, { name: "t", ...token })).secret
        : (await letIn(server, { limits })).access;
      await situation.prepare?.();
      lists.push(await listed(auth));
      const heard: [tool: string, given: unknown, said: unknown][] = [];
      for (const [tool, given] of calls) {
        // A question of a session goes out on a stream that stays open until it is answered.
        if (way === "session" && elicits && tool === "letters_send") continue;
        heard.push([tool, given, await send(way, auth, elicits, tool, given)]);
      }
      answers[way] = heard.filter(([tool]) => !(elicits && tool === "letters_send"));
      expect(letters.sent).toEqual([]);
      if (!lists.at(-1)?.includes("probe")) expect(runs).toBe(0);
      // What is not shown cannot be called either.
      for (const hidden of all.filter((each) => !lists.at(-1)?.includes(each))) {
        const given = hidden === "echo" ? { text: "hi" } : hidden === "letters_send" ? { to: "Ada" } : {};
        const answer = JSON.stringify(await send(way, auth, false, hidden, given));
        expect([hidden, /^-32602$|\(forbidden\)|\(tool_disabled\)/.test(answer)]).toEqual([hidden, true]);
      }
      if (way !== "session") await server[Symbol.asyncDispose]();
    }
    expect(answers.short).toEqual(answers.long as unknown[]);
    expect(answers.session).toEqual(answers.long as unknown[]);
    expect(lists).toEqual(ways.map(() => situation.shown));
  });
});

test("a read that waited for a person gives its outcome on each way", async () => {
  for (const way of ways) {
    await boot();
    await rule("read", "approve")();
    const { access } = await letIn(server);
    const waiting = await send(way, access, false, "echo", { text: "hi" });
    expect(JSON.stringify(waiting)).toContain("(approval_required)");
    const [approval] = await server.app.approvals.list("owner", false);
    await server.app.approvals.approve(terminal, approval?.id ?? "");
    const outcome = await send(way, access, false, "echo", { text: "hi", approval_id: approval?.id });
    expect(outcome).toMatchObject({ structuredContent: { said: ["hi"] } });
    if (way !== "session") await server[Symbol.asyncDispose]();
  }
});
