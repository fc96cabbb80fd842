import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Server } from "@modelcontextprotocol/server";
import type { Asker } from "../../src/mcp/asker.ts";
import { createChanges } from "../../src/mcp/changes.ts";
import { createPatience } from "../../src/mcp/patience.ts";
import { createSessions, type Sessions } from "../../src/mcp/sessions.ts";
import { owner } from "../support/home.ts";
import { beginSession, rawAgent } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { createProbe, toyAdapter } from "../support/toys.ts";

const minute = 60_000;
const authInfo = { token: "", clientId: "", scopes: [] };

describe("a session of the older era", () => {
  const clock = { ms: 0 };
  let sessions: Sessions;
  beforeEach(() => {
    clock.ms = 0;
    sessions = createSessions(
      () => new Server({ name: "s", version: "1" }, { capabilities: {} }),
      () => clock.ms,
    );
  });
  afterEach(() => sessions.close());

  let isThere = true;
  const askerFor = (credentialId: string): Asker => {
    const caller = { ...owner, credentialId };
    return { caller, again: async () => (isThere ? caller : undefined) };
  };
  const post = (id: string, body: unknown, credentialId: string) => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(id === "" ? {} : { "mcp-session-id": id }),
    };
    const request = new Request("http://x/mcp", { method: "POST", headers, body: JSON.stringify(body) });
    return { request, answer: sessions.handle(request, body, authInfo, askerFor(credentialId)) };
  };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
  const begin = async (credentialId = "one"): Promise<string> => {
    const response = await post("", { jsonrpc: "2.0", id: 1, method: "initialize", params }, credentialId).answer;
    await response.text();
    return response.headers.get("mcp-session-id") ?? String(response.status);
  };
  const holdIn = async (id: string, credentialId = "one") => {
    const { request, answer } = post(id, { jsonrpc: "2.0", id: 2, method: "ping" }, credentialId);
    await (await answer).text();
    return sessions.hold(request, { jsonrpc: "2.0", id: 2, method: "ping" });
  };

  test("ends after half an hour in which nothing was said, and not before", async () => {
    await begin();
    clock.ms = 30 * minute;
    await sessions.tidy();
    expect(sessions.count()).toBe(1);
    clock.ms++;
    await sessions.tidy();
    expect(sessions.count()).toBe(0);
  });

  test("stays while something is open in it, and gets its half hour after that", async () => {
    const held = await holdIn(await begin());
    clock.ms = 90 * minute;
    await sessions.tidy();
    expect(sessions.count()).toBe(1);
    held?.end(false);
    clock.ms = 120 * minute;
    await sessions.tidy();
    expect(sessions.count()).toBe(1);
    clock.ms++;
    await sessions.tidy();
    expect(sessions.count()).toBe(0);
  });

  test("ends five minutes after its listening stream broke off, unless the client is heard again", async () => {
    const [one, two] = [await begin(), await begin()];
    for (const id of [one, two]) {
      const listening = new Request("http://x/mcp", { headers: { "mcp-session-id": id } });
      sessions.hold(listening, undefined)?.end(true);
    }
    clock.ms = 4 * minute;
    await (await post(two, { jsonrpc: "2.0", id: 3, method: "ping" }, "one").answer).text();
    clock.ms = 5 * minute + 1;
    await sessions.tidy();
    expect(sessions.count()).toBe(1);
    expect((await post(one, { jsonrpc: "2.0", id: 4, method: "ping" }, "one").answer).status).toBe(404);
  });

  test("ends with the credential that it belongs to", async () => {
    await begin();
    isThere = false;
    await sessions.tidy();
    isThere = true;
    expect(sessions.count()).toBe(0);
  });

  test("one credential's busy sessions take no room from others", async () => {
    const held = [];
    for (let at = 0; at < 20; at++) held.push(await holdIn(await begin()));
    expect(await begin()).toBe("429");
    expect(await begin("other")).toMatch(/^[\w-]{32}$/);
    held[0]?.end(false);
    expect(await begin()).toMatch(/^[\w-]{32}$/);
    expect(sessions.count()).toBe(21);
  });
});

test("a call that its client calls off leaves no open stream behind, and the others of that session go on", async () => {
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const go = Promise.withResolvers<void>();
  let at = 0;
  const probe = createProbe(({ signal }) => {
    begun[at++]?.resolve();
    return Promise.race([
      go.promise.then(() => ({ fine: true })),
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    ]);
  });
  await using server = await bootServer({ adapters: [toyAdapter(probe)], env: { RATE_LIMIT_MAX: "100000" } });
  const token = server.app.localToken();
  const [one, two, three] = [1, 2, 3].map(() => rawAgent(server.port, token));
  const session = await beginSession(one as typeof one & object);
  const call = (id: number) => ({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "probe", arguments: {} } });
  const cancelled = one?.send("POST", session, call(7), /\r\n0\r\n\r\n$/);
  await begun[0]?.promise;
  const kept = two?.send("POST", session, call(8), /\r\n0\r\n\r\n$/);
  await begun[1]?.promise;
  const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 7 } };
  await three?.send("POST", session, cancel, /^HTTP\/1.1 202/);
  expect(await cancelled).not.toContain('"id":7');
  go.resolve();
  expect(await kept).toContain('"fine"');
  for (const each of [one, two, three]) each?.kill();
});

describe("news of tools", () => {
  /** Events as the test says, and how often they were looked at. */
  function createEvents() {
    let last = 0;
    const looks = { failing: false, count: 0, looked: Promise.withResolvers<void>() };
    const events = {
      lastId: async () => last,
      since: async (_user: string, after: number) => {
        looks.count++;
        looks.looked.resolve();
        looks.looked = Promise.withResolvers();
        if (looks.failing) throw new Error("locked");
        return after < last ? [{ id: last, kind: "tools.changed" }] : [];
      },
    };
    return { looks, events, happen: () => void last++ };
  }
  const watchIn = (events: unknown, errors: unknown[] = []) =>
    createChanges({ events, log: { error: (text: string) => errors.push(text) } } as never);

  test("come again after a look that failed", async () => {
    const { looks, events, happen } = createEvents();
    const errors: unknown[] = [];
    const heard = Promise.withResolvers<void>();
    const stop = watchIn(events, errors).watch("ada", () => heard.resolve());
    await looks.looked.promise;
    looks.failing = true;
    await looks.looked.promise;
    await looks.looked.promise;
    looks.failing = false;
    happen();
    await heard.promise;
    stop();
    expect(errors.length).toBeGreaterThan(0);
  });

  test("are looked for once, however many come and go", async () => {
    const { looks, events, happen } = createEvents();
    const changes = watchIn(events);
    let told = 0;
    for (let at = 0; at < 30; at++) changes.watch("ada", () => told++)();
    const stop = changes.watch("ada", () => told++);
    await looks.looked.promise;
    const before = looks.count;
    happen();
    await looks.looked.promise;
    await looks.looked.promise;
    expect([looks.count - before, told]).toEqual([2, 1]);
    stop();
  });
});

test("one credential has so many waits open; who has more is answered at once", async () => {
  const release = Promise.withResolvers<void>();
  const waited: number[] = [];
  const approvals = {
    wait: async (_user: string, _id: string, waitMs: number) => {
      waited.push(waitMs);
      if (waitMs > 0) await release.promise;
      return { ok: false, code: "approval_required", message: "", metadata: {} };
    },
  };
  const settings = { number: () => 5 };
  const patience = createPatience({ approvals, settings, accounts: {} } as never);
  const waiting = (credentialId: string) => ({
    asker: { caller: { ...owner, credentialId }, again: async () => owner },
    signal: new AbortController().signal,
    progress: undefined,
  });
  const held = Array.from({ length: 20 }, () => patience.awaitApproval(waiting("one"), "apr_x"));
  await patience.awaitApproval(waiting("one"), "apr_x");
  expect(waited.filter((ms) => ms === 0)).toHaveLength(1);
  const other = patience.awaitApproval(waiting("two"), "apr_x");
  expect(waited.filter((ms) => ms === 0)).toHaveLength(1);
  release.resolve();
  await Promise.all([...held, other]);
});
