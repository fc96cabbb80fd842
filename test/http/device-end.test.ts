import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import { codeFor, exchange, letIn, opens, pageOf, refreshWith, register, terminal } from "../support/client.ts";
import { pairWith } from "../support/phone.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

const api = "/api/v1/mcp";
const send = {
  parameters: { action: "send", to: "Ada", text: "hi" },
  voice_confirmations: { action: true, to: true, text: true },
};
let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
beforeEach(async () => {
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool)],
    env: { LOGIN_RATE_MAX: "1000", RATE_LIMIT_MAX: "100000" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const pair = () => pairWith(server);

/** What a credential asks for, where a person has to approve. */
async function askWith(auth: string, to = "Ada"): Promise<string> {
  await server.app.policy.set(terminal, { entrance: "rest", effect: "write", decision: "approve" });
  await server.app.policy.set(terminal, { entrance: "device", effect: "write", decision: "approve" });
  const body = { ...send, parameters: { ...send.parameters, to } };
  const { json } = await server.send({ path: `${api}/tools/letters/execute`, auth, body });
  expect(json.error_code).toBe("approval_required");
  return json.metadata.approval_id;
}
const statusOf = async (id: string) => (await server.app.approvals.show("owner", id)).status;
const pending = async () => (await server.app.approvals.list("owner", false)).map(({ id }) => id);

describe("what waits for an approval, once who asked for it is revoked", () => {
  test.each([
    ["the phone", (phone: { caller: Caller; bearer: string }) => phone.bearer],
    [
      "a token that it made",
      async ({ caller }: { caller: Caller }) =>
        (await server.app.people.createToken(caller, { name: "its own", writes: "approve" })).secret,
    ],
  ])("of %s: is refused, and nobody can approve it any more", async (_who, bearerOf) => {
    const [phone, other] = [await pair(), await pair()];
    const asked = await askWith(await bearerOf(phone));
    const kept = await askWith(other.bearer, "Bob");
    expect(new Set(await pending())).toEqual(new Set([asked, kept]));
    const before = await server.app.events.lastId();
    await server.app.devices.revoke(terminal, phone.id);
    expect([await statusOf(asked), await pending()]).toEqual(["denied", [kept]]);
    const told = (await server.app.events.since("owner", before, 50)).filter(({ kind }) => kind === "approval.settled");
    expect(told.map(({ data }) => data.approval_id)).toEqual([asked]);
    await expect(server.app.approvals.approve(terminal, asked)).rejects.toMatchObject({
      code: "conflict",
      metadata: { status: "denied" },
    });
    const overHttp = await server.send({
      method: "POST",
      path: `${api}/approvals/${asked}/approve`,
      auth: other.bearer,
    });
    expect(overHttp.status).toBe(409);
    expect(letters.sent).toEqual([]);
    expect(await server.app.approvals.approve(terminal, kept)).toMatchObject({ ok: true });
    expect(letters.sent).toEqual([{ to: "Bob", text: "hi" }]);
  });

  test("one that came in behind the revocation is not approved either", async () => {
    const phone = await pair();
    const asked = await askWith(phone.bearer);
    const { createApprovalStore } = await import("../../src/store/approval.ts");
    const { openDatabase } = await import("../../src/store/database.ts");
    const database = openDatabase(server.app.settings.home.database);
    const store = createApprovalStore(database.durable, () => new Date());
    const late = await store.find(asked);
    if (!late) throw new Error("it is not there");
    await server.app.devices.revoke(terminal, phone.id);
    await store.open({ ...late, id: "apr_late" }, 50);
    expect(await statusOf("apr_late")).toBe("pending");
    await expect(server.app.approvals.approve(terminal, "apr_late")).rejects.toMatchObject({
      code: "conflict",
      metadata: { status: "denied" },
    });
    expect([await statusOf("apr_late"), letters.sent]).toEqual(["denied", []]);
    database.close();
  });

  test("a token that is revoked, and what it asked for", async () => {
    const { token, secret } = await server.app.people.createToken(terminal, { name: "agent", writes: "approve" });
    const asked = await askWith(secret);
    await server.app.people.revokeToken(terminal, token.id);
    expect(await statusOf(asked)).toBe("denied");
    await expect(server.app.approvals.approve(terminal, asked)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a session that merely ends leaves what it asked for to the person", async () => {
    const phone = await pair();
    const asked = await askWith(phone.bearer);
    await server.app.people.logOut(phone.caller, phone.bearer);
    expect(await server.app.approvals.approve(terminal, asked)).toMatchObject({ ok: true });
  });
});

describe("a program that a phone let in", () => {
  test("is out with the phone, its refresh token too, and other programs stay", async () => {
    const phone = await pair();
    const program = await letIn(server, { by: phone.caller });
    const other = await letIn(server);
    expect([await opens(server, program.access), await opens(server, other.access)]).toEqual([true, true]);
    expect(await server.app.devices.revoke(terminal, phone.id)).toEqual({ sessions: 1, tokens: 0, programs: 1 });
    expect([await opens(server, program.access), await opens(server, other.access)]).toEqual([false, true]);
    expect((await refreshWith(server, program.clientId, program.refresh)).json.error).toBe("invalid_grant");
  });

  test("and that has not fetched its tokens gets none", async () => {
    const phone = await pair();
    const { clientId, code } = await codeFor(server, { by: phone.caller });
    const { client_id: second } = (await register(server)).json;
    const { path, number } = await pageOf(server, second);
    await server.app.clients.allow(phone.caller, number, {});
    await server.app.devices.revoke(terminal, phone.id);
    expect((await exchange(server, clientId, code)).json.error).toBe("invalid_grant");
    const back = await server.send({ path, auth: null });
    expect([back.status === 302, back.text.includes("Begin again")]).toEqual([false, true]);
  });

  test("at the very moment of its end opens nothing", async () => {
    const phone = await pair();
    await server.app.devices.revoke(terminal, phone.id);
    const late = await letIn(server, { by: phone.caller });
    expect(await opens(server, late.access)).toBe(false);
  });
});

describe("whatever a phone holds open ends when it is revoked", () => {
  const stream = async (path: string, headers: Record<string, string>): Promise<{ ended: Promise<unknown> }> => {
    const response = await fetch(server.origin + path, { headers });
    expect(response.status).toBe(200);
    return { ended: response.text() };
  };
  const holds: [string, (bearer: string) => Promise<{ ended: Promise<unknown> }>][] = [
    ["its events", (bearer) => stream(`${api}/events`, { authorization: `Bearer ${bearer}` })],
    [
      "a call that waits for an approval",
      async (auth) => {
        await askWith(auth);
        const body = { ...send, parameters: { ...send.parameters, text: "yo" }, wait_s: 300 };
        const ended = server.send({ path: `${api}/tools/letters/execute`, auth, body });
        while ((await pending()).length < 2) await Bun.sleep(5);
        return { ended };
      },
    ],
    [
      "a session of the Model Context Protocol",
      async (auth) => {
        const headers = { accept: "application/json, text/event-stream" };
        const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } };
        const begin = { jsonrpc: "2.0", id: 1, method: "initialize", params };
        const begun = await server.send({ path: "/mcp", auth, headers, body: begin });
        const session = begun.headers.get("mcp-session-id") ?? "";
        const more = { "mcp-session-id": session, "mcp-protocol-version": "2025-06-18" };
        return stream("/mcp", { ...headers, ...more, authorization: `Bearer ${auth}` });
      },
    ],
  ];

  // Each would go on for minutes; what it must not reach is the test's own limit of five seconds.
  test.each(holds)("%s", async (_what, hold) => {
    const phone = await pair();
    const { ended } = await hold(phone.bearer);
    await server.app.devices.revoke(terminal, phone.id);
    await ended;
    expect((await server.send({ path: "/api/v1/auth/session", auth: phone.bearer })).status).toBe(401);
  });
});
