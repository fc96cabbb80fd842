import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { ProfileSchema } from "../../core/user.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** What tools may know about the caller: zone, locale, units, home, guest. */
export function profileRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix, normalize: false, tags: ["profile"] })
    .use(auth.macro)
    .get("/profile", async ({ caller }) => succeed({ data: await app.readProfile(caller.userId) }), {
      auth: "user",
      detail: { summary: "The caller's profile" },
    })
    .patch("/profile", async ({ caller, body }) => succeed({ data: await app.changeProfile(caller, body) }), {
      auth: "user",
      detail: { summary: "Change the named parts; null removes one", requestBody: jsonBody(ProfileSchema) },
    });
}
