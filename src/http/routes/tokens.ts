import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { ApiTokenBody } from "../../core/api-token.ts";
import { listToken } from "../../core/people-listing.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** API tokens of the caller, for scripts and agents. */
export function tokenRoutes(app: App, auth: Auth, prefix: string) {
  const { people } = app;
  return new Elysia({ prefix: `${prefix}/tokens`, normalize: false, tags: ["tokens"] })
    .use(auth.macro)
    .get(
      "/",
      async ({ caller }) => {
        const tokens = await people.tokens(caller.userId);
        return succeed({ tokens: tokens.map(listToken), total: tokens.length });
      },
      { auth: "user", detail: { summary: "The caller's API tokens" } },
    )
    .post(
      "/",
      async ({ caller, body }) => {
        const { token, secret } = await people.createToken(caller, body);
        return succeed({ token: secret, data: listToken(token) });
      },
      {
        auth: "user",
        detail: { summary: "Make an API token; its secret is shown this once", requestBody: jsonBody(ApiTokenBody) },
      },
    )
    .delete(
      "/:id",
      async ({ caller, params }) => {
        await people.revokeToken(caller, params.id);
        return succeed({ data: { revoked: params.id } });
      },
      { auth: "user", detail: { summary: "Revoke a token" } },
    );
}
