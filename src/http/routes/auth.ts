import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { DeviceLoginBody } from "../../core/device.ts";
import { AppError } from "../../core/errors.ts";
import { LoginBody } from "../../core/people.ts";
import { listSession } from "../../core/people-listing.ts";
import { type Auth, bearerOf } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** Logging in and out, and the sessions that come of it. */
export function authRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/auth`, normalize: false, tags: ["auth"] })
    .use(auth.macro)
    .post(
      "/login",
      async ({ body, request }) => {
        const { session, secret } = await auth.gate.login(request, () => app.people.logIn(body));
        const { user_id, created_at, expires_at } = listSession(session);
        return succeed({ session: { session_id: secret, user_id, created_at, expires_at } });
      },
      { auth: "none", detail: { summary: "Open a session with a login token", requestBody: jsonBody(LoginBody) } },
    )
    .post(
      "/device",
      async ({ body, request }) => {
        const { session, secret } = await auth.gate.login(request, () => app.devices.logIn(body));
        const { user_id, created_at, expires_at } = listSession(session);
        return succeed({ session: { session_id: secret, user_id, created_at, expires_at } });
      },
      {
        auth: "none",
        detail: { summary: "Open a session with the token of a paired device", requestBody: jsonBody(DeviceLoginBody) },
      },
    )
    .post(
      "/logout",
      async ({ caller, request }) => {
        const named = request.headers.get("x-session-id") ?? bearerOf(request) ?? "";
        const identity = await app.people.identify(named);
        if (!identity?.session)
          throw new AppError("invalid_parameters", "This credential is no session, so there is none to end");
        if (identity.caller.userId !== caller.userId) throw new AppError("forbidden", "That session is another user's");
        await app.people.logOut(caller, named);
        return succeed({ message: "Logged out successfully" });
      },
      { auth: "user", detail: { summary: "End the session of the bearer, or the one that X-Session-ID names" } },
    )
    .get(
      "/session",
      async ({ caller, request }) => {
        const { session } = factsOf(request);
        return succeed({
          session: session ? listSession(session) : null,
          user: { id: caller.userId, role: caller.role },
          services: [...(await app.accounts.linked(caller.userId))].sort(),
        });
      },
      { auth: "tools", detail: { summary: "Who the caller is" } },
    )
    .get(
      "/sessions",
      async ({ caller, query }) => {
        const everyone = query.all === "true" && caller.role === "admin" && !caller.bounds;
        const sessions = await app.people.sessions(everyone ? undefined : caller.userId);
        return succeed({ sessions: sessions.map(listSession), total: sessions.length });
      },
      { auth: "user", detail: { summary: "The caller's sessions; an admin sees everyone's with ?all=true" } },
    )
    .delete(
      "/sessions/:id",
      async ({ caller, params }) => {
        await app.people.endSession(caller, params.id);
        return succeed({ data: { ended: params.id } });
      },
      { auth: "user", detail: { summary: "End a session; an admin may end anyone's" } },
    );
}
