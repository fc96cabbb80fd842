import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { type ApiToken, ApiTokenBody } from "../../core/api-token.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** A token in a list, without its secret. */
export const listToken = (token: ApiToken) => ({
  id: token.id,
  name: token.name,
  tools: token.tools ?? null,
  effects: { read: "allow", write: token.writes, destructive: token.destructive },
  created_at: token.createdAt.toISOString(),
  expires_at: token.expiresAt?.toISOString() ?? null,
  last_used_at: token.lastUsedAt?.toISOString() ?? null,
});

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
        const { token, secret } = await people.createToken(caller.userId, body);
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
        await people.revokeToken(caller.userId, params.id);
        return succeed({ data: { revoked: params.id } });
      },
      { auth: "user", detail: { summary: "Revoke a token" } },
    );
}
