import { afterEach } from "bun:test";
import type { UpstreamRequest } from "../../src/core/http-client.ts";

type Answer = (request: Request) => Response | Promise<Response>;

/** Gives `serve`, whose servers answer requests in turn (the last answer is repeated) and stop after each test. */
export function createServe() {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return (...answers: Answer[]) => {
    const seen: Request[] = [];
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        seen.push(request);
        const answer = answers[Math.min(seen.length, answers.length) - 1];
        return answer ? answer(request) : new Response("{}");
      },
    });
    const url = String(server.url);
    const stop = (): Promise<void> => server.stop(true);
    stops.push(stop);
    return { seen, url, stop, ask: (more: Partial<UpstreamRequest> = {}) => ({ provider: "P", url, ...more }) };
  };
}

export const ok = (): Response => Response.json({ fine: true });

export const status =
  (code: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response("{}", { status: code, headers });

export const never = (): Promise<Response> => new Promise(() => undefined);

/** A body that breaks before its first byte makes the server drop the connection. */
export const reset = (): Response =>
  new Response(new ReadableStream({ start: (controller) => controller.error(undefined) }));

/** What a promise was rejected with. */
export const failureOf = async (running: Promise<unknown>): Promise<unknown> =>
  running.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error,
  );
