import { type AuthInfo, type Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { Caller } from "../core/call.ts";
import { isRecord } from "../core/parameters.ts";
import { randomText } from "../core/secret.ts";

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server;
  userId: string;
  credentialId: string;
  usedAt: number;
  streams: number;
}

/** The sessions of the protocol before 2026. Each belongs to the credential that began it, and opens to no other. */
export interface Sessions {
  handle(request: Request, body: unknown, authInfo: AuthInfo, caller: Caller): Promise<Response>;
  /** Counts a stream that stays open; gives what ends it. */
  hold(request: Request, onChange: (server: Server) => void): { tell(): void; end(): void } | undefined;
  close(): Promise<void>;
}

const idleMs = 30 * 60_000;
const mostOfOne = 20;
const mostOfAll = 500;

export function createSessions(makeServer: () => Server): Sessions {
  const sessions = new Map<string, Session>();
  const drop = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    await session?.server.close();
  };
  const idOf = (request: Request): string => request.headers.get("mcp-session-id") ?? "";

  /** Makes room: first what nobody uses, then the oldest of those that hold no stream. */
  const sweep = async (credentialId: string): Promise<void> => {
    const now = performance.now();
    const idle = [...sessions].filter(([, each]) => each.streams === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [id, each] of idle) {
      const isStale = now - each.usedAt > idleMs;
      const own = [...sessions.values()].filter((other) => other.credentialId === credentialId).length;
      const isOver = sessions.size >= mostOfAll || (each.credentialId === credentialId && own >= mostOfOne);
      if (isStale || isOver) await drop(id);
    }
  };

  const begin = async (request: Request, body: unknown, authInfo: AuthInfo, caller: Caller): Promise<Response> => {
    await sweep(caller.credentialId);
    if (sessions.size >= mostOfAll) return refusal(503, -32000, "Too many sessions are open", body);
    const server = makeServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomText(24, "base64url"),
      onsessioninitialized: (id) => {
        const { userId, credentialId } = caller;
        sessions.set(id, { transport, server, userId, credentialId, usedAt: performance.now(), streams: 0 });
      },
      onsessionclosed: (id) => void sessions.delete(id),
    });
    await server.connect(transport);
    return transport.handleRequest(request, { parsedBody: body, authInfo });
  };
  return {
    async handle(request, body, authInfo, caller) {
      const id = idOf(request);
      if (id === "" && isInitialize(body)) return begin(request, body, authInfo, caller);
      if (id === "") return refusal(400, -32000, "Bad Request: Mcp-Session-Id header is required", body);
      const session = sessions.get(id);
      if (session?.userId !== caller.userId || session.credentialId !== caller.credentialId)
        return refusal(404, -32001, "Session not found", body);
      session.usedAt = performance.now();
      return session.transport.handleRequest(request, {
        ...(body === undefined ? {} : { parsedBody: body }),
        authInfo,
      });
    },
    hold(request, onChange) {
      const session = sessions.get(idOf(request));
      if (!session) return undefined;
      session.streams++;
      return {
        tell: () => onChange(session.server),
        end: () => {
          session.streams--;
          session.usedAt = performance.now();
        },
      };
    },
    async close() {
      await Promise.all([...sessions.keys()].map(drop));
    },
  };
}

const isInitialize = (body: unknown): boolean => isRecord(body) && body.method === "initialize";

/** A refusal in the protocol's own form. */
export function refusal(status: number, code: number, message: string, body: unknown): Response {
  const id = isRecord(body) && (typeof body.id === "string" || typeof body.id === "number") ? body.id : null;
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id }, { status });
}
