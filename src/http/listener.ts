import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { createAddresses, isLoopback, isTrusted, parseProxies } from "./address.ts";
import { createDoor, type Door } from "./door.ts";
import { type ListenerKind, noteFacts } from "./facts.ts";
import { refuse } from "./replies.ts";
import { openTurnstile, type Turnstile } from "./turnstile.ts";

/** What the pages of a listener on the LAN tell of it. */
export interface LanFacts {
  url: string;
  /** PEM of the authority's certificate. */
  authority: string;
  /** SHA-256 of that certificate, "AB:CD:…". */
  fingerprint: string;
  /** SHA-256 of the listener's public key, base64url. */
  pin: string;
}

export interface ListenOptions {
  hostname: string;
  port: number;
  /** loopback unless told */
  kind?: ListenerKind;
  tls?: { serverName?: string; key: string; cert: string }[];
  /** The names that it answers to besides its address. */
  names?: readonly string[];
  lan?: Omit<LanFacts, "url">;
}

export interface Listener {
  port: number;
  lan: LanFacts | undefined;
  /** Stops listening, and waits for requests in flight up to `graceMs` milliseconds before it cuts them off. */
  stop(graceMs: number): Promise<void>;
}

interface Answering {
  handle(request: Request): Promise<Response>;
  refusal(error: unknown, request: Request): Response;
}

/** Bodies past this are cut off by Bun itself; ours are refused with a sentence long before. */
const hardBodyLimit = 8 * 1024 * 1024 * 1024;

/**
 * Opens one listener with a door of its own.
 * @throws AppError conflict when the port is taken, not_found when this computer does not have the address
 */
export function openListener(app: App, options: ListenOptions, answering: Answering): Listener {
  const { hostname, kind = "loopback", tls } = options;
  // No proxy stands before a listener with TLS of its own in a network, whatever range the proxies of another are in.
  const trusted = kind === "lan" ? [] : parseProxies(app.settings.list("TRUSTED_PROXIES"));
  const addresses = createAddresses(trusted);
  const answer = async (request: Request, socket: string, keepOpen: () => void): Promise<Response> => {
    const address = addresses(socket, request.headers.get("x-forwarded-for"));
    const { requestId, url } = noteFacts(request, address, kind, keepOpen);
    const started = performance.now();
    let response: Response;
    try {
      if (kind === "lan" && socket === "") throw notFromNetwork();
      if (kind === "proxy") requireProxy(socket === hostname || isLoopback(socket) || isTrusted(socket, trusted));
      response = door.admit(request) ?? (await answering.handle(request));
    } catch (error) {
      response = answering.refusal(error, request);
    }
    app.log.info("request", {
      method: request.method,
      path: url?.pathname ?? "unreadable",
      status: response.status,
      ms: Math.round(performance.now() - started),
      request_id: requestId,
      ...(kind === "loopback" ? {} : { listener: kind }),
    });
    return door.dress(request, response);
  };
  const onDefect = (defect: unknown): void => app.log.error("an answer could not be sent", { error: defect });
  // Behind a turnstile the server itself is on this computer alone, and knows those who come through it by their port.
  const inner = kind === "lan" ? { ...options, hostname: "127.0.0.1", port: 0 } : options;
  let turnstile: Turnstile | undefined;
  const sourceOf = (from: { address: string; port: number } | null): string =>
    (kind === "lan" ? from && turnstile?.sourceOf(from) : from?.address) ?? "";
  const server = serve(inner, (request, from, keepOpen) => answer(request, sourceOf(from), keepOpen), onDefect);
  turnstile = kind === "lan" ? openGate(app, options, server) : undefined;
  const port = turnstile?.port ?? server.port ?? options.port;
  const door = doorOf(app, options, port);
  const url = `${tls ? "https" : "http"}://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  return {
    port,
    lan: options.lan && { ...options.lan, url },
    async stop(graceMs) {
      turnstile?.close();
      const finished = server.stop();
      const cut = setTimeout(() => void server.stop(true), graceMs);
      await finished;
      clearTimeout(cut);
      turnstile?.cut();
    },
  };
}

const refusalToldEveryMs = 60_000;

function openGate(app: App, { hostname, port }: ListenOptions, server: Bun.Server<undefined>): Turnstile {
  let toldAt = Number.NEGATIVE_INFINITY;
  const onRefusal = (address: string): void => {
    if (performance.now() - toldAt < refusalToldEveryMs) return;
    toldAt = performance.now();
    app.log.warn("too many connections from one address, or at all; further ones are closed", { address });
  };
  try {
    return openTurnstile({ hostname, port, target: server.port ?? 0, onRefusal });
  } catch (error) {
    void server.stop(true);
    throw explain(error, hostname, port);
  }
}

/** @throws AppError conflict where somebody listens there already, not_found for an address that this computer lacks */
export function requireFree(hostname: string, port: number): void {
  try {
    Bun.listen({ hostname, port, socket: { data: () => undefined } }).stop(true);
  } catch (error) {
    throw explain(error, hostname, port);
  }
}

const notFromNetwork = (): AppError =>
  new AppError("forbidden", "This port is the inner side of the listener on the LAN", {
    hint: "Use the address that mcqueen lan status prints.",
  });

function doorOf({ settings }: App, { hostname, kind, tls, names = [] }: ListenOptions, port: number): Door {
  const publicUrl = settings.text("PUBLIC_URL");
  const isLan = kind === "lan";
  return createDoor({
    port,
    scheme: tls ? "https" : "http",
    names: isLan ? [hostname, ...names] : ["127.0.0.1", "localhost", "::1", ...(isAny(hostname) ? [] : [hostname])],
    // The names of one listener mean nothing at another: a page that reached the wrong one is not let in by it.
    moreHosts: isLan ? [] : [...settings.list("ALLOWED_HOSTS"), ...(publicUrl ? [new URL(publicUrl).host] : [])],
    allowedOrigins: settings.list("ALLOWED_ORIGINS"),
  });
}

const isAny = (hostname: string): boolean => hostname === "0.0.0.0" || hostname === "::";

function requireProxy(isProxy: boolean): void {
  if (isProxy) return;
  throw new AppError("forbidden", "Plain HTTP is for the TLS proxy in front of this daemon", {
    hint: "Use the https address of the proxy. The setting TRUSTED_PROXIES lists the proxies.",
  });
}

function serve(
  { hostname, port, tls }: ListenOptions,
  handle: (request: Request, from: Bun.SocketAddress | null, keepOpen: () => void) => Promise<Response>,
  onDefect: (defect: unknown) => void,
) {
  try {
    return Bun.serve({
      hostname,
      port,
      ...(tls ? { tls: tls.map((each) => ({ ...each, minVersion: tls12, ciphers })) } : {}),
      fetch: (request, server) => handle(request, server.requestIP(request), () => server.timeout(request, 0)),
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
    throw explain(error, hostname, port);
  }
}

const tls12 = 0x0303;
/** For TLS 1.2; those of 1.3 are all of this kind. Else Bun would take CBC with SHA-1 too. */
const ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";

function explain(error: unknown, hostname: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return new AppError("conflict", `Port ${port} on ${hostname} is taken by another program`, {
      hint: "Stop that program, or choose another: mcqueen daemon start --port 3002 (in the foreground: mcqueen serve --port 3002)",
      metadata: { port },
    });
  }
  if (code === "EADDRNOTAVAIL")
    return new AppError("not_found", `This computer does not have the address ${hostname}`, { cause: error });
  return error;
}
