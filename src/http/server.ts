import { type AnyElysia, Elysia } from "elysia";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { understand } from "../core/outcome.ts";
import { type Auth, createAuth } from "./auth.ts";
import { factsOf } from "./facts.ts";
import { type LanFacts, type Listener, type ListenOptions, openListener } from "./listener.ts";
import { noEndpoint, refuse } from "./replies.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { authRoutes } from "./routes/auth.ts";
import { clientRoutes } from "./routes/clients.ts";
import { connectRoutes } from "./routes/connect.ts";
import { deviceRoutes } from "./routes/devices.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { historyRoutes } from "./routes/history.ts";
import { interpretRoutes } from "./routes/interpret.ts";
import { lanRoutes } from "./routes/lan.ts";
import { type MakeServer, mcpRoutes } from "./routes/mcp.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import { pageRoutes } from "./routes/page.ts";
import { placeRoutes } from "./routes/places.ts";
import { profileRoutes } from "./routes/profile.ts";
import { providerRoutes } from "./routes/providers.ts";
import { serviceRoutes } from "./routes/services.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { toolRoutes } from "./routes/tools.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

export interface HttpServer {
  /** The port in use, also when 0 was asked for. */
  port: number;
  /** Opens another listener for the same program. @throws AppError conflict when the port is taken */
  also(options: ListenOptions): Listener;
  /** Closes the first listener and opens it anew at its port; what is in flight may go on up to `graceMs` milliseconds. */
  renew(options: ListenOptions, graceMs: number): void;
  /** Stops all listeners, and waits for requests in flight up to `graceMs` milliseconds before it cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** The first listener, and what stands in for parts of the program in tests. */
export interface ServerOptions extends ListenOptions {
  /** What answers agents instead of our tools. */
  makeAgentServer?: MakeServer;
}

/**
 * Mounts the resources. One line each.
 * @param more mounts further ones, in tests
 * @throws Error when a route does not say who may use it
 */
export function createRoutes(
  app: App,
  more: (routes: AnyElysia) => AnyElysia = (routes) => routes,
  lan: () => LanFacts | undefined = () => undefined,
  closing?: AbortSignal,
  makeAgentServer?: MakeServer,
): AnyElysia {
  const auth = createAuth(app, closing);
  const prefix = "/api/v1";
  const routes: AnyElysia = more(new Elysia({ normalize: false }))
    .onError(({ error, code, request, set }) => {
      const response = refuse(shownError(app, code === "NOT_FOUND" ? counted(auth, request) : error, code, request));
      // Elysia turns a 200 that an error handler answers into a 500, unless it is said here too.
      set.status = response.status;
      return response;
    })
    .use(healthRoutes(app, auth, prefix))
    .use(authRoutes(app, auth, prefix))
    .use(serviceRoutes(app, auth, prefix))
    .use(connectRoutes(app, auth))
    .use(webhookRoutes(app, auth))
    .use(mcpRoutes(app, auth, makeAgentServer))
    .use(oauthRoutes(app, auth))
    .use(clientRoutes(app, auth, prefix))
    .use(toolRoutes(app, auth, prefix))
    .use(interpretRoutes(app, auth, prefix))
    .use(providerRoutes(app, auth, prefix))
    .use(approvalRoutes(app, auth, prefix))
    .use(historyRoutes(app, auth, prefix))
    .use(eventRoutes(app, auth, prefix))
    .use(profileRoutes(app, auth, prefix))
    .use(placeRoutes(app, auth, prefix))
    .use(userRoutes(app, auth, prefix))
    .use(tokenRoutes(app, auth, prefix))
    .use(deviceRoutes(app, auth, prefix))
    .use(lanRoutes(auth, lan))
    .use(pageRoutes(auth))
    .use(docsRoutes(app, auth, prefix, () => routes));
  const open = routes.routes.filter((route) => !(route.hooks?.detail as Record<string, unknown>)?.["x-auth"]);
  if (open.length > 0) throw new Error(`Routes without an auth choice: ${open.map(({ path }) => path).join(", ")}`);
  return routes;
}

/**
 * Serves the app over HTTP.
 * @throws AppError conflict when the port is taken
 */
export function listen(app: App, options: ServerOptions): HttpServer {
  const open = new Set<Listener>();
  const closing = new AbortController();
  const facts = (): LanFacts | undefined => [...open].map(({ lan }) => lan).find((each) => each !== undefined);
  const routes = createRoutes(app, undefined, facts, closing.signal, options.makeAgentServer);
  const also = (of: ListenOptions): Listener => {
    const listener = openListener(app, of, {
      handle: async (request) => routes.handle(request),
      refusal: (error, request) => refuse(shownError(app, error, "UNKNOWN", request)),
    });
    const tracked: Listener = {
      ...listener,
      async stop(graceMs) {
        open.delete(tracked);
        await listener.stop(graceMs);
      },
    };
    open.add(tracked);
    return tracked;
  };
  let main = also(options);
  const { port } = main;
  return {
    port,
    also,
    renew(next, graceMs) {
      // It no longer listens once this returns, so the port is free for its successor.
      main.stop(graceMs).catch((error: unknown) => app.log.error("a listener could not be closed", { error }));
      main = also({ ...next, port });
    },
    async stop(graceMs) {
      closing.abort();
      await Promise.all([...open].map((each) => each.stop(graceMs)));
    },
  };
}

/** Paths that do not exist count too, or a stranger could ask for them without end. */
function counted(auth: Auth, request: Request): AppError {
  try {
    if (!factsOf(request).caller) auth.gate.countStranger(request);
    return noEndpoint();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** What may be shown of a thrown thing. The rest is logged with the request's id and goes no further. */
function shownError(app: App, error: unknown, code: string | number, request: Request): AppError {
  if (code === "NOT_FOUND" && !(error instanceof AppError)) return noEndpoint();
  const shown = understand(error, (defect) =>
    app.log.error("a request failed unexpectedly", { error: defect, request_id: factsOf(request).requestId }),
  );
  if (shown.code !== "unavailable") return shown;
  // Where our files lie is for the log, not for the network.
  app.log.error(shown.message, { hint: shown.hint, request_id: factsOf(request).requestId });
  const { retryAfterS } = shown;
  return new AppError("unavailable", "The daemon cannot do this right now", retryAfterS ? { retryAfterS } : {});
}
