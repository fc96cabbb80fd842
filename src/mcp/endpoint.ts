import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type McpHttpHandler,
  PROTOCOL_VERSION_META_KEY,
  type Server,
  type ServerEvent,
} from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { isRecord } from "../core/parameters.ts";
import { type Asker, askerKey, isWelcome } from "./asker.ts";
import { createChanges } from "./changes.ts";
import { answerPlainRead, plainRead } from "./plain-read.ts";
import { createServers, type Servers } from "./server.ts";
import { createSessions, refusal } from "./sessions.ts";
import { guardStream, isStream } from "./stream.ts";

/** The protocol over HTTP, in both its eras. Whoever mounts it has looked at the Host, the credential and the body. */
export interface McpEndpoint {
  /** @throws AppError unauthenticated when the credential ended while it worked */
  handle(request: Request, body: unknown, asker: Asker): Promise<Response>;
  /** Ends all sessions and streams. */
  close(): Promise<void>;
}

/** An answer that may be a stream, and what is to be done at its end. */
interface Opened {
  response: Response;
  onEnd?: (wasCut: boolean) => void;
}

/** @param makeServer makes what answers the messages, for each session or request; our tools unless told */
export function createMcpEndpoint(app: App, makeServer?: () => Server): McpEndpoint {
  const own = makeServer ? undefined : serversOf(app);
  const make = makeServer ?? (own as Servers).make;
  const report = (error: Error): void => app.log.debug("an agent's message was refused", { error });
  const options = { legacy: "reject", onerror: report } as const;
  const modern = createMcpHandler(make, options);
  const sessions = createSessions(make);
  const changes = createChanges(app);
  const listening = new Set<McpHttpHandler>();
  const streams = new Map<string, number>();

  const guard = (response: Response, asker: Asker, onEnd: (wasCut: boolean) => void): Response =>
    guardStream(response, () => isWelcome(asker), onEnd);
  /** Streams that only listen stay open for as long as a client likes, so one credential gets so many. */
  const keepOpen = async (asker: Asker, body: unknown, open: () => Promise<Opened>): Promise<Response> => {
    const { credentialId } = asker.caller;
    const count = streams.get(credentialId) ?? 0;
    if (count >= mostStreams) return refusal(429, -32000, "Too many streams are open", body);
    streams.set(credentialId, count + 1);
    const release = (): void => {
      const left = (streams.get(credentialId) ?? 1) - 1;
      if (left > 0) streams.set(credentialId, left);
      else streams.delete(credentialId);
    };
    try {
      const { response, onEnd } = await open();
      const onceEnded = (wasCut: boolean): void => {
        release();
        onEnd?.(wasCut);
      };
      if (isStream(response)) return guard(response, asker, onceEnded);
      onceEnded(false);
      return response;
    } catch (error) {
      release();
      throw error;
    }
  };

  /** A listener of its own for each stream, because a bus does not say who listens, and a list is one person's. */
  const listen = async (request: Request, body: unknown, authInfo: AuthInfo, asker: Asker): Promise<Opened> => {
    const bus = {
      publish: () => undefined,
      subscribe: (tell: (event: ServerEvent) => void) =>
        changes.watch(asker.caller.userId, () => tell({ kind: "tools_list_changed" })),
    };
    const handler = createMcpHandler(make, { ...options, bus });
    listening.add(handler);
    const onEnd = (): void => {
      listening.delete(handler);
      void handler.close();
    };
    return { response: await handler.fetch(request, { authInfo, parsedBody: body }), onEnd };
  };
  /** A session's stream for what is said without being asked. */
  const listenInSession = async (request: Request, authInfo: AuthInfo, asker: Asker): Promise<Opened> => {
    const response = await sessions.handle(request, undefined, authInfo, asker);
    const held = isStream(response) ? sessions.hold(request, undefined) : undefined;
    if (!held) return { response };
    const tell = (): void => void held.server.sendToolListChanged().catch(report);
    const unwatch = changes.watch(asker.caller.userId, tell);
    const onEnd = (wasCut: boolean): void => {
      unwatch();
      held.end(wasCut);
    };
    return { response, onEnd };
  };
  const answer = async (request: Request, body: unknown, asker: Asker): Promise<Response> => {
    const plain = own && plainRead(own.offers, request, body);
    if (plain) return answerPlainRead(app, own, plain, asker, request.signal);
    const { credentialId } = asker.caller;
    const authInfo: AuthInfo = { token: "", clientId: credentialId, scopes: [], extra: { [askerKey]: asker } };
    if (request.method === "POST" && body === undefined)
      return refusal(400, -32700, "Parse error: there is no body", undefined);
    if (!(await isOlder(request, body))) {
      if (isRecord(body) && body.method === "subscriptions/listen")
        return keepOpen(asker, body, () => listen(request, body, authInfo, asker));
      const response = await modern.fetch(request, { authInfo, parsedBody: body });
      return isStream(response) ? guard(response, asker, () => undefined) : response;
    }
    if (request.method === "GET") return keepOpen(asker, body, () => listenInSession(request, authInfo, asker));
    const response = await sessions.handle(request, body, authInfo, asker);
    if (!isStream(response)) return response;
    const held = sessions.hold(request, body);
    return guard(response, asker, (wasCut) => held?.end(wasCut));
  };
  return {
    async handle(request, body, asker) {
      const began = performance.now();
      const response = await answer(request, body, asker);
      if (isStream(response) || performance.now() - began < freshMs || (await isWelcome(asker))) return response;
      await response.body?.cancel();
      throw new AppError("unauthenticated", "This login has ended");
    },
    async close() {
      await Promise.all([modern.close(), sessions.close(), ...[...listening].map((handler) => handler.close())]);
    },
  };
}

const mostStreams = 20;
/** What was asked for so short a time ago is answered without another look at who asked. */
const freshMs = 500;

/** The SDK decides; what is plain is spared the look. */
async function isOlder(request: Request, body: unknown): Promise<boolean> {
  const params = isRecord(body) && isRecord(body.params) ? body.params : {};
  if (isRecord(params._meta) && PROTOCOL_VERSION_META_KEY in params._meta) return false;
  return isLegacyRequest(request, body);
}

const serversOf = (app: App): Servers =>
  createServers(app, {
    askerOf: (ctx) => askerIn(ctx.http?.authInfo),
    async linkTo({ caller, origin }, service) {
      if (origin === undefined || !isSafe(origin)) return undefined;
      return origin + (await app.connectTickets.issue({ service, caller }));
    },
  });

/** @throws Error when a handler runs for nobody: a mistake of ours that must not become a call */
function askerIn(authInfo: AuthInfo | undefined): Asker {
  const asker = authInfo?.extra?.[askerKey];
  if (!asker) throw new Error("A message reached a handler without its asker");
  return asker as Asker;
}

/** A login begins where nobody can listen in: by https, or on this computer. */
const isSafe = (origin: string): boolean =>
  origin.startsWith("https://") || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|$)/.test(origin);
