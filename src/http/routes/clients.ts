import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { ClientLimitsBody } from "../../core/client.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** Programs that the caller let in, and the answers to those that want to be. */
export function clientRoutes(app: App, auth: Auth, prefix: string) {
  const { clients } = app;
  return new Elysia({ prefix: `${prefix}/clients`, normalize: false, tags: ["agents"] })
    .use(auth.macro)
    .get(
      "/",
      async ({ caller }) => {
        const listed = await clients.list(caller.userId);
        return succeed({ clients: listed, total: listed.length });
      },
      { auth: "user", detail: { summary: "The programs that the caller let in" } },
    )
    .patch(
      "/:id",
      async ({ caller, params, body }) => succeed({ client: await clients.change(caller, params.id, body) }),
      {
        auth: "user",
        detail: { summary: "Change what a program may reach", requestBody: jsonBody(ClientLimitsBody) },
      },
    )
    .delete(
      "/:id",
      async ({ caller, params }) => {
        await clients.revoke(caller, params.id);
        return succeed({ data: { revoked: params.id } });
      },
      { auth: "user", detail: { summary: "End a program's login at once" } },
    )
    .get("/requests/:number", async ({ params }) => succeed({ request: await clients.request(params.number) }), {
      auth: "user",
      detail: { summary: "Who wants to be let in, by the number on its page" },
    })
    .post(
      "/requests/:number/allow",
      async ({ caller, params, body }) => succeed({ request: await clients.allow(caller, params.number, body) }),
      { auth: "user", detail: { summary: "Let it in as the caller", requestBody: jsonBody(ClientLimitsBody) } },
    )
    .post(
      "/requests/:number/deny",
      async ({ caller, params }) => {
        await clients.deny(caller, params.number);
        return succeed({ data: { denied: params.number } });
      },
      { auth: "user", detail: { summary: "Turn it away" } },
    );
}
