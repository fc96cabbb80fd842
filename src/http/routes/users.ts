import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import type { Caller } from "../../core/call.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { checkParameters } from "../../core/parameters.ts";
import { LoginTokenBody } from "../../core/people.ts";
import { listUser } from "../../core/people-listing.ts";
import { UserBody, UserPatch } from "../../core/user.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

const RemoveBody = Type.Object(
  {
    voice_confirmations: Type.Optional(
      Type.Object(
        { user_id: Type.Optional(Type.Unknown({ description: "true, or the id as it was read back" })) },
        { additionalProperties: false },
      ),
    ),
    user_id: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** Users. Only admins come here, except that anyone may read themself. */
export function userRoutes(app: App, auth: Auth, prefix: string) {
  const { people } = app;
  const requireSelfOrAdmin = (caller: Caller, id: string): void => {
    if (caller.role !== "admin" && caller.userId !== id) throw new AppError("forbidden", "Only an admin may do this");
  };
  return new Elysia({ prefix: `${prefix}/users`, normalize: false, tags: ["users"] })
    .use(auth.macro)
    .get(
      "/",
      async () => {
        const users = await people.users();
        return succeed({ users: users.map(listUser), total: users.length });
      },
      { auth: "admin", detail: { summary: "All users" } },
    )
    .post("/", async ({ caller, body }) => succeed({ user: listUser(await people.addUser(caller, body)) }), {
      auth: "admin",
      detail: { summary: "Add a user", requestBody: jsonBody(UserBody) },
    })
    .get(
      "/:id",
      async ({ caller, params }) => {
        requireSelfOrAdmin(caller, params.id);
        return succeed({ user: listUser(await people.user(params.id)) });
      },
      { auth: "user", detail: { summary: "One user; oneself, unless an admin" } },
    )
    .patch(
      "/:id",
      async ({ caller, params, body }) => succeed({ user: listUser(await people.changeUser(caller, params.id, body)) }),
      {
        auth: "admin",
        detail: { summary: "Change the role, or what the user may do at all", requestBody: jsonBody(UserPatch) },
      },
    )
    .delete(
      "/:id",
      async ({ caller, params, body }) => {
        const checked = checkParameters(RemoveBody, body ?? {}, {}, "field");
        if (!checked.ok) throw invalidParameters(checked.problems);
        const { voice_confirmations: given } = checked.value as Static<typeof RemoveBody>;
        await people.removeUser(caller, params.id, given?.user_id);
        return succeed({ data: { removed: params.id } });
      },
      {
        auth: "admin",
        detail: {
          summary: "Remove a user and all that is theirs, after its id was read back",
          requestBody: jsonBody(RemoveBody),
        },
      },
    )
    .post(
      "/:id/tokens",
      async ({ caller, params, body }) => {
        const made = await people.loginToken(caller, params.id, body ?? {});
        return succeed({ data: { user_id: params.id, auth_token: made.token, expires_in_s: made.lifeS } });
      },
      {
        auth: "admin",
        detail: { summary: "A login token for a user, good for one login", requestBody: jsonBody(LoginTokenBody) },
      },
    );
}
