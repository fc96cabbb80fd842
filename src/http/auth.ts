import { type DocumentDecoration, Elysia } from "elysia";
import type { App } from "../app.ts";
import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import { isRecord } from "../core/parameters.ts";
import { readForm, readJson } from "./body.ts";
import { factsOf } from "./facts.ts";
import { createGate, type Gate } from "./gate.ts";
import { placeOf } from "./origin.ts";

/**
 * Who may use a route. Every route states it; a server with one that does not refuses to start.
 * open: everyone, uncounted. signed: whoever signs the body, which the route itself reads and checks. none: everyone, counted.
 * form: the same, with a form for a body, as OAuth wants it. agent: every credential, those of programs that were let in too.
 * tools: every other, API tokens too. user: a person. admin: a person who is one.
 */
export type AuthLevel = "open" | "none" | "signed" | "form" | "agent" | "tools" | "user" | "admin";

const isForEveryone = (level: AuthLevel): boolean =>
  level === "open" || level === "none" || level === "signed" || level === "form";

const bodyLimit = 256 * 1024;
const formLimit = 32 * 1024;
/** So soon after it was looked up, a credential needs no second look. */
const freshMs = 5;
/** Where files come: attachments of a tool, and lists of places. */
const fileBodyLimit = 10 * 1024 * 1024;
const takesFiles = (request: Request, level: AuthLevel): boolean =>
  level === "tools" ||
  level === "agent" ||
  (level === "user" && factsOf(request).url?.pathname === "/api/v1/places/import");

/**
 * The macro `auth`. It runs before Elysia parses or validates anything: first the credential and its limit, then the
 * body within its bounds, then the comparison of any named user with the credential's own.
 */
export function createAuth(app: App, closing: AbortSignal = new AbortController().signal) {
  const gate = createGate(app);
  const macro = new Elysia({ name: "auth", normalize: false }).macro({
    auth: (level: AuthLevel) => ({
      detail: {
        "x-auth": level,
        ...(isForEveryone(level) ? { security: [] } : {}),
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
  return { macro, gate, closing };
}

export type Auth = ReturnType<typeof createAuth>;

/** The caller of a route that needs none. */
const nobody: Caller = { userId: "", role: "member", entrance: "rest", credentialId: "", interactive: false };

async function admit(app: App, gate: Gate, request: Request, level: AuthLevel): Promise<unknown> {
  if (level === "signed") return undefined;
  if (level === "none" || level === "form") gate.countStranger(request);
  const caller = isForEveryone(level) ? undefined : await authenticate(app, gate, request, level);
  if (caller) requireLevel(caller, level, request);
  if (level === "form") return readForm(request, formLimit);
  const began = performance.now();
  const body = await readJson(request, takesFiles(request, level) ? fileBodyLimit : bodyLimit);
  if (!caller) return body;
  // A body may take its time, and what the caller may do can end meanwhile.
  const isFresh = body === undefined || performance.now() - began < freshMs;
  const still = isFresh ? caller : await recheck(app, request, level);
  requireOwnName(still, request, body);
  return body;
}

async function authenticate(app: App, gate: Gate, request: Request, level: AuthLevel): Promise<Caller> {
  const facts = factsOf(request);
  const identity = await identityOf(app, request, level);
  if (!identity) {
    if (level === "agent") facts.challenge = challengeOf(app, request);
    gate.countStranger(request);
    throw unauthenticated();
  }
  gate.countKnown(request, identity.caller.credentialId);
  facts.caller = identity.caller;
  if (identity.session) facts.session = identity.session;
  return identity.caller;
}

/** The local token says that a program runs on this computer, so it opens nothing to what comes from elsewhere. */
async function recognise(app: App, request: Request): Promise<Identity | undefined> {
  const bearer = bearerOf(request);
  if (bearer === undefined) return undefined;
  const identity = await app.people.identify(bearer);
  return identity?.caller.credentialId === "local" && factsOf(request).listener === "lan" ? undefined : identity;
}

async function identityOf(app: App, request: Request, level: AuthLevel): Promise<Identity | undefined> {
  if (level === "agent") return agentOf(app, request);
  return recognise(app, request);
}

/** Who sends a message of the Model Context Protocol. Whoever it is, it comes in by that door. */
export async function agentOf(app: App, request: Request): Promise<Identity | undefined> {
  const bearer = bearerOf(request);
  if (bearer === undefined) return undefined;
  if (bearer.startsWith("mcq_a_")) return app.clients.identify(bearer, placeOf(app, request).resource);
  const identity = await recognise(app, request);
  return identity && { ...identity, caller: { ...identity.caller, entrance: "mcp", door: identity.caller.entrance } };
}

/** Where a program learns how to be let in (RFC 9728). */
function challengeOf(app: App, request: Request): string {
  const metadata = `${placeOf(app, request).issuer}/.well-known/oauth-protected-resource/mcp`;
  const error = request.headers.has("authorization") ? 'error="invalid_token", ' : "";
  return `Bearer ${error}resource_metadata="${metadata}", scope="tools"`;
}

async function recheck(app: App, request: Request, level: AuthLevel): Promise<Caller> {
  const identity = await identityOf(app, request, level);
  if (!identity) throw unauthenticated();
  factsOf(request).caller = identity.caller;
  requireLevel(identity.caller, level, request);
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
  const isLogout = factsOf(request).url?.pathname.endsWith("/auth/logout");
  return isLogout ? (request.headers.get("x-session-id") ?? undefined) : undefined;
}

/** What a bounded device may change all the same: itself, its sessions, and what it asked for. */
const itsOwn = /^\/api\/v1\/(auth\/logout|auth\/sessions\/[^/]+|devices\/[^/]+|mcp\/approvals\/[^/]+\/(approve|deny))$/;

function requireLevel(caller: Caller, level: AuthLevel, request: Request): void {
  if (level !== "tools" && level !== "agent" && caller.grant) {
    throw new AppError("forbidden", "An API token may list and run tools, nothing else", {
      hint: "Log in as a person for this.",
    });
  }
  const isReading = request.method === "GET" || request.method === "HEAD";
  if (level === "user" && caller.bounds && !isReading && !itsOwn.test(new URL(request.url).pathname))
    throw new AppError("forbidden", "A device that may not do everything changes no settings, accounts or programs");
  if (level === "admin" && caller.bounds)
    throw new AppError("forbidden", "A device that may not do everything manages nothing");
  if (level === "admin" && caller.role !== "admin") throw new AppError("forbidden", "Only an admin may do this");
}

/**
 * Identity comes from the credential alone; a differing name anywhere in the request is refused. Under /users an admin
 * names others on purpose.
 */
function requireOwnName(caller: Caller, request: Request, body: unknown): void {
  const { url } = factsOf(request);
  const named = [
    isRecord(body) ? body.user_id : undefined,
    ...(url?.search ? url.searchParams.getAll("user_id") : []),
    request.headers.get("x-user-id") ?? undefined,
  ].filter((name) => name !== undefined);
  if (named.length === 0) return;
  const own = [caller.userId, asHeader(caller.userId)];
  const mayName = caller.role === "admin" && /^\/api\/v1\/users(\/|$)/.test(url?.pathname ?? "");
  if (!mayName && named.some((name) => !own.includes(name as string))) {
    throw new AppError("forbidden", "The user_id differs from the user of this session");
  }
}

/** How a header that was sent as UTF-8 arrives: each byte as a character of its own. */
const asHeader = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
