import { type AnyElysia, Elysia } from "elysia";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { understand } from "../core/outcome.ts";
import { clientAddress, parseProxies } from "./address.ts";
import { type Auth, createAuth } from "./auth.ts";
import { createDoor } from "./door.ts";
import { factsOf, noteFacts } from "./facts.ts";
import { noEndpoint, refuse } from "./replies.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { authRoutes } from "./routes/auth.ts";
import { clientRoutes } from "./routes/clients.ts";
import { connectRoutes } from "./routes/connect.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { historyRoutes } from "./routes/history.ts";
import { interpretRoutes } from "./routes/interpret.ts";
import { type MakeServer, mcpRoutes } from "./routes/mcp.ts";
import { oauthRoutes } from "./routes/oauth.ts";
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
  /** Stops listening, and waits for requests in flight up to `graceMs` milliseconds before it cuts them off. */
  stop(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  hostname: string;
  port: number;
  /** What answers agents instead of our tools, in tests. */
  makeAgentServer?: MakeServer;
}

/** Bodies past this are cut off by Bun itself; ours are refused with a sentence long before. */
const hardBodyLimit = 8 * 1024 * 1024 * 1024;

/**
 * Mounts the resources. One line each.
 * @param more mounts further ones, in tests
 * @throws Error when a route does not say who may use it
 */
export function createRoutes(
  app: App,
  more: (routes: AnyElysia) => AnyElysia = (routes) => routes,
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
    .use(docsRoutes(app, auth, prefix, () => routes));
  const open = routes.routes.filter((route) => !(route.hooks?.detail as Record<string, unknown>)?.["x-auth"]);
  if (open.length > 0) throw new Error(`Routes without an auth choice: ${open.map(({ path }) => path).join(", ")}`);
  return routes;
}

/**
 * Serves the app over HTTP.
 * @throws AppError conflict when the port is taken
 */
export function listen(app: App, options: ListenOptions): HttpServer {
  const closing = new AbortController();
  const routes = createRoutes(app, undefined, closing.signal, options.makeAgentServer);
  const { settings } = app;
  const trusted = parseProxies(settings.list("TRUSTED_PROXIES"));
  const server = serve(
    options,
    async (request, socket, keepOpen) => {
      const address = clientAddress(socket, request.headers.get("x-forwarded-for"), trusted);
      const { requestId } = noteFacts(request, address, keepOpen);
      const started = performance.now();
      let response: Response;
      try {
        response = door.admit(request) ?? (await routes.handle(request));
      } catch (error) {
        response = refuse(shownError(app, error, "UNKNOWN", request));
      }
      app.log.info("request", {
        method: request.method,
        path: URL.parse(request.url)?.pathname ?? "unreadable",
        status: response.status,
        ms: Math.round(performance.now() - started),
        request_id: requestId,
      });
      return door.dress(request, response);
    },
    (defect) => app.log.error("an answer could not be sent", { error: defect }),
  );
  const port = server.port ?? options.port;
  const publicUrl = settings.text("PUBLIC_URL");
  const door = createDoor({
    port,
    boundTo: options.hostname,
    moreHosts: [...settings.list("ALLOWED_HOSTS"), ...(publicUrl ? [new URL(publicUrl).host] : [])],
    allowedOrigins: settings.list("ALLOWED_ORIGINS"),
  });
  return {
    port,
    async stop(graceMs) {
      closing.abort();
      const finished = server.stop();
      const cut = setTimeout(() => void server.stop(true), graceMs);
      await finished;
      clearTimeout(cut);
    },
  };
}

function serve(
  { hostname, port }: ListenOptions,
  handle: (request: Request, address: string, keepOpen: () => void) => Promise<Response>,
  onDefect: (defect: unknown) => void,
) {
  try {
    return Bun.serve({
      hostname,
      port,
      fetch: (request, server) =>
        handle(request, server.requestIP(request)?.address ?? "", () => server.timeout(request, 0)),
      maxRequestBodySize: hardBodyLimit,
      idleTimeout: 60,
      // Else a second daemon of another home would share the port, and each get some of the requests.
      reusePort: false,
      // Without these two, Bun answers a defect with a page that shows our source.
      development: false,
      error: (defect) => {
        onDefect(defect);
        return refuse(new AppError("internal", "Internal server error"));
      },
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new AppError("conflict", `Port ${port} on ${hostname} is taken by another program`, {
        hint: "Stop that program, or choose another: mcqueen serve --port 3002",
        metadata: { port },
      });
    }
    throw error;
  }
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
