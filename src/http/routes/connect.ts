import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { askBeforeLogin, openLoginLink } from "../../core/begin-login.ts";
import { callbackPage } from "../../core/callback-page.ts";
import type { Auth } from "../auth.ts";

/** Where a browser comes back to from a provider that knows this address. The state says whose login it is. */
export function connectRoutes(app: App, auth: Auth) {
  return new Elysia({ normalize: false, tags: ["services"] })
    .use(auth.macro)
    .get(
      "/connect/:provider",
      async ({ params, request }) => {
        const { searchParams, hostname } = new URL(request.url);
        const secret = searchParams.get("ticket") ?? "";
        const isHere = /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname);
        const ticket = isHere || searchParams.has("go") ? undefined : await app.connectTickets.find(secret);
        if (!ticket) return openLoginLink(app, params.provider, secret, isHere);
        const href = `?${new URLSearchParams({ ticket: secret, go: "1" })}`;
        return askBeforeLogin(ticket.caller.userId, ticket.service, href);
      },
      { auth: "none", detail: { summary: "A link that begins a person's login; their program was given it" } },
    )
    .get(
      "/connect/:provider/callback",
      async ({ params, request }) => {
        const query = new URL(request.url).searchParams;
        return callbackPage(await app.accounts.callback(params.provider, query));
      },
      { auth: "none", detail: { summary: "The registered redirect of a provider; answers a page" } },
    );
}
