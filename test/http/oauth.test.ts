import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  authorize,
  codeFor,
  exchange,
  letIn,
  opens,
  pageOf,
  postForm,
  redirectUri,
  refreshWith,
  register,
  terminal,
} from "../support/client.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";
import { expectations } from "./matrix.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
const clock = { offsetMs: 0 };

beforeEach(async () => {
  clock.offsetMs = 0;
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "10000" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

test("a stranger is told where to learn how to be let in, by the name that was asked", async () => {
  for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`]) {
    const refused = await server.send({ path: "/mcp", auth: null, body: {}, headers: { host } });
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe(
      `Bearer resource_metadata="http://${host}/.well-known/oauth-protected-resource/mcp", scope="tools"`,
    );
    const resource = (
      await server.send({ path: "/.well-known/oauth-protected-resource/mcp", auth: null, headers: { host } })
    ).json;
    expect(resource).toMatchObject({ resource: `http://${host}/mcp`, authorization_servers: [`http://${host}`] });
    const issuer = (
      await server.send({ path: "/.well-known/oauth-authorization-server", auth: null, headers: { host } })
    ).json;
    expect(issuer).toMatchObject({
      issuer: `http://${host}`,
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
    });
  }
});

test("a program registers, a person lets it in by the number on its page, and its token opens the door", async () => {
  const { client_id } = (await register(server)).json;
  const { path, number, page } = await pageOf(server, client_id);
  expect(page.text).toContain("Test Agent wants to use your tools");
  expect(page.text).toContain("comes back to 127.0.0.1:33418");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(page.text).not.toContain("<script");
  expect((await server.send({ path, auth: null })).status).toBe(200);
  await server.app.clients.allow(terminal, number, {});
  const back = await server.send({ path, auth: null });
  const url = new URL(back.headers.get("location") ?? "");
  expect(back.status).toBe(302);
  expect([url.origin + url.pathname, url.searchParams.get("state"), url.searchParams.get("iss")]).toEqual([
    redirectUri,
    "some state",
    server.origin,
  ]);
  expect((await server.send({ path, auth: null })).status).toBe(400);
  const tokens = await exchange(server, client_id, url.searchParams.get("code") ?? "");
  expect(tokens.headers.get("cache-control")).toBe("no-store");
  expect(tokens.json).toMatchObject({ token_type: "Bearer", expires_in: 900, scope: "tools" });
  expect(await opens(server, tokens.json.access_token)).toBe(true);
  expect(await opens(server, tokens.json.refresh_token)).toBe(false);
  expect((await server.app.clients.list("owner")).map(({ name, redirect_host }) => [name, redirect_host])).toEqual([
    ["Test Agent", "127.0.0.1:33418"],
  ]);
});

test("a person says no, and the program hears it", async () => {
  const { client_id } = (await register(server)).json;
  const { path, number } = await pageOf(server, client_id);
  await server.app.clients.deny(terminal, number);
  const url = new URL((await server.send({ path, auth: null })).headers.get("location") ?? "");
  expect([url.searchParams.get("error"), url.searchParams.get("code")]).toEqual(["access_denied", null]);
});

describe("who may let a program in", () => {
  test("a session may, over REST; the number works once", async () => {
    const session = await logIn(server, "mia");
    const { client_id } = (await register(server)).json;
    const { number, path } = await pageOf(server, client_id);
    const at = `/api/v1/clients/requests/${number}`;
    expect((await server.send({ path: at, auth: session })).json.request).toMatchObject({ name: "Test Agent" });
    const allow = { method: "POST", path: `${at}/allow`, auth: session, body: { tools: ["echo"] } };
    expect((await server.send(allow)).status).toBe(200);
    expect((await server.send(allow)).status).toBe(409);
    expect((await server.send({ path, auth: null })).headers.get("location")).toContain("code=");
    expect(await server.app.clients.list("mia")).toMatchObject([{ tools: ["echo"], read_only: false }]);
    expect(await server.app.clients.list("owner")).toEqual([]);
  });

  test("the local token, an API token and another program may not", async () => {
    const { client_id } = (await register(server)).json;
    const { number } = await pageOf(server, client_id);
    const allow = (auth: string) =>
      server.send({ method: "POST", path: `/api/v1/clients/requests/${number}/allow`, auth, body: {} });
    const { secret } = await server.app.people.createToken(owner, { name: "t", writes: "allow" });
    expect((await allow(server.app.localToken())).status).toBe(403);
    expect((await allow(secret)).status).toBe(403);
    expect((await allow((await letIn(server)).access)).status).toBe(401);
    await expect(server.app.clients.allow({ ...owner, entrance: "mcp" }, number, {})).rejects.toThrow("Only a person");
  });

  test("of eight who answer at once exactly one is heard", async () => {
    const { client_id } = (await register(server)).json;
    const { number } = await pageOf(server, client_id);
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => server.app.clients.allow(terminal, number, {})),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("what a program's token opens", () => {
  test("the protocol's door, and no other route", async () => {
    const { access } = await letIn(server);
    for (const [name, { level, path, body }] of Object.entries(expectations)) {
      if (["open", "none", "signed", "form", "agent"].includes(level)) continue;
      const method = name.slice(0, name.indexOf(" "));
      const { status } = await server.send({ method, path, auth: access, ...(body ? { body } : {}) });
      expect([name, status]).toEqual([name, 401]);
    }
  });

  test("only the address that it is for: localhost is not 127.0.0.1", async () => {
    const { access } = await letIn(server);
    expect(await opens(server, access)).toBe(true);
    expect(await opens(server, access, `http://localhost:${server.port}`)).toBe(false);
  });

  test("nothing after a quarter of an hour, and again after a refresh", async () => {
    const { access, refresh, clientId } = await letIn(server);
    clock.offsetMs = 16 * 60_000;
    expect(await opens(server, access)).toBe(false);
    const { json } = await refreshWith(server, clientId, refresh);
    expect(await opens(server, json.access_token)).toBe(true);
  });

  test("nothing once the person ends it, or the user is gone", async () => {
    const { access } = await letIn(server);
    const [client] = await server.app.clients.list("owner");
    const path = `/api/v1/clients/${client?.id}`;
    expect((await server.send({ method: "DELETE", path, auth: await logIn(server, "mia") })).status).toBe(404);
    expect((await server.send({ method: "DELETE", path })).status).toBe(200);
    expect(await opens(server, access)).toBe(false);
    const mias = await letIn(server, { by: { ...terminal, userId: "mia" } });
    expect(await opens(server, mias.access)).toBe(true);
    await server.app.people.removeUser(owner, "mia", true);
    expect(await opens(server, mias.access)).toBe(false);
  });
});

describe("a stolen secret", () => {
  test("a refresh token that comes twice ends the whole login", async () => {
    const { refresh, clientId, access } = await letIn(server);
    const second = (await refreshWith(server, clientId, refresh)).json;
    const thief = await refreshWith(server, clientId, refresh);
    expect([thief.status, thief.json.error]).toEqual([400, "invalid_grant"]);
    for (const token of [access, second.access_token]) expect(await opens(server, token)).toBe(false);
    expect((await refreshWith(server, clientId, second.refresh_token)).status).toBe(400);
  });

  test("a code that comes twice ends it too", async () => {
    const { clientId, code } = await codeFor(server);
    const { json } = await exchange(server, clientId, code);
    expect((await exchange(server, clientId, code)).json.error).toBe("invalid_grant");
    expect(await opens(server, json.access_token)).toBe(false);
  });

  test("of sixteen refreshes at once one is answered, and then nothing is open", async () => {
    const { refresh, clientId } = await letIn(server);
    const answers = await Promise.all(Array.from({ length: 16 }, () => refreshWith(server, clientId, refresh)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect(await opens(server, good[0]?.json.access_token)).toBe(false);
  });

  test("a program ends its own login by either token, and no other's", async () => {
    const one = await letIn(server);
    const two = await letIn(server);
    const revoke = (clientId: string, token: string) =>
      postForm(server, "/oauth/revoke", { token, client_id: clientId });
    expect((await revoke(one.clientId, two.access)).status).toBe(401);
    expect(await opens(server, two.access)).toBe(true);
    expect((await revoke(one.clientId, one.refresh)).status).toBe(200);
    expect(await opens(server, one.access)).toBe(false);
    expect((await revoke(one.clientId, "mcq_r_unknown")).status).toBe(200);
  });
});

describe("what an authorization is refused for", () => {
  const pages: [name: string, query: Record<string, string | undefined>][] = [
    ["no client id", { client_id: undefined }],
    ["an unknown client", { client_id: "mcc_unknown" }],
    ["no redirect", { redirect_uri: undefined }],
    ["another path", { redirect_uri: "http://127.0.0.1:33418/elsewhere" }],
    ["another host", { redirect_uri: "http://evil.example/callback" }],
    ["localhost for 127.0.0.1", { redirect_uri: "http://localhost:33418/callback" }],
    ["a longer path", { redirect_uri: `${redirectUri}/x` }],
    ["a query more", { redirect_uri: `${redirectUri}?x=1` }],
    ["a fragment", { redirect_uri: `${redirectUri}#x` }],
    ["a user in front", { redirect_uri: "http://127.0.0.1:33418@evil.example/callback" }],
    ["dots that go up", { redirect_uri: "http://127.0.0.1:33418/x/../callback" }],
    ["https for http", { redirect_uri: "https://127.0.0.1:33418/callback" }],
    ["another spelling of the address", { redirect_uri: "http://2130706433:33418/callback" }],
  ];
  test.each(pages)("%s: a page, and nothing is sent anywhere", async (_name, query) => {
    const { client_id } = (await register(server)).json;
    const { status, headers, text } = await authorize(server, client_id, query);
    expect([status, headers.get("location"), text.includes("not let in")]).toEqual([400, null, true]);
  });

  const backs: [name: string, query: Record<string, string | undefined>, error: string][] = [
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["no response type", { response_type: undefined }, "unsupported_response_type"],
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["PKCE without its method", { code_challenge_method: undefined }, "invalid_request"],
    ["a short challenge", { code_challenge: "short" }, "invalid_request"],
    ["another resource", { resource: "https://evil.example/mcp" }, "invalid_target"],
    ["our own API as the resource", { resource: "http://127.0.0.1/api/v1" }, "invalid_target"],
  ];
  test.each(backs)("%s: back to the program, with the state and who says so", async (_name, query, error) => {
    const { client_id } = (await register(server)).json;
    const { status, headers } = await authorize(server, client_id, query);
    const url = new URL(headers.get("location") ?? "");
    expect([status, url.searchParams.get("error"), url.searchParams.get("state"), url.searchParams.get("iss")]).toEqual(
      [302, error, "some state", server.origin],
    );
  });

  test("a parameter sent twice: a page", async () => {
    const { client_id } = (await register(server)).json;
    const query = `client_id=${client_id}&client_id=mcc_x&redirect_uri=${encodeURIComponent(redirectUri)}`;
    expect((await server.send({ path: `/oauth/authorize?${query}`, auth: null })).status).toBe(400);
  });

  test("another port on loopback is good: programs take what is free", async () => {
    const { client_id } = (await register(server)).json;
    const other = "http://127.0.0.1:9/callback";
    const { status, headers } = await authorize(server, client_id, { redirect_uri: other });
    expect([status, headers.get("location")?.startsWith("/oauth/consent?id=")]).toEqual([302, true]);
  });
});
