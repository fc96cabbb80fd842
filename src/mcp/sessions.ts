import { type AuthInfo, type Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { isRecord } from "../core/parameters.ts";
import { randomText } from "../core/secret.ts";
import { type Asker, isWelcome } from "./asker.ts";

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  server: Server;
  /** Who asked last. */
  asker: Asker;
  usedAt: number;
  streams: number;
  /** Whether its listening stream broke off, as it does when a client dies. */
  isLeft: boolean;
  /** Requests that came one to a stream, and whose streams are open. */
  alone: Set<unknown>;
}

/** A stream of a session that is open. */
export interface Held {
  server: Server;
  /** @param wasCut whether it ended before everything was said */
  end(wasCut: boolean): void;
}

/** The sessions of the protocol before 2026. Each belongs to the credential that began it, and opens to no other. */
export interface Sessions {
  handle(request: Request, body: unknown, authInfo: AuthInfo, asker: Asker): Promise<Response>;
  /** Counts a stream that answers this request. Undefined where no session is. */
  hold(request: Request, body: unknown): Held | undefined;
  /** Ends what nobody uses any more, or may. */
  tidy(): Promise<void>;
  count(): number;
  close(): Promise<void>;
}

const idleMs = 30 * 60_000;
const leftMs = 5 * 60_000;
const tidyEveryMs = 60_000;
const mostOfOne = 20;
const mostOfAll = 500;

/** @param clock milliseconds that only grow */
export function createSessions(makeServer: () => Server, clock: () => number = () => performance.now()): Sessions {
  const sessions = new Map<string, Session>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const drop = async (id: string): Promise<void> => {
    const session = sessions.get(id);
    sessions.delete(id);
    if (sessions.size === 0) clearInterval(timer);
    await session?.server.close();
  };
  const idOf = (request: Request): string => request.headers.get("mcp-session-id") ?? "";
  const ofOne = (credentialId: string): number =>
    [...sessions.values()].filter(({ asker }) => asker.caller.credentialId === credentialId).length;

  const tidy = async (): Promise<void> => {
    for (const [id, each] of [...sessions]) {
      const isStale = each.streams === 0 && clock() - each.usedAt > (each.isLeft ? leftMs : idleMs);
      if (isStale || !(await isWelcome(each.asker).catch(() => false))) await drop(id);
    }
  };
  /** Makes room: the longest unused of those that hold no stream go. */
  const makeRoom = async (credentialId: string): Promise<boolean> => {
    const idle = [...sessions].filter(([, each]) => each.streams === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [id, { asker }] of idle) {
      const isOwn = asker.caller.credentialId === credentialId;
      if (sessions.size >= mostOfAll || (isOwn && ofOne(credentialId) >= mostOfOne)) await drop(id);
    }
    return sessions.size < mostOfAll && ofOne(credentialId) < mostOfOne;
  };

  const begin = async (request: Request, body: unknown, authInfo: AuthInfo, asker: Asker): Promise<Response> => {
    if (!(await makeRoom(asker.caller.credentialId)))
      return refusal(429, -32000, "Too many sessions are open, each with a call in it", body);
    const server = makeServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomText(24, "base64url"),
      onsessioninitialized: (id) => {
        if (sessions.size === 0) timer = setInterval(() => void tidy(), tidyEveryMs);
        timer?.unref();
        sessions.set(id, { transport, server, asker, usedAt: clock(), streams: 0, isLeft: false, alone: new Set() });
      },
      onsessionclosed: (id) => drop(id),
    });
    await server.connect(transport);
    return transport.handleRequest(request, { parsedBody: body, authInfo });
  };
  return {
    async handle(request, body, authInfo, asker) {
      const id = idOf(request);
      if (id === "" && isInitialize(body)) return begin(request, body, authInfo, asker);
      if (id === "") return refusal(400, -32000, "Bad Request: Mcp-Session-Id header is required", body);
      const session = sessions.get(id);
      const { userId, credentialId } = asker.caller;
      if (session?.asker.caller.userId !== userId || session.asker.caller.credentialId !== credentialId)
        return refusal(404, -32001, "Session not found", body);
      Object.assign(session, { asker, usedAt: clock(), isLeft: false });
      const parsed = body === undefined ? {} : { parsedBody: body };
      const response = await session.transport.handleRequest(request, { ...parsed, authInfo });
      // A call that was called off is never answered, so its stream would stay open for nothing.
      for (const { method, params } of messagesIn(body)) {
        if (method !== "notifications/cancelled" || !isRecord(params)) continue;
        const { requestId } = params;
        if (isId(requestId) && session.alone.has(requestId)) session.transport.closeSSEStream(requestId);
      }
      return response;
    },
    hold(request, body) {
      const session = sessions.get(idOf(request));
      if (!session) return undefined;
      const { server, transport, alone } = session;
      const ids = messagesIn(body).flatMap(({ id, method }) => (isId(id) && method !== undefined ? [id] : []));
      const [only] = ids;
      session.streams++;
      if (ids.length === 1) alone.add(only);
      return {
        server,
        end(wasCut) {
          session.streams--;
          session.usedAt = clock();
          session.isLeft ||= wasCut && body === undefined;
          alone.delete(only);
          if (!wasCut) return;
          // What is answered on a stream can be heard on no other, so nobody waits for it any more.
          for (const requestId of ids)
            transport.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } });
        },
      };
    },
    tidy,
    count: () => sessions.size,
    async close() {
      await Promise.all([...sessions.keys()].map(drop));
    },
  };
}

const isInitialize = (body: unknown): boolean => isRecord(body) && body.method === "initialize";

const isId = (id: unknown): id is string | number => typeof id === "string" || typeof id === "number";

const messagesIn = (body: unknown): Record<string, unknown>[] => (Array.isArray(body) ? body : [body]).filter(isRecord);

/** A refusal in the protocol's own form. */
export function refusal(status: number, code: number, message: string, body: unknown): Response {
  const id = isRecord(body) && isId(body.id) ? body.id : null;
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id }, { status });
}
