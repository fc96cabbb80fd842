import { timingSafeEqual } from "node:crypto";
import { type DocumentDecoration, Elysia } from "elysia";
import type { App } from "../app.ts";
import type { Caller } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import { isRecord } from "../core/parameters.ts";
import { ownerId } from "../core/user.ts";
import { readJson } from "./body.ts";

/** Who may use a route. Every route states it; a server with one that does not refuses to start. */
export type AuthLevel = "none" | "user";

const bodyLimit = 10 * 1024 * 1024;

/**
 * The macro `auth`. It runs before Elysia parses or validates anything: first the credential, then the body within
 * its bounds, then the comparison of any named user with the credential's own.
 */
export function createAuth(app: App) {
  const callers = new WeakMap<Request, Caller>();
  const admit = async (request: Request, level: AuthLevel): Promise<unknown> => {
    if (level === "user") callers.set(request, authenticate(app, request));
    const body = await readJson(request, bodyLimit);
    const caller = callers.get(request);
    if (caller) requireOwnName(caller, request, body);
    return body;
  };
  return new Elysia({ name: "auth", normalize: false }).macro({
    auth: (level: AuthLevel) => ({
      detail: { "x-auth": level, ...(level === "none" ? { security: [] } : {}) } as DocumentDecoration,
      // Stops Elysia's own parser, which knows no bounds and runs before the credential is looked at.
      parse: () => null,
      async transform(context) {
        context.body = await admit(context.request, level);
      },
      resolve: ({ request }) => ({ caller: callers.get(request) ?? nobody }),
    }),
  });
}

/** The caller of a route that needs none. */
const nobody: Caller = { userId: "", role: "member", entrance: "rest", credentialId: "", interactive: false };

function authenticate(app: App, request: Request): Caller {
  const given = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!given || !isSame(given, app.localToken())) {
    throw new AppError("unauthenticated", "Invalid authentication token", {
      hint: "Send Authorization: Bearer <token>. On this computer: mcqueen daemon token",
    });
  }
  return { userId: ownerId, role: "admin", entrance: "rest", credentialId: "local", interactive: false };
}

/** Identity comes from the credential alone; a differing name anywhere in the request is refused. */
function requireOwnName(caller: Caller, request: Request, body: unknown): void {
  const named = [
    isRecord(body) ? body.user_id : undefined,
    new URL(request.url).searchParams.get("user_id") ?? undefined,
    request.headers.get("x-user-id") ?? undefined,
  ];
  if (named.some((name) => name !== undefined && name !== caller.userId)) {
    throw new AppError("forbidden", "The user_id differs from the user of this session");
  }
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => new Bun.CryptoHasher("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
