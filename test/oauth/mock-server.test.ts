import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { OAuth2Server } from "oauth2-mock-server";
import type { OAuthProvider } from "../../src/core/oauth-provider.ts";
import { google } from "../../src/oauth/google.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { toyMail } from "../support/toy-mail.ts";

const scopes = ["https://www.googleapis.com/auth/gmail.readonly"];
/** A provider as RFC 6749 has it, at the server that can be told what to answer. */
const mock: OAuthProvider = {
  id: "mock",
  name: "Mock",
  services: [{ id: "gmail", name: "Mock mail", scopes }],
  endpoints: {
    authorize: { setting: "GOOGLE_ACCOUNTS_BASE_URL", path: "/authorize" },
    token: { setting: "GOOGLE_OAUTH_BASE_URL", path: "/token" },
    revoke: { setting: "GOOGLE_OAUTH_BASE_URL", path: "/revoke" },
  },
  client: google.client,
  modes: { desktop: ["loopback", "paste"] },
  pkce: true,
  parameters: {},
  identityScopes: ["openid"],
  sameScopes: {},
  widerScopes: {},
  rotates: false,
  endings: ["the moon was full", "it rained"],
  manageUrl: "https://mock.example.com/permissions",
  setup: () => ["Ask for a client id."],
};

type Body = Record<string, unknown> | "";
interface Answer {
  statusCode: number;
  body: Body;
}

const server = new OAuth2Server();
const clock = { offsetMs: 0 };
/** Changes an answer of the token endpoint. */
let spoil: (answer: Answer, request: { body: Record<string, string> }) => void = () => undefined;
let person = "ada";

beforeAll(async () => {
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  server.service.on("beforeTokenSigning", (token: { payload: Record<string, unknown> }) => {
    token.payload.sub = person;
    token.payload.email = `${person}@example.com`;
    token.payload.jti = crypto.randomUUID();
  });
  server.service.on("beforeResponse", (answer: Answer, request: { body: Record<string, string> }) => {
    if (answer.body !== "") answer.body.scope = ["openid", ...scopes].join(" ");
    spoil(answer, request);
  });
});
afterAll(() => server.stop());
afterEach(() => {
  clock.offsetMs = 0;
  spoil = () => undefined;
});

async function boot() {
  const url = server.issuer.url ?? "";
  const app = await bootApp({
    adapters: [toyMail],
    providers: [mock],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: {
      GOOGLE_ACCOUNTS_BASE_URL: url,
      GOOGLE_OAUTH_BASE_URL: url,
      GOOGLE_CLIENT_ID: "a-client",
      GOOGLE_CLIENT_SECRET: "a-secret",
    },
  });
  const logIn = async (account: string) => {
    person = account;
    const { id, url: address } = await app.accounts.startLogin(owner, "gmail", { account, mode: "paste" });
    const back = await fetch(address, { redirect: "manual" });
    return app.accounts.paste(owner, id, { url: back.headers.get("location") });
  };
  const read = (account: string) => app.execute(callOf("toy_mail", { action: "read" }, { account }));
  const status = async () =>
    Object.fromEntries((await app.accounts.list(owner.userId)).map((each) => [each.account, each.status]));
  return { app, logIn, read, status, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

const token = (outcome: Awaited<ReturnType<Awaited<ReturnType<typeof boot>>["read"]>>): unknown =>
  outcome.ok ? (outcome.data as { token: string }).token : outcome.message;

const lapse = (): void => {
  clock.offsetMs += 2 * 60 * 60_000;
};

const refuseRefresh =
  (statusCode: number, body: Body): typeof spoil =>
  (answer, request) => {
    if (request.body.grant_type === "refresh_token") Object.assign(answer, { statusCode, body });
  };

describe("a login at another OAuth server", () => {
  test("links, renews when the token lapses, and revokes", async () => {
    await using home = await boot();
    const done = await home.logIn("ada");
    expect(done).toMatchObject({ status: "done", account: { account: "ada", label: "ada@example.com" } });
    const first = token(await home.read("ada"));
    expect(token(await home.read("ada"))).toBe(first);
    lapse();
    const second = await home.read("ada");
    expect([second.ok, token(second) === first]).toEqual([true, false]);
    expect(await home.app.accounts.unlink(owner, "gmail")).toMatchObject([{ account: "ada", revoked: true }]);
  });

  test("invalid_grant ends this account with its causes, and no other", async () => {
    await using home = await boot();
    await home.logIn("ada");
    await home.logIn("grace");
    lapse();
    spoil = refuseRefresh(400, { error: "invalid_grant", error_description: "Token has been revoked" });
    for (const _again of [1, 2]) {
      expect(await home.read("ada")).toMatchObject({
        ok: false,
        code: "auth_required",
        hint: expect.stringMatching(/the moon was full; it rained(.|\n)*mcqueen login gmail --account ada/),
        metadata: { reason: "ended", account: "ada", causes: mock.endings, requires_auth: "gmail" },
      });
    }
    expect(await home.status()).toEqual({ ada: "ended", grace: "ok" });
    expect((await home.app.accounts.list(owner.userId))[0]).toMatchObject({ reason: "Token has been revoked" });
    spoil = () => undefined;
    expect([(await home.read("ada")).ok, (await home.read("grace")).ok]).toEqual([false, true]);
    await home.logIn("ada");
    expect([(await home.read("ada")).ok, await home.status()]).toEqual([true, { ada: "ok", grace: "ok" }]);
  });

  const troubles: [name: string, status: number, body: Body, code: string][] = [
    ["500", 500, { error: "server_error" }, "upstream_rejected"],
    ["503", 503, {}, "upstream_rejected"],
    ["429", 429, {}, "rate_limited"],
    ["no body", 200, "", "upstream_rejected"],
    ["no token", 200, {}, "upstream_rejected"],
    ["a token that is a number", 200, { access_token: 5, expires_in: 3600 }, "upstream_rejected"],
    ["an error of another kind", 400, { error: "temporarily_confused" }, "upstream_rejected"],
    ["an error without a name", 400, {}, "upstream_rejected"],
    ["a client that is not known", 401, { error: "invalid_client" }, "not_configured"],
  ];
  test.each(troubles)("a refresh answered by %s is told, and the account stays", async (_name, status, body, code) => {
    await using home = await boot();
    await home.logIn("ada");
    lapse();
    spoil = refuseRefresh(status, body);
    expect(await home.read("ada")).toMatchObject({ ok: false, code });
    expect(await home.status()).toEqual({ ada: "ok" });
    spoil = () => undefined;
    expect((await home.read("ada")).ok).toBe(true);
  });

  test.each(troubles)("a code answered by %s links nothing", async (_name, statusCode, body, code) => {
    await using home = await boot();
    spoil = (answer) => void Object.assign(answer, { statusCode, body });
    await expect(home.logIn("ada")).rejects.toMatchObject({ code });
    expect(await home.status()).toEqual({});
  });

  const odd: [name: string, more: Record<string, unknown>][] = [
    ["further fields", { expires_at: "never", nested: { deep: [1] }, id_token_hint: null }],
    ["a lifetime as text", { expires_in: "3599" }],
    ["scopes with commas", { scope: `openid,${scopes[0]}` }],
    ["no scopes, which means those that were asked for", { scope: undefined }],
  ];
  test.each(odd)("an answer with %s is understood", async (_name, more) => {
    await using home = await boot();
    spoil = ({ body }) => void Object.assign(body, more);
    expect(await home.logIn("ada")).not.toHaveProperty("missing_scopes");
    const first = token(await home.read("ada"));
    clock.offsetMs += 55 * 60_000;
    expect(token(await home.read("ada"))).toBe(first);
    clock.offsetMs += 10 * 60_000;
    const second = await home.read("ada");
    expect([second.ok, token(second) === first]).toEqual([true, false]);
  });

  test("a renewal without a refresh token keeps the one that there is", async () => {
    await using home = await boot();
    await home.logIn("ada");
    const sent: (string | undefined)[] = [];
    spoil = ({ body }, request) => {
      sent.push(request.body.refresh_token);
      if (body !== "") delete body.refresh_token;
    };
    lapse();
    await home.read("ada");
    lapse();
    expect((await home.read("ada")).ok).toBe(true);
    expect([sent.length, sent[0] === sent[1], typeof sent[0]]).toEqual([2, true, "string"]);
  });

  test("a login that brings no refresh token ends with its access token", async () => {
    await using home = await boot();
    spoil = ({ body }) => void (body !== "" && delete body.refresh_token);
    await home.logIn("ada");
    expect((await home.read("ada")).ok).toBe(true);
    lapse();
    expect(await home.read("ada")).toMatchObject({ code: "auth_required", metadata: { reason: "ended" } });
    expect(await home.status()).toEqual({ ada: "ended" });
  });

  test("a cancel while the code is being traded comes too late, and the login says so", async () => {
    await using home = await boot();
    const { accounts } = home.app;
    const { id, url } = await accounts.startLogin(owner, "gmail", { mode: "paste" });
    let cancelled: Promise<void> | undefined;
    spoil = () => {
      cancelled = accounts.cancelLogin(owner, id);
    };
    const back = await fetch(url, { redirect: "manual" });
    await accounts.paste(owner, id, { url: back.headers.get("location") });
    await cancelled;
    expect(await accounts.login(owner.userId, id)).toMatchObject({ status: "done", account: { status: "ok" } });
    expect(await accounts.list(owner.userId)).toHaveLength(1);
  });

  test("a token without a lifetime is used as it is", async () => {
    await using home = await boot();
    spoil = ({ body }) => void (body !== "" && delete body.expires_in);
    await home.logIn("ada");
    const first = token(await home.read("ada"));
    lapse();
    expect(token(await home.read("ada"))).toBe(first);
  });
});
