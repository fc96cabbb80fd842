import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { callbackPage } from "../../core/callback-page.ts";
import type { Auth } from "../auth.ts";

/** Where a browser comes back to from a provider that knows this address. The state says whose login it is. */
export function connectRoutes(app: App, auth: Auth) {
  return new Elysia({ normalize: false, tags: ["services"] }).use(auth.macro).get(
    "/connect/:provider/callback",
    async ({ params, request }) => {
      const query = new URL(request.url).searchParams;
      return callbackPage(await app.accounts.callback(params.provider, query));
    },
    { auth: "none", detail: { summary: "The registered redirect of a provider; answers a page" } },
  );
}
