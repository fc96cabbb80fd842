import { AppError } from "../core/errors.ts";
import { factsOf } from "./facts.ts";
import { setRateHeaders } from "./gate.ts";
import { securityHeaders } from "./replies.ts";

/** What the door knows about the listener that a request came in by. */
export interface DoorOptions {
  port: number;
  scheme: "http" | "https";
  /** The names and addresses that the listener answers to at its port. */
  names: readonly string[];
  /** Further ones, as "host" or "host:port". */
  moreHosts: readonly string[];
  /** Web origins that may call us. */
  allowedOrigins: readonly string[];
}

export interface Door {
  /** Lets a request in, or throws; or answers it at once (a CORS preflight). */
  admit(request: Request): Response | undefined;
  /** Adds the headers that every answer bears. */
  dress(request: Request, response: Response): Response;
}

/**
 * The checks that come before any routing, in order.
 * They look at the raw request, because a router can be misled by the very things that they refuse.
 */
export function createDoor(options: DoorOptions): Door {
  const hosts = knownHosts(options);
  const origins = new Set(options.allowedOrigins);
  const own = new Set([...hosts].map((host) => `${options.scheme}://${host}`));
  const isForeign = (origin: string | null): origin is string =>
    origin !== null && !origins.has(origin) && !own.has(origin);

  const corsHeaders = (origin: string | null): Record<string, string> =>
    origin !== null && origins.has(origin)
      ? {
          "access-control-allow-origin": origin,
          "access-control-allow-credentials": "true",
          "access-control-expose-headers": "Mcp-Session-Id, WWW-Authenticate, Retry-After, X-Request-Id",
          vary: "Origin",
        }
      : {};

  return {
    admit(request) {
      requireKnownHost(request, hosts);
      const origin = request.headers.get("origin");
      if (isForeign(origin)) throw new AppError("forbidden", "This web origin is not allowed", { hint: originHint });
      if (origin === null && isInsidePage(request))
        throw new AppError("forbidden", "This is to be opened by itself, not inside another site's page");
      if (request.method !== "OPTIONS" || !request.headers.has("access-control-request-method")) return undefined;
      return new Response(null, { status: 204, headers: { ...corsHeaders(origin), ...preflightHeaders } });
    },
    dress(request, response) {
      const { requestId, rate, challenge } = factsOf(request);
      const { headers } = response;
      // JSON is made with them; whoever makes something else may have a few of their own.
      if (!headers.has("x-permitted-cross-domain-policies")) addMissing(headers, securityHeaders);
      if (origins.size > 0) addMissing(headers, corsHeaders(request.headers.get("origin")));
      if (challenge && response.status === 401) addMissing(headers, { "www-authenticate": challenge });
      if (rate) setRateHeaders(headers, rate);
      headers.set("x-request-id", requestId);
      return response;
    },
  };
}

function addMissing(headers: Headers, more: Record<string, string>): void {
  for (const [name, value] of Object.entries(more)) if (!headers.has(name)) headers.set(name, value);
}

/** Whether another site's page wants this as a picture, a frame or a script of its own: browsers say so, and no person asked. */
const isInsidePage = ({ headers }: Request): boolean =>
  /^(cross|same)-site$/.test(headers.get("sec-fetch-site") ?? "") && headers.get("sec-fetch-dest") !== "document";

function requireKnownHost(request: Request, hosts: ReadonlySet<string>): void {
  const named = (request.headers.get("host") ?? "").toLowerCase();
  const asked = factsOf(request).url?.host ?? "";
  if (hosts.has(named) && hosts.has(asked)) return;
  throw new AppError("misdirected", "This daemon does not serve that host name", {
    hint: "Use the address that mcqueen daemon status or mcqueen lan status prints.",
  });
}

function knownHosts({ port, scheme, names, moreHosts }: DoorOptions): ReadonlySet<string> {
  const usual = scheme === "http" ? 80 : 443;
  const withPort = names
    .map((name) => (name.includes(":") ? `[${name}]` : name))
    .flatMap((name) => (port === usual ? [name, `${name}:${port}`] : [`${name}:${port}`]));
  return new Set([...withPort, ...moreHosts].map((name) => name.toLowerCase()));
}

const originHint = "The setting ALLOWED_ORIGINS lists the web origins that may call.";

const preflightHeaders = {
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
  "access-control-allow-headers": [
    "Authorization, Content-Type, Idempotency-Key, X-Session-ID, X-User-ID",
    "Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-ID",
  ].join(", "),
  "access-control-max-age": "600",
};
