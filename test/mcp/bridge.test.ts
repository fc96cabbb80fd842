import { expect, test } from "bun:test";
import { bridge } from "../../src/mcp/bridge.ts";
import { bootServer } from "../support/server.ts";
import { startTokenProxy } from "../support/token-proxy.ts";
import { echo, toyAdapter } from "../support/toys.ts";

const boot = () => bootServer({ adapters: [toyAdapter(echo)], env: { RATE_LIMIT_MAX: "100000" } });

/** A client on pipes: what it says, and the answers by their ids. */
function openPipes() {
  const said = new TransformStream<string, string>();
  const writer = said.writable.getWriter();
  const waiting = new Map<unknown, (message: Record<string, unknown>) => void>();
  return {
    input: said.readable,
    write(line: string): void {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
    },
    ask(id: number, method: string, params: object): Promise<Record<string, unknown>> {
      const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
      waiting.set(id, resolve);
      void writer.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
      return promise;
    },
    broken(): Promise<Record<string, unknown>> {
      const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
      waiting.set(null, resolve);
      void writer.write("{ broken\n");
      return promise;
    },
    tell: (method: string) => writer.write(`${JSON.stringify({ jsonrpc: "2.0", method })}\n`),
    close: () => writer.close(),
  };
}

test("a session that the daemon forgot, because it was started anew, is begun again, once, unseen by the client", async () => {
  await using before = await boot();
  await using after = await boot();
  const proxies = [before, after].map(({ origin, app }) => startTokenProxy(origin, app.localToken()));
  const begun: string[] = [];
  const renewal = Promise.withResolvers<void>();
  const sentMore = Promise.withResolvers<void>();
  let daemon = proxies[0]?.url ?? "";
  const front = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const body = await request.text();
      if (body.includes('"initialize"') && begun.push(daemon) === 2) {
        renewal.resolve();
        await sentMore.promise;
      }
      const headers = new Headers(request.headers);
      headers.set("host", new URL(daemon).host);
      const { method, signal } = request;
      return fetch(`${daemon}/mcp`, { method, headers, signal, ...(body === "" ? {} : { body }) });
    },
  });
  await using ended = new AsyncDisposableStack();
  for (const each of [front, ...proxies]) ended.defer(() => each.stop(true));
  const pipes = openPipes();
  const errors: unknown[] = [];
  const { input, write } = pipes;
  const onError = (error: unknown): void => void errors.push(error);
  const done = bridge({ url: `http://127.0.0.1:${front.port}/mcp`, token: "-", input, write, onError });
  const clientInfo = { name: "raw", version: "1" };
  await pipes.ask(1, "initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  await pipes.tell("notifications/initialized");
  const say = (id: number) => pipes.ask(id, "tools/call", { name: "echo", arguments: { text: String(id) } });
  const said = (id: number) => ({ id, result: { structuredContent: { said: [String(id)] } } });
  expect(await say(2)).toMatchObject(said(2));
  daemon = proxies[1]?.url ?? "";
  const first = say(3);
  await renewal.promise;
  // What comes while the new session is being begun waits for it; the broken line tells that it has come.
  const others = [say(4), say(5)];
  await pipes.broken();
  sentMore.resolve();
  const answers = await Promise.all([first, ...others]);
  expect(answers).toMatchObject([said(3), said(4), said(5)]);
  expect(begun).toEqual(proxies.map(({ url }) => url));
  await pipes.close();
  await done;
  expect(errors).toEqual([]);
}, 120_000);
