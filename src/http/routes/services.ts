import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { ChangeAccountBody, PasteBody, StartLoginBody, TokenBody } from "../../core/accounts.ts";
import { type Auth, bearerOf } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed as answer } from "../replies.ts";
import { secondsOf } from "../wait.ts";

/** A person's accounts at services, and logging in to them from elsewhere than this computer. */
export function serviceRoutes(app: App, auth: Auth, prefix: string) {
  const { accounts } = app;
  const label = app.settings.sandbox ? { sandbox: true } : {};
  const succeed = (fields: Record<string, unknown>): Response => answer(fields, label);
  return new Elysia({ prefix: `${prefix}/auth`, normalize: false, tags: ["services"] })
    .use(auth.macro)
    .get(
      "/services",
      async ({ caller }) => {
        const services = await accounts.services(caller.userId);
        return succeed({ services, total: services.length });
      },
      { auth: "user", detail: { summary: "The services there are, and the accounts linked to each" } },
    )
    .post(
      "/services/:service/login",
      async ({ caller, params, body }) => succeed({ login: await accounts.startLogin(caller, params.service, body) }),
      {
        auth: "user",
        detail: {
          summary: "Begin a login: open its url in a browser, then ask how it stands",
          requestBody: jsonBody(StartLoginBody),
        },
      },
    )
    .post(
      "/services/:service/token",
      async ({ caller, params, body }) => succeed({ account: await accounts.giveToken(caller, params.service, body) }),
      {
        auth: "user",
        detail: {
          summary: "Link an account by a token made at the provider's console",
          requestBody: jsonBody(TokenBody),
        },
      },
    )
    .delete(
      "/services/:service",
      async ({ caller, params, query }) => {
        const unlinked = await accounts.unlink(caller, params.service, query.account);
        return succeed({ unlinked, total: unlinked.length });
      },
      {
        auth: "user",
        detail: { summary: "Unlink a service, of one account with ?account=; the last one gone revokes the grant" },
      },
    )
    .get(
      "/logins/:id",
      async ({ caller, params, query, request }) => {
        const waitMs = secondsOf(query.wait_s) * 1000;
        if (waitMs === 0) return succeed({ login: await accounts.login(caller.userId, params.id) });
        factsOf(request).keepOpen?.();
        return auth.gate.hold(caller.credentialId, async (release) => {
          const isWelcome = async () => (await app.people.identify(bearerOf(request) ?? "")) !== undefined;
          const login = await accounts.login(caller.userId, params.id, {
            ms: waitMs,
            signal: request.signal,
            isWelcome,
          });
          release();
          return succeed({ login });
        });
      },
      { auth: "user", detail: { summary: "How a login stands; ?wait_s waits for its end" } },
    )
    .post(
      "/logins/:id/paste",
      async ({ caller, params, body }) => succeed({ login: await accounts.paste(caller, params.id, body) }),
      {
        auth: "user",
        detail: {
          summary: "Finish a login by the address on which the browser ended",
          requestBody: jsonBody(PasteBody),
        },
      },
    )
    .delete(
      "/logins/:id",
      async ({ caller, params }) => {
        await accounts.cancelLogin(caller, params.id);
        return succeed({ login: await accounts.login(caller.userId, params.id) });
      },
      { auth: "user", detail: { summary: "Cancel a login that has not ended; the answer says how it stands" } },
    )
    .get(
      "/accounts",
      async ({ caller }) => {
        const listed = await accounts.list(caller.userId);
        return succeed({ accounts: listed, total: listed.length });
      },
      { auth: "user", detail: { summary: "The caller's linked accounts" } },
    )
    .patch(
      "/accounts/:account",
      async ({ caller, params, body }) => succeed({ account: await accounts.change(caller, params.account, body) }),
      {
        auth: "user",
        detail: { summary: "Rename an account, or make it the default", requestBody: jsonBody(ChangeAccountBody) },
      },
    );
}
