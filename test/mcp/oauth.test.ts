import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  Client,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type OAuthTokens,
  type StoredOAuthClientInformation,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { eras, textsOf } from "../support/agent.ts";
import { letIn, redirectUri, terminal } from "../support/client.ts";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
const clock = { offsetMs: 0 };
beforeEach(async () => {
  clock.offsetMs = 0;
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000", APPROVAL_WAIT_S: "0" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

/** What a program keeps of its login. */
function createMemory() {
  const kept: {
    client?: StoredOAuthClientInformation;
    tokens?: OAuthTokens;
    verifier?: string;
    sentTo?: URL;
    discovered?: OAuthDiscoveryState;
  } = {};
  const provider: OAuthClientProvider = {
    redirectUrl: redirectUri,
    clientMetadata: { client_name: "SDK client", redirect_uris: [redirectUri], token_endpoint_auth_method: "none" },
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens;
    },
    redirectToAuthorization: (url) => {
      kept.sentTo = url;
    },
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? "",
    saveDiscoveryState: (state) => {
      kept.discovered = state;
    },
    discoveryState: () => kept.discovered,
  };
  return { kept, provider };
}

describe.each(eras)("the SDK's client with the protocol of %s", (era) => {
  const mode = era === "2026-07-28" ? { pin: era } : ("legacy" as const);
  const makeClient = () => new Client({ name: "c", version: "1" }, { versionNegotiation: { mode } });

  test("logs in with nothing but the address, works, and renews its login by itself", async () => {
    const { kept, provider } = createMemory();
    const url = new URL(`${server.origin}/mcp`);
    const first = new StreamableHTTPClientTransport(url, { authProvider: provider });
    await expect(makeClient().connect(first)).rejects.toThrow(UnauthorizedError);

    const sent = await fetch(kept.sentTo ?? "", { redirect: "manual" });
    const page = new URL(sent.headers.get("location") ?? "", url);
    const number = /class="number">([\d-]+)</.exec(await (await fetch(page)).text())?.[1] ?? "";
    await server.app.clients.allow(terminal, number, { tools: ["echo"] });
    const back = await fetch(page, { redirect: "manual" });
    const { searchParams } = new URL(back.headers.get("location") ?? "");
    await first.finishAuth(searchParams);

    const client = makeClient();
    await client.connect(new StreamableHTTPClientTransport(url, { authProvider: provider }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo"]);
    const before = kept.tokens?.access_token;
    clock.offsetMs = 16 * 60_000;
    const result = await client.callTool({ name: "echo", arguments: { text: "still here" } });
    expect(result.structuredContent).toEqual({ said: ["still here"] });
    expect(kept.tokens?.access_token).not.toBe(before);
    await client.close();
  });

  const connect = async (token: string) => {
    const client = makeClient();
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`), { requestInit }));
    return client;
  };

  test("sees and runs what it was let in for, and no more", async () => {
    const { access } = await letIn(server, { limits: { tools: ["letters"], read_only: true } });
    const client = await connect(access);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["letters_read"]);
    const said = await client.callTool({ name: "echo", arguments: { text: "x" } });
    const sent = await client.callTool({ name: "letters_send", arguments: { to: "Ada" } });
    for (const result of [said, sent]) expect(textsOf(result)[0]).toContain("(forbidden)");
    const [{ id } = { id: "" }] = await server.app.clients.list("owner");
    await server.app.clients.change(terminal, id, { tools: null, read_only: false });
    expect((await client.listTools()).tools).toHaveLength(3);
    await client.close();
  });

  test("an API token sees what it was made for, and never approves", async () => {
    const { secret } = await server.app.people.createToken(owner, { name: "t", tools: ["letters"], writes: "approve" });
    const client = await connect(secret);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["letters_read", "letters_send"]);
    const asked = await client.callTool({ name: "letters_send", arguments: { to: "Ada" } });
    const id = /apr_\w+/.exec(textsOf(asked)[0] ?? "")?.[0] ?? "";
    const approve = { method: "POST", path: `/api/v1/mcp/approvals/${id}/approve`, auth: secret };
    expect([(await server.send(approve)).status, letters.sent]).toEqual([403, []]);
    await client.close();
  });
});

test("the session that let a program in cannot approve what it writes; a terminal can", async () => {
  const session = { ...owner, entrance: "rest" as const, credentialId: "ses_0123456789ab" };
  const { access } = await letIn(server, { by: session });
  const answer = await server.send({
    path: "/mcp",
    auth: access,
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
      params: {
        name: "letters_send",
        arguments: { to: "Ada" },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    },
  });
  const id = /apr_\w+/.exec(answer.text)?.[0] ?? "";
  await expect(server.app.approvals.approve(session, id)).rejects.toThrow("Who asked for this cannot approve it");
  expect(await server.app.approvals.approve(terminal, id)).toMatchObject({ ok: true });
  expect(letters.sent).toEqual([{ to: "Ada" }]);
});

test("an open stream ends when its login does", async () => {
  const { access } = await letIn(server);
  const headers = {
    authorization: `Bearer ${access}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
  };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };
  const begun = await fetch(`${server.origin}/mcp`, {
    method: "POST",
    headers,
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params }),
  });
  await begun.text();
  const session = { ...headers, "mcp-session-id": begun.headers.get("mcp-session-id") ?? "" };
  const stream = await fetch(`${server.origin}/mcp`, { headers: session });
  expect(stream.status).toBe(200);
  const other = await letIn(server);
  const stolen = await fetch(`${server.origin}/mcp`, {
    headers: { ...session, authorization: `Bearer ${other.access}` },
  });
  expect(stolen.status).toBe(404);
  const [{ id } = { id: "" }] = await server.app.clients.list("owner");
  await server.app.clients.revoke(terminal, id);
  await stream.text();
  expect((await fetch(`${server.origin}/mcp`, { headers: session })).status).toBe(401);
});
