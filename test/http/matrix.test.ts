import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRoutes } from "../../src/http/server.ts";
import { owner } from "../support/home.ts";
import { makeCredentials } from "../support/people.ts";
import { sendRaw } from "../support/raw.ts";
import { bootServer, type Sent } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";
import { type Expectation, expectations } from "./matrix.ts";

const clock = { offsetMs: 0 };
let server: Awaited<ReturnType<typeof bootServer>>;
let credentials: Awaited<ReturnType<typeof makeCredentials>>;
const counts = new Map<number, number>();

beforeAll(async () => {
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { RATE_LIMIT_MAX: "1000000", RATE_LIMIT_SESSION_MAX: "1000000", LOGIN_RATE_MAX: "1000000" },
  });
  credentials = await makeCredentials(server, clock);
});
afterAll(async () => {
  process.stderr.write(`matrix, answers per status: ${JSON.stringify(Object.fromEntries([...counts].sort()))}\n`);
  await server[Symbol.asyncDispose]();
});

async function statusOf(request: Sent): Promise<number> {
  const { status, text } = await server.send({ ...request, unread: request.path.includes("/events") });
  counts.set(status, (counts.get(status) ?? 0) + 1);
  expect(text).not.toContain(".ts:");
  return status;
}

const routes = Object.entries(expectations).map(([name, of]) => [name, of] as const);
const guarded = routes.filter(([, { level }]) => !["open", "none", "signed", "form"].includes(level));
const methodOf = (name: string): string => name.slice(0, name.indexOf(" "));

/** The request that a route takes. */
const good = (name: string, { path, body }: Expectation): Sent => ({
  method: methodOf(name),
  path,
  ...(body ? { body } : {}),
});

test("the table names every route of the server, with its level, and no other", () => {
  const found = createRoutes(server.app).routes.map(({ method, path, hooks }) => [
    `${method} ${path}`,
    (hooks?.detail as Record<string, unknown> | undefined)?.["x-auth"],
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(routes.map(([name, { level }]) => [name, level])));
});

describe.each(guarded)("%s", (name, of) => {
  const bad = ["revoked", "expired", "unknown", "unknownToken", "malformed"] as const;
  test.each(bad)("a credential that is %s: 401", async (kind) => {
    expect(await statusOf({ ...good(name, of), auth: credentials[kind] })).toBe(401);
  });

  test("no credential, another scheme, or two in one: 401, also with a bad body", async () => {
    expect(await statusOf({ ...good(name, of), auth: null })).toBe(401);
    for (const authorization of [
      "Basic eDp5",
      "Bearer",
      `Bearer ${credentials.member} x`,
      `Bearer  ${credentials.member}`,
    ]) {
      expect(await statusOf({ ...good(name, of), auth: null, headers: { authorization } })).toBe(401);
    }
    if (of.body) expect(await statusOf({ ...good(name, of), body: undefined, raw: "{", auth: null })).toBe(401);
  });

  test("an API token gets as far as the tools, and no further", async () => {
    const status = await statusOf({ ...good(name, of), auth: credentials.token });
    if (of.level === "tools") expect(status).toBe(of.missing ? 404 : 200);
    // It is let in, and told that no session was begun.
    else if (of.level === "agent") expect(status).toBe(400);
    else expect(status).toBe(403);
  });

  test("a member on an admin's route: 403", async () => {
    const status = await statusOf({ ...good(name, of), auth: credentials.member });
    if (of.level === "admin") expect(status).toBe(403);
    else expect([200, 400, 404]).toContain(status);
    if (of.path.endsWith("/logout")) credentials = await makeAgain();
  });

  test("another user named in header, query or body: 403", async () => {
    const { member } = credentials;
    const request = good(name, of);
    expect(await statusOf({ ...request, auth: member, headers: { "x-user-id": "olaf" } })).toBe(403);
    expect(await statusOf({ ...request, auth: member, path: `${of.path}?user_id=olaf` })).toBe(403);
    expect(await statusOf({ ...request, auth: member, path: `${of.path}?user_id=mia&user_id=olaf` })).toBe(403);
    if (of.body) expect(await statusOf({ ...request, auth: member, body: { ...of.body, user_id: "olaf" } })).toBe(403);
  });
});

async function makeAgain(): Promise<typeof credentials> {
  const { token } = await server.app.people.loginToken(owner, "mia", {});
  const { secret } = await server.app.people.logIn({ user_id: "mia", auth_token: token });
  return { ...credentials, member: secret };
}

describe.each(routes)("%s", (name, of) => {
  const allowed = () => (of.level === "admin" ? credentials.admin : credentials.member);

  const hosts: [name: string, lines: (port: number) => string][] = [
    ["foreign", () => "Host: evil.example"],
    ["one letter", () => "Host: x"],
    ["three letters", () => "Host: a.b"],
    ["empty", () => "Host: "],
    ["without the port", () => "Host: 127.0.0.1"],
    ["another port", () => "Host: 127.0.0.1:1"],
    ["ours with a tail", (port) => `Host: 127.0.0.1:${port}.evil.example`],
    ["twice", (port) => `Host: 127.0.0.1:${port}\r\nHost: evil.example`],
    ["twice, ours last", (port) => `Host: evil.example\r\nHost: 127.0.0.1:${port}`],
    ["none", () => "X-None: 1"],
  ];
  test.each(hosts)("Host %s is not served", async (_name, lines) => {
    const head = `${methodOf(name)} ${of.path} HTTP/1.1\r\n${lines(server.port)}\r\nAuthorization: Bearer ${allowed()}\r\nConnection: close`;
    const { status } = await sendRaw(server.port, `${head}\r\n\r\n`);
    expect([421, 400]).toContain(status);
  });

  test("an absolute-form target does not speak for a foreign Host", async () => {
    const head = `${methodOf(name)} http://127.0.0.1:${server.port}${of.path} HTTP/1.1\r\nHost: evil.example`;
    const { status } = await sendRaw(
      server.port,
      `${head}\r\nAuthorization: Bearer ${allowed()}\r\nConnection: close\r\n\r\n`,
    );
    expect(status).toBe(421);
  });

  test.each(["https://evil.example", "null", "http://localhost:3000.evil.example", "http://127.0.0.1"])(
    "Origin %s: 403",
    async (origin) => {
      expect(await statusOf({ ...good(name, of), auth: allowed(), headers: { origin } })).toBe(403);
    },
  );

  test("a body of another kind: 415, an unknown field: 400, wrong types: 400, broken: 400", async () => {
    if (!of.body) return;
    const request = { ...good(name, of), auth: allowed() };
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/jsonp",
    ]) {
      expect(await statusOf({ ...request, headers: { "content-type": type } })).toBe(415);
    }
    if (of.strict) expect(await statusOf({ ...request, body: { ...of.body, surprise: 1 } })).toBe(400);
    if (of.wrong) expect(await statusOf({ ...request, body: of.wrong })).toBe(400);
    expect(await statusOf({ ...request, body: undefined, raw: '{"a":' })).toBe(400);
    expect(await statusOf({ ...request, body: undefined, raw: "[".repeat(70) + "]".repeat(70) })).toBe(400);
  });
});

test.each(routes.filter(([, { level }]) => level === "form"))("%s takes forms only: 415", async (name, of) => {
  for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x"])
    expect(await statusOf({ ...good(name, of), raw: "{}", headers: { "content-type": type } })).toBe(415);
});

describe("whose things they are", () => {
  test("a member reads oneself and nobody else; an admin reads everyone", async () => {
    expect(await statusOf({ path: "/api/v1/users/mia", auth: credentials.member })).toBe(200);
    expect(await statusOf({ path: "/api/v1/users/olaf", auth: credentials.member })).toBe(403);
    expect(await statusOf({ path: "/api/v1/users/olaf?user_id=olaf", auth: credentials.admin })).toBe(200);
  });

  test("configs, profiles, sessions and tokens of one user do not exist for another", async () => {
    const { member, other } = credentials;
    const config = "/api/v1/mcp/tools/echo/config";
    await server.send({ method: "PUT", path: config, auth: member, body: { custom_settings: { times: 4 } } });
    expect((await server.send({ path: config, auth: other })).json.data.custom_settings).toEqual({});
    await server.send({ method: "PATCH", path: "/api/v1/profile", auth: member, body: { home: "Hidden Street 1" } });
    expect((await server.send({ path: "/api/v1/profile", auth: other })).text).not.toContain("Hidden");
    const { sessions } = (await server.send({ path: "/api/v1/auth/sessions", auth: member })).json;
    expect(sessions.every((session: { user_id: string }) => session.user_id === "mia")).toBe(true);
    expect(await statusOf({ method: "DELETE", path: `/api/v1/auth/sessions/${sessions[0].id}`, auth: other })).toBe(
      404,
    );
    expect((await server.send({ path: "/api/v1/auth/sessions?all=true", auth: other })).text).not.toContain("mia");
    const { tokens } = (await server.send({ path: "/api/v1/tokens", auth: member })).json;
    expect(await statusOf({ method: "DELETE", path: `/api/v1/tokens/${tokens[0].id}`, auth: other })).toBe(404);
  });

  test("a token for one tool neither sees nor runs another", async () => {
    const { narrow } = credentials;
    const listed = (await server.send({ path: "/api/v1/mcp/tools", auth: narrow })).json;
    expect(listed.tools.map((tool: { id: string }) => tool.id)).toEqual(["letters"]);
    const echoed = { path: "/api/v1/mcp/tools/echo/execute", auth: narrow, body: { parameters: { text: "x" } } };
    expect(await statusOf(echoed)).toBe(403);
    const written = {
      path: "/api/v1/mcp/tools/letters/execute",
      auth: narrow,
      body: { parameters: { action: "send", to: "x" }, voice_confirmations: { action: true, to: true } },
    };
    expect(await statusOf(written)).toBe(403);
  });
});
