import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createApp } from "../../src/app.ts";
import type { Caller } from "../../src/core/call.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, toyAdapter } from "../support/toys.ts";

const clock = { offsetMs: 0 };
const api = "/api/v1/mcp";
const execute = `${api}/tools/letters/execute`;
const yesToAll = { voice_confirmations: { action: true, to: true, text: true } };
const send = { parameters: { action: "send", to: "Ada", text: "hi" }, ...yesToAll };
const terminal: Caller = { ...owner, userId: "ada", credentialId: "terminal", interactive: true };

let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
let asker: string;
let phone: string;
let token: string;

beforeEach(async () => {
  clock.offsetMs = 0;
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(letters.tool)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { LOGIN_RATE_MAX: "1000", RATE_LIMIT_MAX: "1000" },
  });
  asker = await logIn(server, "ada");
  phone = await logIn(server, "ada");
  token = (await server.app.people.createToken({ ...owner, userId: "ada" }, { name: "agent", writes: "approve" }))
    .secret;
  await server.app.policy.set({ ...owner, userId: "ada" }, { entrance: "rest", effect: "write", decision: "approve" });
});
afterEach(() => server[Symbol.asyncDispose]());

const ask = async (auth: string): Promise<string> => {
  const { status, json } = await server.send({ path: execute, auth, body: send });
  expect([status, json.success, json.error_code]).toEqual([200, false, "approval_required"]);
  return json.metadata.approval_id;
};
const approve = (id: string, auth: string) =>
  server.send({ method: "POST", path: `${api}/approvals/${id}/approve`, auth });
const outcomeOf = async (id: string, auth: string) =>
  (await server.send({ path: `${api}/approvals/${id}/outcome`, auth })).json;

describe("a write whose policy is approve", () => {
  test("is not made by a caller that says yes to everything, and the answer holds no way to approve", async () => {
    for (const auth of [asker, token]) {
      const { json, text } = await server.send({ path: execute, auth, body: send });
      expect(json.error).toBe("A person has been asked to approve this; nothing was done yet");
      expect(text).not.toMatch(/mcqueen|approvals\/|\/approve|http/);
      const again = { ...send, confirmation_id: json.metadata.confirmation_id, approved_id: json.metadata.approval_id };
      expect((await server.send({ path: execute, auth, body: again })).status).toBe(400);
    }
    expect(letters.sent).toEqual([]);
  });

  test("is not approved by the credential that asked, by a token, or by the local token", async () => {
    const id = await ask(asker);
    expect((await approve(id, asker)).status).toBe(403);
    expect((await approve(id, token)).status).toBe(403);
    expect((await approve(id, server.app.localToken())).status).toBe(404);
    const stranger = await logIn(server, "eve");
    expect((await approve(id, stranger)).status).toBe(404);
    const byToken = await ask(token);
    expect((await approve(byToken, token)).status).toBe(403);
    await expect(
      server.app.approvals.approve({ ...terminal, interactive: false, credentialId: "local" }, id),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(letters.sent).toEqual([]);
  });

  test("is made once when another screen of the same person approves, and who asked learns the outcome", async () => {
    const id = await ask(token);
    expect(await ask(token)).toBe(id);
    const shown = (await server.send({ path: `${api}/approvals/${id}`, auth: phone })).json.approval;
    expect(shown).toMatchObject({
      prompt: "Send a letter to Ada?",
      parameters: { to: "Ada", text: "hi" },
      status: "pending",
    });
    expect((await approve(id, phone)).json).toMatchObject({ success: true, data: { id: "1" } });
    expect(await outcomeOf(id, token)).toMatchObject({
      success: true,
      data: { id: "1" },
      metadata: { approval_id: id },
    });
    expect((await approve(id, phone)).status).toBe(409);
    expect(letters.sent).toEqual([{ to: "Ada", text: "hi" }]);
  });

  test("a terminal approves what a program asked for", async () => {
    const id = await ask(token);
    expect(await server.app.approvals.approve(terminal, id)).toMatchObject({ ok: true });
    expect(letters.sent).toHaveLength(1);
  });

  test("is not made when denied or when nobody answers in time", async () => {
    const denied = await ask(token);
    expect((await server.send({ method: "POST", path: `${api}/approvals/${denied}/deny`, auth: phone })).status).toBe(
      200,
    );
    expect(await outcomeOf(denied, token)).toMatchObject({ success: false, error_code: "declined" });
    const late = await ask(token);
    clock.offsetMs = 16 * 60 * 1000;
    expect((await approve(late, phone)).status).toBe(409);
    expect(await outcomeOf(late, token)).toMatchObject({
      success: false,
      error: "Nobody approved this in time, so nothing was done",
    });
    expect(letters.sent).toEqual([]);
  });

  test("the call may wait for it", async () => {
    const waiting = server.send({ path: execute, auth: token, body: { ...send, wait_s: 20 } });
    let id: string | undefined;
    while (!id) {
      await Bun.sleep(5);
      id = (await server.app.approvals.list("ada", false))[0]?.id;
    }
    await approve(id, phone);
    expect((await waiting).json).toMatchObject({ success: true, data: { id: "1" } });
    const impatient = await server.send({ path: execute, auth: token, body: { ...send, wait_s: 0 } });
    expect(impatient.json.error_code).toBe("approval_required");
  });

  test("two processes that approve at once execute it once", async () => {
    const id = await ask(token);
    const others = await Promise.all(
      Array.from({ length: 4 }, () =>
        createApp({ settings: server.app.settings, adapters: [toyAdapter(letters.tool)] }),
      ),
    );
    const outcomes = await Promise.allSettled(others.map((app) => app.approvals.approve(terminal, id)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(letters.sent).toHaveLength(1);
    for (const app of others) await app.close();
  });

  test("one that was taken and never finished is told as failed, and never tried again", async () => {
    const id = await ask(token);
    const stuck = createLetters();
    stuck.sent.push = () => {
      throw new Error("killed");
    };
    const { tool } = stuck;
    const hanging = {
      ...tool,
      actions: tool.actions.map((action) => ({ ...action, run: () => new Promise<never>(() => undefined) })),
    };
    const dying = await createApp({ settings: server.app.settings, adapters: [toyAdapter(hanging)] });
    dying.approvals.approve(terminal, id).catch(() => undefined);
    await Bun.sleep(30);
    await dying.close();
    expect((await approve(id, phone)).json.error).toContain("is being done already");
    clock.offsetMs = 12 * 60 * 1000;
    expect(await outcomeOf(id, token)).toMatchObject({
      success: false,
      error: "The program ended while it did this; whether it happened is not known",
    });
    expect((await approve(id, phone)).status).toBe(409);
    expect(letters.sent).toEqual([]);
  });

  test("what became forbidden meanwhile is not made", async () => {
    const id = await ask(token);
    await server.app.people.changeUser(owner, "ada", { read_only: true });
    expect((await approve(id, phone)).json).toMatchObject({ success: false, error_code: "forbidden" });
    expect(letters.sent).toEqual([]);
  });

  test("a program cannot pile them up without end", async () => {
    const statuses = [];
    for (let at = 0; at < 52; at++) {
      const body = { ...send, parameters: { ...send.parameters, to: `A${at}` } };
      statuses.push((await server.send({ path: execute, auth: token, body })).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("events", () => {
  test("a stream tells of an approval opened and settled, also by another process, and ends with its session", async () => {
    const response = await fetch(`${server.origin}${api}/events`, { headers: { authorization: `Bearer ${phone}` } });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = response.body?.getReader();
    let text = "";
    const until = async (part: string): Promise<void> => {
      while (!text.includes(part)) {
        const { value, done } = (await reader?.read()) ?? { done: true };
        if (done) throw new Error(`ended before ${part}: ${text}`);
        text += new TextDecoder().decode(value);
      }
    };
    await until("hello");
    const id = await ask(token);
    await until("event: approval.opened");
    expect(text).toContain(id);
    const other = await createApp({ settings: server.app.settings, adapters: [toyAdapter(letters.tool)] });
    await other.approvals.deny(terminal, id);
    await other.close();
    await until("event: approval.settled");
    await server.app.people.logOut(owner, phone);
    await expect(until("never")).rejects.toThrow("ended before");
  });

  test("a stream that was cut goes on where it ended, and another user's events stay theirs", async () => {
    const before = await server.app.events.lastId();
    const id = await ask(token);
    const eve = await logIn(server, "eve");
    const read = async (auth: string): Promise<string> => {
      const response = await fetch(`${server.origin}${api}/events`, {
        headers: { authorization: `Bearer ${auth}`, "last-event-id": String(before) },
      });
      const reader = response.body?.getReader();
      let text = "";
      const until = performance.now() + 500;
      while (performance.now() < until && !text.includes(id)) {
        const next = await Promise.race([reader?.read(), Bun.sleep(300)]);
        text += new TextDecoder().decode(next?.value);
      }
      await reader?.cancel();
      return text;
    };
    expect(await read(phone)).toContain(id);
    expect(await read(eve)).not.toContain(id);
  });
});
