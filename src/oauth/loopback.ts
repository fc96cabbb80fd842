import type { CallbackVerdict } from "../core/accounts.ts";
import { callbackPage } from "../core/callback-page.ts";
import { randomText } from "../core/secret.ts";

/** Takes what a browser brings back. Whatever goes wrong is told in the verdict. */
export type Receive = (query: URLSearchParams) => Promise<CallbackVerdict>;

export interface Loopback {
  /** Listens for one login. Gives the redirect address. */
  open(flowId: string, expiresAt: Date, receive: Receive): string;
  /** Stops listening for a login, once its last page has been sent. */
  end(flowId: string): void;
  /** Stops all, but lets a browser that was sent to its last page have it. */
  close(): Promise<void>;
}

/** A caller who begins one login after the other keeps no more ports than these. */
const mostOpen = 20;
/** Long enough for the browser to fetch the page that it was sent to. */
const lastPageMs = 3_000;
/** Long enough for that page to leave. */
const lastBytesMs = 300;

/** Listeners on 127.0.0.1, each on a port of its own and under a path that nobody can guess. */
export function createLoopback(now: () => Date): Loopback {
  const open = new Map<string, { stop: () => Promise<void>; timer: ReturnType<typeof setTimeout> }>();
  const stop = async (flowId: string): Promise<void> => {
    const found = open.get(flowId);
    open.delete(flowId);
    clearTimeout(found?.timer);
    await found?.stop();
  };
  return {
    open(flowId, expiresAt, receive) {
      const path = `/${randomText(16, "hex")}`;
      const verdicts = new Map<string, CallbackVerdict>();
      let lastPage = Promise.withResolvers<void>();
      lastPage.resolve();
      const server = Bun.serve({
        hostname: "127.0.0.1",
        port: 0,
        development: false,
        reusePort: false,
        error: () => callbackPage({ ok: false, title: "This did not work", text: "Begin the login again." }, 500),
        async fetch(request) {
          const url = URL.parse(request.url);
          // A page elsewhere may have a name of its own point here; only the address itself counts.
          const isOurs = url?.host === `127.0.0.1:${server.port}` && request.headers.get("host") === url.host;
          if (!url || !isOurs || request.method !== "GET") return lost();
          const shown = verdicts.get(url.pathname);
          if (shown) {
            lastPage.resolve();
            return callbackPage(shown);
          }
          if (url.pathname !== path) return lost();
          lastPage = Promise.withResolvers<void>();
          const verdict = await receive(url.searchParams);
          // Onwards to a page whose address holds no code, for the history of the browser keeps addresses.
          const last = `/done-${randomText(8, "hex")}`;
          verdicts.set(last, verdict);
          return new Response(null, { status: 303, headers: { location: last, "cache-control": "no-store" } });
        },
      });
      const timer = setTimeout(() => void stop(flowId), Math.max(0, expiresAt.getTime() - now().getTime()));
      timer.unref();
      const [oldest] = open.keys();
      if (oldest !== undefined && open.size >= mostOpen) void stop(oldest);
      const stopServer = async (): Promise<void> => {
        // Who began the login learns of its end before the browser has seen the page that says so.
        await Promise.race([lastPage.promise, Bun.sleep(lastPageMs)]);
        await Promise.race([server.stop(), Bun.sleep(lastBytesMs)]);
        await server.stop(true);
      };
      open.set(flowId, { stop: stopServer, timer });
      return `http://127.0.0.1:${server.port}${path}`;
    },
    end(flowId) {
      const found = open.get(flowId);
      if (!found) return;
      clearTimeout(found.timer);
      found.timer = setTimeout(() => void stop(flowId), lastPageMs);
      found.timer.unref();
    },
    async close() {
      await Promise.all([...open.keys()].map(stop));
    },
  };
}

const lost = (): Response =>
  callbackPage({ ok: false, title: "There is nothing here", text: "This address waits for the end of a login." }, 404);
