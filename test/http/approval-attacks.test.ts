import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { AppError } from "../../src/core/errors.ts";
import { defineAction, defineTool } from "../../src/core/tool.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { toyAdapter } from "../support/toys.ts";

const api = "/api/v1";
const terminal = { ...owner, userId: "ada", credentialId: "terminal", interactive: true };
const secret = "configured-secret-123456";
let sent: unknown[];
let server: Awaited<ReturnType<typeof bootServer>>;
let session: string;

/** A write whose optional field can also be a setting. */
const mail = () =>
  defineTool({
    id: "mail",
    name: "Mail",
    description: "Mails.",
    category: "email",
    accessLevel: "public",
    service: "toy",
    examples: [],
    settings: Type.Object({ bcc: Type.Optional(Type.String()) }, { additionalProperties: false }),
    actions: [
      defineAction({
        id: "send",
        description: "Mail",
        effect: "write",
        input: Type.Object(
          { to: Type.String(), bcc: Type.Optional(Type.String()), text: Type.Optional(Type.String()) },
          { additionalProperties: false },
        ),
        output: Type.Object({}),
        confirmation: { fields: ["to", "text"], prompt: ({ to }) => `Mail ${to}?` },
        async run(letter, { config }) {
          sent.push(letter);
          if (letter.to === "leak") throw new AppError("upstream_rejected", `bad key ${config.CONTACT_URL}`);
          return { data: {}, metadata: { provider: "Toy" } };
        },
      }),
    ],
  });

beforeEach(async () => {
  sent = [];
  server = await bootServer({
    adapters: [toyAdapter(mail())],
    env: {
      LOGIN_RATE_MAX: "1000",
      RATE_LIMIT_MAX: "10000",
      JWT_SECRET: `${secret}-and-more-of-it`,
      CONTACT_URL: `${secret}-and-more-of-it`,
    },
  });
  session = await logIn(server, "ada");
});
afterEach(() => server[Symbol.asyncDispose]());

const run = (auth: string, body: object) => server.send({ path: `${api}/mcp/tools/mail/execute`, auth, body });
const approve = (id: string, auth: string) =>
  server.send({ method: "POST", path: `${api}/mcp/approvals/${id}/approve`, auth });
const wantApproval = () =>
  server.app.policy.set({ ...owner, userId: "ada" }, { entrance: "rest", effect: "write", decision: "approve" });

describe("where a session's writes want an approval", () => {
  test("it cannot make a token that needs none", async () => {
    await wantApproval();
    for (const writes of ["allow", "ask"]) {
      const made = await server.send({ path: `${api}/tokens`, auth: session, body: { name: writes, writes } });
      expect([made.status, made.json.error]).toEqual([
        403,
        'A token made here cannot do more than "approve" for write actions',
      ]);
    }
    expect((await server.send({ path: `${api}/tokens`, auth: session, body: { name: "d" } })).status).toBe(200);
  });

  test("it approves neither for a token that it made, nor a token's maker's other token for it", async () => {
    await wantApproval();
    const made = await server.send({ path: `${api}/tokens`, auth: session, body: { name: "a", writes: "approve" } });
    const asked = await run(made.json.token, { parameters: { to: "Bob" } });
    expect((await approve(asked.json.metadata.approval_id, session)).status).toBe(403);
    expect(await server.app.approvals.approve(terminal, asked.json.metadata.approval_id)).toMatchObject({ ok: true });
  });

  test("the local token cannot log itself in as a person and approve", async () => {
    await server.app.policy.set(owner, { entrance: "rest", effect: "write", decision: "approve" });
    const local = server.app.localToken();
    const asked = await run(local, { parameters: { to: "Bob" } });
    const minted = await server.send({ path: `${api}/users/owner/tokens`, auth: local, body: {} });
    const opened = await server.send({
      path: `${api}/auth/login`,
      auth: null,
      body: { user_id: "owner", auth_token: minted.json.data.auth_token },
    });
    const id = asked.json.metadata.approval_id;
    expect((await approve(id, opened.json.session.session_id)).status).toBe(403);
    const again = await run(opened.json.session.session_id, { parameters: { to: "Eve" } });
    const second = await server.send({ path: `${api}/users/owner/tokens`, auth: local, body: {} });
    const other = await server.send({
      path: `${api}/auth/login`,
      auth: null,
      body: { user_id: "owner", auth_token: second.json.data.auth_token },
    });
    expect((await approve(again.json.metadata.approval_id, other.json.session.session_id)).status).toBe(403);
    expect(sent).toEqual([]);
  });

  test("a setting made after the question does not slip into what was approved", async () => {
    await wantApproval();
    const phone = await logIn(server, "ada");
    const asked = await run(session, { parameters: { to: "Bob" } });
    await server.send({
      method: "PUT",
      path: `${api}/mcp/tools/mail/config`,
      auth: session,
      body: { custom_settings: { bcc: "eve@evil" } },
    });
    expect((await approve(asked.json.metadata.approval_id, phone)).json.success).toBe(true);
    expect(sent).toEqual([{ to: "Bob" }]);
  });

  test("one that could not be taken is not run, though a second look finds it pending", async () => {
    await wantApproval();
    const asked = await run(session, { parameters: { to: "Bob" } });
    const { createApprovalDesk } = await import("../../src/core/approval-desk.ts");
    const { createApprovalStore } = await import("../../src/store/approval.ts");
    const { openDatabase } = await import("../../src/store/database.ts");
    const database = openDatabase(server.app.settings.home.database);
    const store = createApprovalStore(database.durable, () => new Date());
    const { audit, events } = server.app;
    const execute = () => Promise.reject(new Error("it ran"));
    const devices = { find: async () => undefined };
    const parts = { audit, events, devices, execute, now: () => new Date(), report: () => undefined };
    const desk = createApprovalDesk({ ...parts, approvals: { ...store, take: async () => false } });
    await expect(desk.approve(terminal, asked.json.metadata.approval_id)).rejects.toMatchObject({ code: "conflict" });
    database.close();
  });

  test("asking again is one approval and one event; an unknown one tells no command", async () => {
    await wantApproval();
    const before = await server.app.events.lastId();
    for (let at = 0; at < 5; at++) await run(session, { parameters: { to: "Bob" } });
    expect(await server.app.events.since("ada", before, 50)).toHaveLength(1);
    expect((await server.send({ path: `${api}/mcp/approvals/apr_x`, auth: session })).text).not.toContain("mcqueen");
  });

  test("one credential's heap of questions keeps nobody else from asking", async () => {
    await wantApproval();
    const { secret: token } = await server.app.people.createToken(
      { ...terminal },
      { name: "noisy", writes: "approve" },
    );
    const statuses: number[] = [];
    for (let at = 0; at < 51; at++) statuses.push((await run(token, { parameters: { to: `n${at}` } })).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await run(session, { parameters: { to: "Bob" } })).status).toBe(200);
  });

  test("a wait ends with its credential, and a credential has only so many", async () => {
    await wantApproval();
    const { secret: token, token: made } = await server.app.people.createToken(terminal, {
      name: "waits",
      writes: "approve",
    });
    const asked = await run(token, { parameters: { to: "Bob" } });
    const path = `${api}/mcp/approvals/${asked.json.metadata.approval_id}/outcome?wait_s=30`;
    const waits = Array.from({ length: 19 }, () => server.send({ path, auth: token }));
    waits.push(run(token, { parameters: { to: "Bob" }, wait_s: 30 }));
    await Bun.sleep(100);
    expect((await server.send({ path, auth: token })).status).toBe(429);
    await server.app.people.revokeToken(terminal, made.id);
    expect(new Set((await Promise.all(waits)).map(({ status }) => status))).toEqual(new Set([401]));
  });
});

describe("confirmations", () => {
  test("a value for a field that was not given, or a wrong one under allow, runs nothing", async () => {
    const heard = await run(session, {
      parameters: { to: "Bob" },
      voice_confirmations: { to: true, text: "hello there" },
    });
    expect(heard.status).toBe(400);
    await server.app.policy.set({ ...owner, userId: "ada" }, { entrance: "rest", effect: "write", decision: "allow" });
    expect(
      (await run(session, { parameters: { to: "Bob" }, voice_confirmations: { to: "Somebody else" } })).status,
    ).toBe(400);
    expect(sent).toEqual([]);
    expect((await run(session, { parameters: { to: "Bob" } })).json.success).toBe(true);
  });

  test("sending the confirming call again with its key gives the first outcome", async () => {
    const asked = await run(session, { parameters: { to: "Bob" } });
    const body = {
      parameters: {},
      voice_confirmations: { to: true },
      confirmation_id: asked.json.metadata.confirmation_id,
      idempotency_key: "k",
    };
    expect((await run(session, body)).json.success).toBe(true);
    expect((await run(session, body)).json).toMatchObject({ success: true, metadata: { replayed: true } });
    expect(sent).toHaveLength(1);
  });

  test("a write whose confirmation may ask nothing cannot be defined", () => {
    const tool = mail();
    const [action] = tool.actions;
    if (!action) throw new Error("no action");
    for (const fields of [[], ["text"]]) {
      const confirmation = { fields, prompt: () => "?" };
      expect(() => defineTool({ ...tool, actions: [{ ...action, confirmation }] })).toThrow("may ask nothing");
    }
  });
});

describe("what is kept", () => {
  test("holds no configured secret that an upstream sent back", async () => {
    const body = { parameters: { to: "leak" }, voice_confirmations: { to: true }, idempotency_key: "k" };
    expect((await run(session, body)).json.error).toBe("bad key [redacted]");
    expect((await run(session, body)).json.error).toBe("bad key [redacted]");
    expect((await server.send({ path: `${api}/mcp/history`, auth: session })).text).not.toContain(secret);
  });

  test("a token made for reading stays so, whatever is set for everyone", async () => {
    const { secret: token } = await server.app.people.createToken(terminal, { name: "reads" });
    for (const decision of ["ask", "allow", "approve"]) {
      await server.app.policy.set({ ...owner, userId: "ada" }, { entrance: "*", effect: "write", decision });
      expect((await run(token, { parameters: { to: "Bob" }, voice_confirmations: { to: true } })).status).toBe(403);
    }
    expect(sent).toEqual([]);
  });
});
