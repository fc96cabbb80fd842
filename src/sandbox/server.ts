import { tmpdir } from "node:os";
import { join } from "node:path";
import { all } from "./all.ts";
import { createFaults, type Fault, spoil } from "./faults.ts";

export interface ReceivedRequest {
  upstream: string;
  method: string;
  /** Below the upstream's prefix, as at the real service. */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
}

export interface Sandbox {
  /** Setting name -> the stand-in's base URL, and the further settings for which a stand-in answers. */
  baseUrls: Record<string, string>;
  /** What came in so far, oldest first; the newest thousand. */
  requests: readonly ReceivedRequest[];
  /** Makes an upstream fail. @throws Error for an upstream that is not stood in for */
  fail(upstream: string, fault: Fault): void;
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** Port 0 takes any free one. */
  port?: number;
  /** Keeps the state of stand-ins; a temporary folder unless told. */
  folder?: string;
  now?: () => Date;
}

const mostRequests = 1_000;

/** Serves stand-ins of all upstreams on 127.0.0.1, for --sandbox and for tests. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? (() => new Date());
  const folder = options.folder ?? join(tmpdir(), `mcqueen-sandbox-${process.pid}`);
  const requests: ReceivedRequest[] = [];
  const faults = new Map(all.map(({ id }) => [id, createFaults()]));
  const { promise: stopped, resolve: end } = Promise.withResolvers<void>();

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 0,
    fetch(request) {
      const url = new URL(request.url);
      const upstream = all.find(({ id }) => url.pathname.startsWith(`/${id}/`));
      if (!upstream) return Response.json({ error: "no such upstream" }, { status: 404 });
      const path = url.pathname.slice(upstream.id.length + 1);
      requests.push({
        upstream: upstream.id,
        method: request.method,
        path,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(request.headers),
      });
      if (requests.length > mostRequests) requests.shift();
      const answer = () => upstream.answer(request, path, url.searchParams, now(), folder);
      const fault = faults.get(upstream.id)?.next();
      return fault ? spoil(fault, answer, upstream.failure, stopped) : answer();
    },
  });

  return {
    baseUrls: Object.fromEntries(
      all.flatMap(({ id, setting, defaults }) => [
        [setting, `http://127.0.0.1:${server.port}/${id}`],
        ...Object.entries(defaults ?? {}),
      ]),
    ),
    requests,
    fail(upstream, fault) {
      const of = faults.get(upstream);
      if (!of) throw new Error(`There is no stand-in of ${upstream}`);
      of.add(fault);
    },
    async stop() {
      end();
      await server.stop(true);
    },
  };
}
