import { type DocumentDecoration, Elysia } from "elysia";
import type { App } from "../app.ts";
import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import { isRecord } from "../core/parameters.ts";
import { readJson } from "./body.ts";
import { factsOf } from "./facts.ts";
import { createGate, type Gate } from "./gate.ts";

/**
 * Who may use a route. Every route states it; a server with one that does not refuses to start.
 * open: everyone, uncounted. none: everyone, counted. tools: every credential, API tokens too. user: a person.
 * admin: a person who is one.
 */
export type AuthLevel = "open" | "none" | "tools" | "user" | "admin";

const bodyLimit = 256 * 1024;
/** Where files come: attachments of a tool, and lists of places. */
const fileBodyLimit = 10 * 1024 * 1024;
const takesFiles = (request: Request, level: AuthLevel): boolean =>
  level === "tools" || (level === "user" && new URL(request.url).pathname === "/api/v1/places/import");

/**
 * The macro `auth`. It runs before Elysia parses or validates anything: first the credential and its limit, then the
 * body within its bounds, then the comparison of any named user with the credential's own.
 */
export function createAuth(app: App) {
  const gate = createGate(app);
  const macro = new Elysia({ name: "auth", normalize: false }).macro({
    auth: (level: AuthLevel) => ({
      detail: {
        "x-auth": level,
        ...(level === "open" || level === "none" ? { security: [] } : {}),
      } as DocumentDecoration,
      // Stops Elysia's own parser, which knows no bounds and runs before the credential is looked at.
      parse: () => null,
      // An arrow, because the compiled binary's form of a method makes Elysia print its source.
      transform: async (context) => {
        context.body = await admit(app, gate, context.request, level);
      },
      resolve: ({ request }) => ({ caller: factsOf(request).caller ?? nobody }),
    }),
  });
  return { macro, gate };
}

export type Auth = ReturnType<typeof createAuth>;

/** The caller of a route that needs none. */
const nobody: Caller = { userId: "", role: "member", entrance: "rest", credentialId: "", interactive: false };

async function admit(app: App, gate: Gate, request: Request, level: AuthLevel): Promise<unknown> {
  if (level === "none") gate.countStranger(request);
  const caller = level === "open" || level === "none" ? undefined : await authenticate(app, gate, request);
  if (caller) requireLevel(caller, level);
  const body = await readJson(request, takesFiles(request, level) ? fileBodyLimit : bodyLimit);
  if (!caller) return body;
  // A body may take its time, and what the caller may do can end meanwhile.
  const still = body === undefined ? caller : await recheck(app, request, level);
  requireOwnName(still, request, body);
  return body;
}

async function authenticate(app: App, gate: Gate, request: Request): Promise<Caller> {
  const facts = factsOf(request);
  const bearer = bearerOf(request);
  const identity = bearer === undefined ? undefined : await app.people.identify(bearer);
  if (!identity) {
    gate.countStranger(request);
    throw unauthenticated();
  }
  gate.countKnown(request, identity.caller.credentialId);
  facts.caller = identity.caller;
  if (identity.session) facts.session = identity.session;
  return identity.caller;
}

async function recheck(app: App, request: Request, level: AuthLevel): Promise<Caller> {
  const identity = await app.people.identify(bearerOf(request) ?? "");
  if (!identity) throw unauthenticated();
  factsOf(request).caller = identity.caller;
  requireLevel(identity.caller, level);
  return identity.caller;
}

const unauthenticated = (): AppError =>
  new AppError("unauthenticated", "Invalid authentication token", {
    hint: "Send Authorization: Bearer <session_id or token>. On this computer: mcqueen daemon token",
  });

/** The secret of a request: the bearer, or on the way out the `X-Session-ID` of a client that sends nothing else. */
export function bearerOf(request: Request): string | undefined {
  const header = request.headers.get("authorization");
  if (header !== null) return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  const isLogout = new URL(request.url).pathname.endsWith("/auth/logout");
  return isLogout ? (request.headers.get("x-session-id") ?? undefined) : undefined;
}

function requireLevel(caller: Caller, level: AuthLevel): void {
  if (level !== "tools" && caller.grant) {
    throw new AppError("forbidden", "An API token may list and run tools, nothing else", {
      hint: "Log in as a person for this.",
    });
  }
  if (level === "admin" && caller.role !== "admin") throw new AppError("forbidden", "Only an admin may do this");
}

/**
 * Identity comes from the credential alone; a differing name anywhere in the request is refused. Under /users an admin
 * names others on purpose.
 */
function requireOwnName(caller: Caller, request: Request, body: unknown): void {
  const url = new URL(request.url);
  const named = [
    isRecord(body) ? body.user_id : undefined,
    ...url.searchParams.getAll("user_id"),
    request.headers.get("x-user-id") ?? undefined,
  ];
  const own = [caller.userId, asHeader(caller.userId)];
  const mayName = caller.role === "admin" && /^\/api\/v1\/users(\/|$)/.test(url.pathname);
  if (!mayName && named.some((name) => name !== undefined && !own.includes(name as string))) {
    throw new AppError("forbidden", "The user_id differs from the user of this session");
  }
}

/** How a header that was sent as UTF-8 arrives: each byte as a character of its own. */
const asHeader = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
