import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import type { Caller } from "../../core/call.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import { type User, UserBody, UserPatch } from "../../core/user.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

const RemoveBody = Type.Object({
  voice_confirmations: Type.Object({ user_id: Type.String({ description: "The id, read back" }) }),
});

const listUser = ({ id, role, createdAt }: User) => ({ id, role, created_at: createdAt.toISOString() });

const loginTokenLifeS = 60 * 60;

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
    .post("/", async ({ body }) => succeed({ user: listUser(await people.addUser(body)) }), {
      auth: "admin",
      detail: { summary: "Add a user", requestBody: jsonBody(UserBody) },
    })
    .get(
      "/:id",
      async ({ caller, params }) => {
        const id = decodeURIComponent(params.id);
        requireSelfOrAdmin(caller, id);
        return succeed({ user: listUser(await people.user(id)) });
      },
      { auth: "user", detail: { summary: "One user; oneself, unless an admin" } },
    )
    .patch(
      "/:id",
      async ({ params, body }) =>
        succeed({ user: listUser(await people.changeUser(decodeURIComponent(params.id), body)) }),
      { auth: "admin", detail: { summary: "Change a role", requestBody: jsonBody(UserPatch) } },
    )
    .delete(
      "/:id",
      async ({ params, body }) => {
        const id = decodeURIComponent(params.id);
        const confirmations = isRecord(body) && isRecord(body.voice_confirmations) ? body.voice_confirmations : {};
        await people.removeUser(id, confirmations.user_id);
        return succeed({ data: { removed: id } });
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
      async ({ params }) => {
        const id = decodeURIComponent(params.id);
        return succeed({
          data: {
            user_id: id,
            auth_token: await people.loginToken(id, loginTokenLifeS),
            expires_in_s: loginTokenLifeS,
          },
        });
      },
      { auth: "admin", detail: { summary: "A login token for a user, good for one login within an hour" } },
    );
}
