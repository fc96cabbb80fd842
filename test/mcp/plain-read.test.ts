import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createOffers } from "../../src/mcp/offer.ts";
import { plainRead } from "../../src/mcp/plain-read.ts";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, refusing, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool, refusing("upstream_rejected", "no, says the service"))],
    env: { RATE_LIMIT_MAX: "100000", APPROVAL_WAIT_S: "0" },
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const headersFor = (name: string): Record<string, string> => ({
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
  "mcp-name": name,
});
const messageOf = (name: string, given: unknown, more: Record<string, unknown> = {}) => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name, arguments: given, _meta: { ...meta, ...more } },
});
const isPlain = (body: unknown, headers = headersFor("echo")): boolean =>
  plainRead(createOffers(server.app), new Request("http://x/mcp", { method: "POST", headers }), body) !== undefined;

describe("an answer in one breath", () => {
  /** What differs from one call to the next. */
  const steady = (text: string): string =>
    text.replace(/"(duration_ms|timestamp|request_id)":("[^"]*"|\d+)/g, '"$1":0').replace(/apr_\w+/g, "apr");
  const rows: [name: string, given: unknown][] = [
    ["echo", { text: "hi", times: 2 }],
    ["echo", { txt: 1 }],
    ["echo", {}],
    ["letters_read", {}],
    ["probe", {}],
  ];
  test.each(rows)("is the one that a server of the SDK gives: %s %j", async (name, given) => {
    const send = (body: unknown) => server.send({ path: "/mcp", body, headers: headersFor(name) });
    expect(isPlain(messageOf(name, given), headersFor(name))).toBe(true);
    const unusual = messageOf(name, given, { "example/odd": 1 });
    expect(isPlain(unusual, headersFor(name))).toBe(false);
    const [quick, full] = [await send(messageOf(name, given)), await send(unusual)];
    expect([quick.status, JSON.parse(steady(quick.text))]).toEqual([full.status, JSON.parse(steady(full.text))]);
    expect(quick.headers.get("content-type")).toContain("application/json");
  });

  test("waits where a rule wants a person even for reading", async () => {
    await server.app.policy.set(owner, { entrance: "mcp", effect: "read", decision: "approve", tool: "echo" });
    const answer = await server.send({
      path: "/mcp",
      body: messageOf("echo", { text: "x" }),
      headers: headersFor("echo"),
    });
    expect(answer.json.result).toMatchObject({ isError: true });
    expect(answer.text).toContain("approval_required");
    await server.app.policy.unset(owner, { entrance: "mcp", effect: "read", tool: "echo" });
  });
});

describe("what is left to the SDK", () => {
  const plain = messageOf("echo", { text: "x" });
  const bodies: [name: string, body: unknown][] = [
    ["a batch", [plain]],
    ["a notification", { ...plain, id: undefined }],
    ["an id of another type", { ...plain, id: 1.5 }],
    ["another version of JSON-RPC", { ...plain, jsonrpc: "1.0" }],
    ["a field more", { ...plain, extra: 1 }],
    ["another method", { ...plain, method: "tools/list" }],
    ["a write", messageOf("letters_send", { to: "x" })],
    ["an unknown tool", messageOf("nope", {})],
    ["arguments that are none", messageOf("echo", [])],
    ["wanted progress", messageOf("echo", { text: "x" }, { progressToken: 1 })],
    ["another revision", messageOf("echo", {}, { "io.modelcontextprotocol/protocolVersion": "2027-01-01" })],
    ["no capabilities", messageOf("echo", {}, { "io.modelcontextprotocol/clientCapabilities": undefined })],
    ["answers to questions", { ...plain, params: { ...plain.params, inputResponses: {} } }],
    ["no envelope", { ...plain, params: { name: "echo", arguments: {} } }],
  ];
  test.each(bodies)("%s", (_name, body) => {
    expect(isPlain(body)).toBe(false);
  });

  const heads: [name: string, more: Record<string, string>][] = [
    ["a header that names another tool", { "mcp-name": "letters_read" }],
    ["a header that names another method", { "mcp-method": "tools/list" }],
    ["a header of another revision", { "mcp-protocol-version": "2025-11-25" }],
    ["a client that takes no stream", { accept: "application/json" }],
  ];
  test.each(heads)("%s", (_name, more) => {
    expect(isPlain(plain, { ...headersFor("echo"), ...more })).toBe(false);
  });
});
