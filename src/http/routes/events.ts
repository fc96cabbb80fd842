import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { type Caller, isFor } from "../../core/call.ts";
import { type Auth, bearerOf } from "../auth.ts";
import { factsOf } from "../facts.ts";

const streamHeaders = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" };
const pollMs = 150;
const checkMs = 500;
const heartbeatMs = 15_000;
const mostAtOnce = 100;

/** The caller's events as they happen (server-sent events). `Last-Event-ID` goes on where a broken stream ended. */
export function eventRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/mcp`, normalize: false, tags: ["approvals"] }).use(auth.macro).get(
    "/events",
    async ({ caller, request }) => {
      // Elysia answers HEAD by reading the body to its end, and this one has none.
      if (request.method === "HEAD") return new Response(null, { headers: streamHeaders });
      factsOf(request).keepOpen?.();
      const given = request.headers.get("last-event-id");
      const from = given !== null && /^\d{1,16}$/.test(given) ? Number(given) : await app.events.lastId();
      return auth.gate.hold(caller.credentialId, async (release) => {
        const body = stream(app, caller, bearerOf(request) ?? "", from, request.signal, release);
        return new Response(body, { headers: streamHeaders });
      });
    },
    { auth: "user", detail: { summary: "Events as they happen: approvals opened and settled, messages received" } },
  );
}

/** Events come from other processes too, so they are read from the database; a credential that ends, ends the stream. */
function stream(
  app: App,
  caller: Caller,
  bearer: string,
  from: number,
  signal: AbortSignal,
  onEnd: () => void,
): ReadableStream {
  let last = from;
  let open = true;
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = (text: string): void => controller.enqueue(encoder.encode(text));
      const end = (): void => {
        open = false;
      };
      signal.addEventListener("abort", end, { once: true });
      send(": hello\n\n");
      let checkedAt = performance.now();
      let spokeAt = performance.now();
      try {
        while (open) {
          const now = performance.now();
          if (now - checkedAt >= checkMs) {
            checkedAt = now;
            if (!(await app.people.identify(bearer))) break;
          }
          for (const event of await app.events.since(caller.userId, last, mostAtOnce)) {
            last = event.id;
            if (event.kind !== "tools.changed" && !isFor(caller, event.data.tool)) continue;
            spokeAt = now;
            send(
              `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify({ ...event.data, at: event.at.toISOString() })}\n\n`,
            );
          }
          if (now - spokeAt >= heartbeatMs) {
            spokeAt = now;
            send(": still here\n\n");
          }
          await Bun.sleep(pollMs);
        }
      } finally {
        onEnd();
      }
      if (!signal.aborted) controller.close();
    },
    cancel() {
      open = false;
      onEnd();
    },
  });
}
