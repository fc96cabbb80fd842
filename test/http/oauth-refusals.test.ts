import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { challenge, codeFor, exchange, letIn, pageOf, redirectUri, refreshWith, register } from "../support/client.ts";
import { bootServer } from "../support/server.ts";
import { echo, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
const clock = { offsetMs: 0 };

beforeEach(async () => {
  clock.offsetMs = 0;
  server = await bootServer({
    adapters: [toyAdapter(echo)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "10000" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

describe("what an exchange is refused for", () => {
  const rows: [name: string, fields: Record<string, string | undefined>, status: number, error: string][] = [
    ["no grant type", { grant_type: undefined }, 400, "invalid_request"],
    ["another grant type", { grant_type: "password" }, 400, "unsupported_grant_type"],
    ["client credentials", { grant_type: "client_credentials" }, 400, "unsupported_grant_type"],
    ["no client id", { client_id: undefined }, 400, "invalid_request"],
    ["a secret, where none is kept", { client_secret: "x" }, 401, "invalid_client"],
    ["no code", { code: undefined }, 400, "invalid_request"],
    ["an unknown code", { code: "x" }, 400, "invalid_grant"],
    ["no redirect", { redirect_uri: undefined }, 400, "invalid_request"],
    ["another redirect", { redirect_uri: "http://127.0.0.1:33419/callback" }, 400, "invalid_grant"],
    ["no verifier", { code_verifier: undefined }, 400, "invalid_request"],
    ["another verifier", { code_verifier: "w".repeat(43) }, 400, "invalid_grant"],
    ["the challenge itself", { code_verifier: challenge }, 400, "invalid_grant"],
    ["a short verifier", { code_verifier: "v" }, 400, "invalid_grant"],
    ["another resource", { resource: "https://evil.example/mcp" }, 400, "invalid_target"],
  ];
  test.each(rows)("%s", async (_name, fields, status, error) => {
    const { clientId, code } = await codeFor(server);
    const refused = await exchange(server, clientId, code, fields);
    expect([refused.status, refused.json.error, refused.headers.get("cache-control")]).toEqual([
      status,
      error,
      "no-store",
    ]);
    expect(refused.text).not.toContain(code);
  });

  test("the code of one client at another", async () => {
    const { code } = await codeFor(server);
    const other = (await register(server)).json.client_id;
    expect((await exchange(server, other, code)).json.error).toBe("invalid_grant");
  });

  test("the refresh token of one client at another", async () => {
    const { refresh } = await letIn(server);
    const other = (await register(server)).json.client_id;
    expect((await refreshWith(server, other, refresh)).json.error).toBe("invalid_grant");
  });

  test("a code after its minute", async () => {
    const { clientId, code } = await codeFor(server);
    clock.offsetMs = 61_000;
    expect((await exchange(server, clientId, code)).json.error).toBe("invalid_grant");
  });

  test("a code that was given at another name of ours", async () => {
    const { clientId, code } = await codeFor(server);
    const elsewhere = await server.send({
      path: "/oauth/token",
      auth: null,
      headers: { host: `localhost:${server.port}`, "content-type": "application/x-www-form-urlencoded" },
      raw: `grant_type=authorization_code&client_id=${clientId}&code=${code}&redirect_uri=${encodeURIComponent(redirectUri)}&code_verifier=${"v".repeat(43)}`,
    });
    expect(elsewhere.json.error).toBe("invalid_target");
  });
});

describe("what a registration is refused for", () => {
  const rows: [name: string, body: Record<string, unknown>, error: string][] = [
    ["no redirect", { redirect_uris: undefined }, "invalid_client_metadata"],
    ["an empty list", { redirect_uris: [] }, "invalid_client_metadata"],
    ["a redirect of another type", { redirect_uris: [5] }, "invalid_client_metadata"],
    ["http beyond loopback", { redirect_uris: ["http://example.org/cb"] }, "invalid_redirect_uri"],
    ["a script", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["data", { redirect_uris: ["data:text/html,x"] }, "invalid_redirect_uri"],
    ["a file", { redirect_uris: ["file:///etc/passwd"] }, "invalid_redirect_uri"],
    ["a fragment", { redirect_uris: ["https://example.org/cb#x"] }, "invalid_redirect_uri"],
    ["a secret of its own", { token_endpoint_auth_method: "client_secret_basic" }, "invalid_client_metadata"],
    ["another grant", { grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["another response", { response_types: ["token"] }, "invalid_client_metadata"],
  ];
  test.each(rows)("%s", async (_name, body, error) => {
    const refused = await register(server, body);
    expect([refused.status, refused.json.error]).toEqual([400, error]);
  });

  test("a name cannot make itself look like something else", async () => {
    const { client_name, client_id } = (await register(server, { client_name: "<b>mcqueen</b>\u202e\n  itself" })).json;
    expect(client_name).toBe("b mcqueen b itself");
    expect((await pageOf(server, client_id)).page.text).not.toContain("<b>");
  });
});

test("a flood of registrations ends in 429, and what stays is bounded", async () => {
  await server[Symbol.asyncDispose]();
  server = await bootServer({ adapters: [toyAdapter(echo)], env: { RATE_LIMIT_MAX: "100000" } });
  const counts = new Map<number, number>();
  for (let n = 0; n < 100; n++) {
    const { status } = await register(server);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({ 201: 20, 429: 80 });
});

test("of programs that were never let in only so many are kept, and none that was", async () => {
  const kept = await letIn(server);
  const { book } = server.app.clients;
  const first = await book.register({ redirect_uris: [redirectUri] });
  clock.offsetMs = 1_000;
  for (let n = 0; n < 500; n++) await book.register({ redirect_uris: [redirectUri] });
  await expect(book.find(first.id)).rejects.toThrow("No program of that id");
  expect((await book.find(kept.clientId)).name).toBe("Test Agent");
});
