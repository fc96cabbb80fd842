import { heapStats } from "bun:jsc";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eras } from "../support/agent.ts";
import { beginSession, modernCall, type RawAgent, rawAgent } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
/** Calls upstream that have begun and not ended. */
let upstream: { begun: PromiseWithResolvers<void>; ended: PromiseWithResolvers<void>; open: number };
/** Waits for an approval that are open. */
let waits: { open: number; none: () => void };

async function boot(env: Record<string, string>) {
  letters = createLetters();
  upstream = { begun: Promise.withResolvers(), ended: Promise.withResolvers(), open: 0 };
  const probe = createProbe(({ signal, progress }) => {
    upstream.open++;
    upstream.begun.resolve();
    progress("at it");
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        upstream.open--;
        upstream.ended.resolve();
        reject(signal.reason);
      }),
    );
  });
  server = await bootServer({
    adapters: [toyAdapter(letters.tool, probe)],
    env: { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", APPROVAL_WAIT_S: "300", ...env },
  });
  const { approvals } = server.app;
  const wait = approvals.wait;
  waits = { open: 0, none: () => undefined };
  approvals.wait = async (...given) => {
    waits.open++;
    try {
      return await wait(...given);
    } finally {
      waits.open--;
      if (waits.open === 0) waits.none();
    }
  };
}
beforeEach(() => boot({}));
afterEach(() => server[Symbol.asyncDispose]());

const withToken = { _meta: { progressToken: "p" } };

/** Sends a call in either era and gives when what is wanted has come. */
async function call(agent: RawAgent, era: string, name: string, given: unknown, until: RegExp, elicits = false) {
  if (era === "2026-07-28") {
    const { headers, body } = modernCall(name, given, withToken, elicits);
    return agent.send("POST", headers, body, until);
  }
  const session = await beginSession(agent, elicits);
  const params = { name, arguments: given, ...withToken };
  return agent.send("POST", session, { jsonrpc: "2.0", id: 1, method: "tools/call", params }, until);
}

describe.each(eras)("a client that is killed, with the protocol of %s", (era) => {
  test("while its call is in flight upstream takes that call along", async () => {
    const agent = rawAgent(server.port, server.app.localToken());
    await call(agent, era, "probe", {}, /at it/);
    agent.kill();
    await upstream.ended.promise;
    expect(upstream.open).toBe(0);
  });

  test("while a person is asked elsewhere ends the wait, and the question stays for the person", async () => {
    const agent = rawAgent(server.port, server.app.localToken());
    await call(agent, era, "letters_send", { to: "Ada" }, /Waiting for a person/);
    const { promise, resolve } = Promise.withResolvers<void>();
    waits.none = resolve;
    agent.kill();
    await promise;
    expect(await server.app.approvals.list("owner", false)).toMatchObject([{ tool: "letters", status: "pending" }]);
    expect(letters.sent).toEqual([]);
  });

  test("many times over, in calls, questions, waits and listening, leaves nothing behind", async () => {
    await server[Symbol.asyncDispose]();
    await boot({ AGENT_WRITES: "ask" });
    const token = server.app.localToken();
    const dieEverywhere = async (): Promise<void> => {
      const agents = Array.from({ length: 4 }, () => rawAgent(server.port, token));
      const [one, two, three, four] = agents as [RawAgent, RawAgent, RawAgent, RawAgent];
      await Promise.all([
        call(one, era, "probe", {}, /at it/),
        call(two, era, "letters_send", { to: "Ada" }, /Waiting for a person/),
        call(three, era, "letters_send", { to: "Eve" }, /elicitation\/create/, true),
        listen(four, era),
      ]);
      for (const agent of agents) agent.kill();
    };
    // What is made once and kept, such as compiled schemas, is made now; and the older era has all its sessions.
    for (let round = 0; round < 6; round++) await dieEverywhere();
    const before = await settled();
    for (let round = 0; round < 12; round++) await dieEverywhere();
    const after = await settled();
    expect([upstream.open, waits.open, letters.sent]).toEqual([0, 0, []]);
    // 48 clients died; one thing left of each kind of death would be twelve.
    for (const kind of kinds) expect([kind, (after[kind] ?? 0) - (before[kind] ?? 0) < 6]).toEqual([kind, true]);
  }, 60_000);
});

const kinds = ["Timeout", "ReadableStream", "Request"] as const;

async function listen(agent: RawAgent, era: string): Promise<string> {
  if (era === "2025-11-25") return agent.send("GET", await beginSession(agent), undefined, /hello/);
  const { headers, body } = modernCall("", {});
  const { _meta } = body.params;
  const params = { _meta, notifications: { toolsListChanged: true } };
  const message = { ...body, method: "subscriptions/listen", params };
  return agent.send("POST", { ...headers, "mcp-method": "subscriptions/listen", "mcp-name": "" }, message, /hello/);
}

/** The counts of things alive, once they no longer fall. */
async function settled(): Promise<Record<string, number>> {
  let last: Record<string, number> = {};
  for (let same = 0, looks = 0; same < 3 && looks < 100; looks++) {
    await Bun.sleep(100);
    Bun.gc(true);
    const { objectTypeCounts } = heapStats();
    const falls = kinds.some((kind) => (objectTypeCounts[kind] ?? 0) < (last[kind] ?? Number.POSITIVE_INFINITY));
    same = falls || upstream.open > 0 || waits.open > 0 ? 0 : same + 1;
    last = objectTypeCounts;
  }
  return last;
}
