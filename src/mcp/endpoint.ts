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
import { isRecord } from "../core/parameters.ts";
import { type Asker, askerKey } from "./asker.ts";
import { createChanges } from "./changes.ts";
import { answerPlainRead, plainRead } from "./plain-read.ts";
import { createServers, type Servers } from "./server.ts";
import { createSessions, refusal } from "./sessions.ts";
import { guardStream, isStream } from "./stream.ts";

/** The protocol over HTTP, in both its eras. Whoever mounts it has looked at the Host, the credential and the body. */
export interface McpEndpoint {
  handle(request: Request, body: unknown, asker: Asker): Promise<Response>;
  /** Ends all sessions and streams. */
  close(): Promise<void>;
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

  /** Streams that only listen stay open for as long as a client likes, so one credential gets so many. */
  const keepOpen = (response: Response, { caller, isWelcome }: Asker, onEnd: () => void): Response => {
    const { credentialId } = caller;
    streams.set(credentialId, (streams.get(credentialId) ?? 0) + 1);
    return guardStream(response, isWelcome, () => {
      const left = (streams.get(credentialId) ?? 1) - 1;
      if (left > 0) streams.set(credentialId, left);
      else streams.delete(credentialId);
      onEnd();
    });
  };
  const isFull = ({ caller }: Asker): boolean => (streams.get(caller.credentialId) ?? 0) >= mostStreams;

  /** A listener of its own for each stream, because a bus does not say who listens, and a list is one person's. */
  const listen = async (request: Request, body: unknown, authInfo: AuthInfo, asker: Asker): Promise<Response> => {
    const bus = {
      publish: () => undefined,
      subscribe: (tell: (event: ServerEvent) => void) =>
        changes.watch(asker.caller.userId, () => tell({ kind: "tools_list_changed" })),
    };
    const handler = createMcpHandler(make, { ...options, bus });
    const response = await handler.fetch(request, { authInfo, parsedBody: body });
    if (!isStream(response)) return response;
    listening.add(handler);
    return keepOpen(response, asker, () => {
      listening.delete(handler);
      void handler.close();
    });
  };
  return {
    async handle(request, body, asker) {
      const plain = own && plainRead(own.offers, request, body);
      if (plain) return answerPlainRead(app, plain, asker, request.signal);
      const { credentialId } = asker.caller;
      const authInfo: AuthInfo = { token: "", clientId: credentialId, scopes: [], extra: { [askerKey]: asker } };
      if (request.method === "POST" && body === undefined)
        return refusal(400, -32700, "Parse error: there is no body", undefined);
      if (!(await isOlder(request, body))) {
        if (isRecord(body) && body.method === "subscriptions/listen")
          return isFull(asker) ? tooManyStreams(body) : listen(request, body, authInfo, asker);
        const response = await modern.fetch(request, { authInfo, parsedBody: body });
        return isStream(response) ? guardStream(response, asker.isWelcome, () => undefined) : response;
      }
      const isListening = request.method === "GET";
      if (isListening && isFull(asker)) return tooManyStreams(body);
      const response = await sessions.handle(request, body, authInfo, asker.caller);
      if (!isStream(response)) return response;
      const held = sessions.hold(request, (server) => void server.sendToolListChanged().catch(report));
      if (!isListening) return guardStream(response, asker.isWelcome, () => held?.end());
      const unwatch = held && changes.watch(asker.caller.userId, () => held.tell());
      return keepOpen(response, asker, () => {
        unwatch?.();
        held?.end();
      });
    },
    async close() {
      await Promise.all([modern.close(), sessions.close(), ...[...listening].map((handler) => handler.close())]);
    },
  };
}

const mostStreams = 20;

const tooManyStreams = (body: unknown): Response => refusal(429, -32000, "Too many streams are open", body);

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
