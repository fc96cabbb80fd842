import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHmac, generateKeyPairSync, sign as signWith } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const secret = "a-test-secret-that-is-long-enough-for-hs256";
const raised = {
  RATE_LIMIT_MAX: "1000000",
  RATE_LIMIT_SESSION_MAX: "1000000",
  LOGIN_RATE_MAX: "1000000",
  JWT_SECRET: secret,
};
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({ adapters: [], env: raised });
});
afterAll(() => server[Symbol.asyncDispose]());

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = (): number => Math.floor(Date.now() / 1000);
const hmac = (text: string, algorithm = "sha256", key = secret): string =>
  createHmac(algorithm, key).update(text).digest("base64url");

/** A token of any shape, signed as told. */
function jwt(
  claims: object,
  header: object = { alg: "HS256", typ: "JWT" },
  signer = (text: string) => hmac(text),
): string {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${signer(text)}`;
}

const login = (auth_token: unknown, user_id: unknown = "ada", more: object = {}) =>
  server.send({ path: "/api/v1/auth/login", auth: null, body: { user_id, auth_token, ...more } });

const fresh = (more: object = {}) => ({ user_id: "ada", exp: now() + 60, nonce: crypto.randomUUID(), ...more });

describe("logging in", () => {
  test("answers as the contract prints it, and the session works", async () => {
    const { status, json } = await login(jwt(fresh()), "ada", { client_type: "watch" });
    expect(status).toBe(200);
    const { session_id, user_id, created_at, expires_at } = json.session;
    expect(Object.keys(json.session)).toEqual(["session_id", "user_id", "created_at", "expires_at"]);
    expect(user_id).toBe("ada");
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(8 * 60 * 60 * 1000);
    const who = (await server.send({ path: "/api/v1/auth/session", auth: session_id })).json;
    expect(who).toMatchObject({ user: { id: "ada", role: "member" }, session: { client_type: "watch" }, services: [] });
    expect(JSON.stringify(who)).not.toContain(session_id);
  });

  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const corpus: [name: string, token: () => string][] = [
    ["alg none", () => jwt(fresh(), { alg: "none" }, () => "")],
    ["alg None", () => jwt(fresh(), { alg: "None" }, () => "")],
    ["no alg", () => jwt(fresh(), { typ: "JWT" })],
    ["HS384", () => jwt(fresh(), { alg: "HS384" }, (text) => hmac(text, "sha384"))],
    ["HS512", () => jwt(fresh(), { alg: "HS512" }, (text) => hmac(text, "sha512"))],
    [
      "RS256 over a header that says so",
      () =>
        jwt(fresh(), { alg: "RS256" }, (text) =>
          signWith("sha256", Buffer.from(text), privateKey).toString("base64url"),
        ),
    ],
    ["RS256 said, HMAC with the secret", () => jwt(fresh(), { alg: "RS256" })],
    ["another secret", () => jwt(fresh(), undefined, (text) => hmac(text, "sha256", `${secret}!`))],
    ["empty secret", () => jwt(fresh(), undefined, (text) => hmac(text, "sha256", ""))],
    ["no exp", () => jwt({ user_id: "ada" })],
    ["exp as text", () => jwt(fresh({ exp: String(now() + 60) }))],
    ["exp past", () => jwt(fresh({ exp: now() - 1 }))],
    ["exp beyond 24 h", () => jwt(fresh({ exp: now() + 86_400 + 60 }))],
    ["exp far beyond", () => jwt(fresh({ exp: 1e15 }))],
    ["nbf ahead", () => jwt(fresh({ nbf: now() + 600 }))],
    ["another user", () => jwt(fresh({ user_id: "eve" }))],
    ["no user", () => jwt({ exp: now() + 60 })],
    ["sub and user_id differ", () => jwt(fresh({ sub: "eve" }))],
    ["user as a number", () => jwt(fresh({ user_id: 1 }))],
    ["no signature", () => jwt(fresh()).replace(/\.[^.]*$/, ".")],
    ["two parts", () => jwt(fresh()).replace(/\.[^.]*$/, "")],
    ["critical header", () => jwt(fresh(), { alg: "HS256", crit: ["x"], x: 1 })],
    ["garbage", () => "x.y.z"],
    ["a payload that is no object", () => jwt([1, 2])],
  ];
  test.each(corpus)("a token with %s is refused, in the words of all refusals", async (_name, token) => {
    const { status, json } = await login(token());
    expect({ status, error: json.error }).toEqual({ status: 401, error: "Invalid authentication token" });
  });

  test("any change of a good token's text is refused, also one that spells the same signature otherwise", async () => {
    const token = jwt(fresh());
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const spelled = [...last].map((character) => token.slice(0, -1) + character).filter((text) => text !== token);
    expect((await login(token)).status).toBe(200);
    const statuses = await Promise.all(
      [...spelled, token, `${token}=`, ` ${token}`].map(async (text) => (await login(text)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
  });

  test("fifty replays at once: exactly one session; also by jti, in differing tokens", async () => {
    const shared = jwt(fresh());
    for (const make of [() => shared, () => jwt(fresh({ jti: "same" }))]) {
      const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await login(make())).status));
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 401)).toHaveLength(49);
    }
  });

  test("a used token stays used after a restart", async () => {
    const token = jwt(fresh());
    expect((await login(token)).status).toBe(200);
    const { createApp } = await import("../../src/app.ts");
    const again = await createApp({ settings: server.app.settings, adapters: [] });
    await expect(again.people.logIn({ user_id: "ada", auth_token: token })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    await again.close();
  });

  const bad: [name: string, body: Record<string, unknown>, problem: string][] = [
    ["nothing", {}, "Missing required field: user_id; Missing required field: auth_token"],
    ["spaces in the id", { user_id: "a b", auth_token: "x" }, "Field user_id must be a valid user id"],
    ["an id that a path would swallow", { user_id: ".", auth_token: "x" }, "Field user_id must be a valid user id"],
    ["an id too long", { user_id: "a".repeat(129), auth_token: "x" }, "Field user_id must be a valid user id"],
    [
      "a client type with markup",
      { user_id: "ada", auth_token: "x", client_type: "<b>" },
      "Field client_type must match",
    ],
    [
      "an id of the session's own",
      { user_id: "ada", auth_token: "x", session_id: "chosen" },
      "Unknown field: session_id",
    ],
  ];
  test.each(bad)("%s: 400, and the field is named", async (_name, body, problem) => {
    const reply = await server.send({ path: "/api/v1/auth/login", auth: null, body });
    expect(reply.status).toBe(400);
    expect(reply.json.error).toContain(problem);
  });

  test("without auto-provisioning an unknown user is refused like a bad token", async () => {
    await using closed = await bootServer({ adapters: [], env: { ...raised, AUTH_AUTO_PROVISION: "false" } });
    const send = (token: string) =>
      closed.send({ path: "/api/v1/auth/login", auth: null, body: { user_id: "ada", auth_token: token } });
    const [unknown, wrong] = [await send(jwt(fresh())), await send("x.y.z")];
    const told = ({ status, json }: typeof unknown) => ({ status, error: json.error, code: json.error_code });
    expect(told(unknown)).toEqual(told(wrong));
    await closed.app.people.addUser(owner, { id: "ada" });
    expect((await send(jwt(fresh()))).status).toBe(200);
  });

  test("a body over 256 KiB is refused before anything else", async () => {
    expect((await login("x".repeat(300_000))).status).toBe(413);
  });

  test("odd user ids survive unchanged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }), async (id) => {
        const { status, json } = await login(jwt(fresh({ user_id: id })), id);
        // A path cannot hold "." or "..", so nobody is called that.
        const isFine = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,128}$/u.test(id) && id !== "." && id !== "..";
        expect(status).toBe(isFine ? 200 : 400);
        if (isFine) expect(json.session.user_id).toBe(id);
      }),
      { numRuns: 150 },
    );
  });
});

describe("sessions", () => {
  test("logout ends the bearer's session, or the one that X-Session-ID names, and no stranger's", async () => {
    const [first, second, other] = [await logIn(server, "kim"), await logIn(server, "kim"), await logIn(server, "lou")];
    const out = { method: "POST", path: "/api/v1/auth/logout" };
    const who = async (auth: string) => (await server.send({ path: "/api/v1/auth/session", auth })).status;
    expect((await server.send({ ...out, auth: other, headers: { "x-session-id": first } })).status).toBe(403);
    const done = await server.send({ ...out, auth: first });
    expect([done.status, done.json.message]).toEqual([200, "Logged out successfully"]);
    expect(await who(first)).toBe(401);
    expect((await server.send({ ...out, auth: null, headers: { "x-session-id": second } })).status).toBe(200);
    expect([await who(second), await who(other)]).toEqual([401, 200]);
  });

  test("a session ended from elsewhere is refused at the very next request", async () => {
    const secret = await logIn(server, "kim");
    const [{ id } = { id: "" }] = await server.app.people.sessions("kim");
    expect(
      (
        await server.send({
          method: "DELETE",
          path: `/api/v1/auth/sessions/${id}`,
          auth: await logIn(server, "chief", "admin"),
        })
      ).status,
    ).toBe(200);
    expect((await server.send({ path: "/api/v1/auth/session", auth: secret })).status).toBe(401);
  });

  test("a removed user's sessions and tokens end with them, after the id was read back", async () => {
    const chief = await logIn(server, "chief", "admin");
    const session = await logIn(server, "gone");
    const { secret } = await server.app.people.createToken({ ...owner, userId: "gone" }, { name: "bot" });
    const remove = (body?: object) =>
      server.send({ method: "DELETE", path: "/api/v1/users/gone", auth: chief, ...(body ? { body } : {}) });
    const asked = await remove();
    expect(asked.status).toBe(200);
    expect(asked.json).toMatchObject({
      success: false,
      error_code: "confirmation_required",
      metadata: { requires_confirmation: ["user_id"] },
    });
    expect((await remove({ voice_confirmations: { user_id: "chief" } })).json.success).toBe(false);
    expect((await remove({ voice_confirmations: { user_id: "gone" } })).json.success).toBe(true);
    for (const auth of [session, secret])
      expect((await server.send({ path: "/api/v1/auth/session", auth })).status).toBe(401);
    expect((await server.send({ path: "/api/v1/users/gone", auth: chief })).status).toBe(404);
  });

  test("the owner stays, and stays an admin", async () => {
    const chief = await logIn(server, "chief", "admin");
    const remove = {
      method: "DELETE",
      path: "/api/v1/users/owner",
      auth: chief,
      body: { voice_confirmations: { user_id: "owner" } },
    };
    expect((await server.send(remove)).status).toBe(409);
    expect(
      (await server.send({ method: "PATCH", path: "/api/v1/users/owner", auth: chief, body: { role: "member" } }))
        .status,
    ).toBe(409);
  });

  test("nothing on the disk holds a secret that was handed out", async () => {
    const session = await logIn(server, "kim");
    const { secret } = await server.app.people.createToken({ ...owner, userId: "kim" }, { name: "canary" });
    const folder = join(server.app.homePath, "data");
    for (const file of ["mcqueen.db", "mcqueen.db-wal"]) {
      const bytes = readFileSync(join(folder, file), "latin1");
      for (const text of [session, secret, session.slice(6), secret.slice(6)]) expect(bytes.includes(text)).toBe(false);
    }
  });
});
