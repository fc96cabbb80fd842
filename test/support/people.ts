import { makeSecret } from "../../src/core/secret.ts";
import { owner } from "./home.ts";
import type { bootServer } from "./server.ts";

type Server = Awaited<ReturnType<typeof bootServer>>;

/** Logs a user in over HTTP, as the app does; makes the user first. */
export async function logIn(server: Server, userId: string, role: "admin" | "member" = "member"): Promise<string> {
  const { people } = server.app;
  if (!(await server.app.findUser(userId))) await people.addUser(owner, { id: userId, role });
  const { token } = await people.loginToken({ ...owner, credentialId: "terminal", interactive: true }, userId, {});
  const reply = await server.send({
    path: "/api/v1/auth/login",
    auth: null,
    body: { user_id: userId, auth_token: token },
  });
  if (reply.status !== 200) throw new Error(reply.text);
  return reply.json.session.session_id;
}

/** Credentials of every kind that a route may meet. */
export async function makeCredentials(server: Server, clock: { offsetMs: number }) {
  const admin = await logIn(server, "root", "admin");
  const member = await logIn(server, "mia");
  const revoked = await logIn(server, "mia");
  await server.app.people.logOut(owner, revoked);
  clock.offsetMs = -9 * 60 * 60 * 1000;
  const expired = await logIn(server, "mia");
  clock.offsetMs = 0;
  const token = async (body: Record<string, unknown>) =>
    (await server.app.people.createToken({ ...owner, userId: "mia" }, body)).secret;
  return {
    admin,
    member,
    other: await logIn(server, "olaf"),
    revoked,
    expired,
    unknown: makeSecret("s"),
    unknownToken: makeSecret("t"),
    malformed: "not-one-of-ours",
    token: await token({ name: "all" }),
    narrow: await token({ name: "narrow", tools: ["letters"] }),
  };
}
