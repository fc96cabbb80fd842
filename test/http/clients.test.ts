import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openDatabase } from "../../src/store/database.ts";
import { createDeviceStore, insertDevice } from "../../src/store/device.ts";
import { binary, run } from "../support/binary.ts";
import {
  authorize,
  codeFor,
  exchange,
  letIn,
  opens,
  pageOf,
  redirectUri,
  register,
  terminal,
} from "../support/client.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { modernCall } from "../support/raw-agent.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
const raised = { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", LOGIN_RATE_MAX: "10000" };
const boot = async (env: Record<string, string> = {}): Promise<void> => {
  server = await bootServer({ adapters: [toyAdapter(echo, createLetters().tool)], env: { ...raised, ...env } });
};
beforeEach(() => boot());
afterEach(() => server[Symbol.asyncDispose]());

describe("what a program calls itself", () => {
  const names: [name: string, given: unknown, shown: string][] = [
    ["markup", "<script>alert(1)</script>", "script alert(1) script"],
    ["markup of entities", "&lt;b&gt; &#x202e;", "lt b gt x202e"],
    ["signs that run backwards", "\u202enimda\u202c \u2066x\u2069", "nimda x"],
    ["signs that nobody sees", "mc\u200bqu\u00adeen\ufeff\u2060", "mc qu een"],
    ["letters that nobody sees", "\u3164\u115f\uffa0", "A program without a name"],
    ["nothing but spaces", " \t\n ", "A program without a name"],
    ["line ends", "Agent\r\nSet-Cookie: a\u2028b", "Agent Set-Cookie a b"],
    ["an escape of terminals", "\u001b[2J\u001b]0;x\u0007Agent", "2J 0 x Agent"],
    ["letters dressed up", "𝐦𝐜𝐪𝐮𝐞𝐞𝐧 ｄａｅｍｏｎ", "mcqueen daemon"],
    ["marks upon marks", `A${"\u0301\u0302".repeat(40)}gent`, "Á\u0302\u0301gent"],
    ["a name without an end", "x".repeat(200), "x".repeat(64)],
    ["letters beyond the first plane", "𐐷".repeat(100), "𐐷".repeat(64)],
    ["a name of another type", 5, "A program without a name"],
    ["a language with its own letters", "जाँच 助手 Помощник", "जाँच 助手 Помощник"],
  ];
  test.each(names)("%s", async (_name, given, shown) => {
    const { json } = await register(server, { client_name: given });
    if (typeof given !== "string") return expect(json.error).toBe("invalid_client_metadata");
    const { page } = await pageOf(server, json.client_id);
    expect(json.client_name.isWellFormed()).toBe(true);
    expect(json.client_name).toBe(shown);
    expect(page.text).toContain(`<h1>${shown.replace("'", "&#39;")} wants to use your tools</h1>`);
    expect(page.text).toContain("Nobody vouches for either, and it is no part of mcqueen.");
  });
});

describe("the page that waits for a person", () => {
  test("cannot be framed, scripted, kept or told of to others", async () => {
    const { page } = await pageOf(server, (await register(server)).json.client_id);
    const policy = page.headers.get("content-security-policy") ?? "";
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"])
      expect(policy).toContain(part);
    expect(page.headers.get("x-frame-options")).toBe("DENY");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(page.text).not.toMatch(/<(script|form|button|input|a) /);
  });

  test.each(["iframe", "frame", "image", "script", "empty", "object", "embed", "style"])(
    "is not opened as the %s of another page",
    async (dest) => {
      const { client_id: clientId } = (await register(server)).json;
      const { path } = await pageOf(server, clientId);
      const headers = { "sec-fetch-dest": dest, "sec-fetch-site": "cross-site" };
      expect((await server.send({ path, auth: null, headers })).status).toBe(403);
      const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri });
      expect((await server.send({ path: `/oauth/authorize?${query}`, auth: null, headers })).status).toBe(403);
      expect((await server.send({ path, auth: null, headers: { "sec-fetch-dest": "document" } })).status).toBe(200);
    },
  );

  test("is not kept from a person by a page elsewhere that asks for it again and again", async () => {
    await server[Symbol.asyncDispose]();
    await boot({ RATE_LIMIT_MAX: "20" });
    const { path } = await pageOf(server, (await register(server)).json.client_id);
    const headers = { "sec-fetch-dest": "image", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    const statuses = new Set<number>();
    for (const at of ["/oauth/authorize", "/nowhere", "/.well-known/oauth-authorization-server", "/mcp"])
      for (let tries = 0; tries < 10; tries++)
        statuses.add((await server.send({ path: at, auth: null, headers })).status);
    expect([...statuses]).toEqual([403]);
    expect((await server.send({ path: "/.well-known/oauth-authorization-server", auth: null })).status).toBe(200);
    expect((await server.send({ path, auth: null, headers: { "sec-fetch-dest": "document" } })).status).toBe(200);
  });

  test("asks for one program ten times at once and no more, and others may still ask", async () => {
    const { client_id: noisy } = (await register(server)).json;
    const back: (string | null)[] = [];
    for (let at = 0; at < 12; at++)
      back.push(
        new URL((await authorize(server, noisy)).headers.get("location") ?? "", server.origin).searchParams.get(
          "error",
        ),
      );
    expect(back).toEqual([
      ...Array.from({ length: 10 }, () => null),
      "temporarily_unavailable",
      "temporarily_unavailable",
    ]);
    const { client_id: other } = (await register(server)).json;
    expect((await pageOf(server, other)).number).toMatch(/^\d{4}-\d{4}$/);
  });

  test("another user's yes is that user's alone, and the first answer counts", async () => {
    const mia = await logIn(server, "mia");
    const { client_id: clientId } = (await register(server)).json;
    const { number } = await pageOf(server, clientId);
    const at = (user: string, way: string) =>
      server.send({ method: "POST", path: `/api/v1/clients/requests/${number}/${way}`, auth: user, body: {} });
    expect((await at(mia, "allow")).status).toBe(200);
    expect((await at(await logIn(server, "olaf"), "deny")).status).toBe(409);
    await expect(server.app.clients.allow(terminal, number, {})).rejects.toThrow("answered already");
    expect(await server.app.clients.list("owner")).toEqual([]);
  });
});

describe("who holds back lets nobody in who does not", () => {
  const bounds = { tools: ["echo"], writes: "deny", destructive: "deny" } as const;
  const phone = {
    ...owner,
    entrance: "device",
    credentialId: "ses_0123456789ab",
    deviceId: "dev_0123456789ab",
  } as const;

  test("a bounded device", async () => {
    const { client_id: clientId } = (await register(server)).json;
    const { number } = await pageOf(server, clientId);
    const allow = server.app.clients.allow({ ...phone, bounds }, number, { tools: ["echo"], read_only: true });
    await expect(allow).rejects.toThrow("A device that may not do everything lets no program in");
    await letIn(server, { limits: { read_only: true } });
    const [login] = await server.app.clients.list("owner");
    const widen = server.app.clients.change({ ...phone, bounds }, login?.id ?? "", { read_only: false });
    await expect(widen).rejects.toThrow("lets no program in");
  });

  test("a session whose own writes wait for somebody else", async () => {
    await server[Symbol.asyncDispose]();
    await boot({ AGENT_WRITES: "ask", APPROVAL_WAIT_S: "0" });
    const session = await logIn(server, "mia");
    const mia = { ...owner, userId: "mia" };
    await server.app.policy.set(mia, { entrance: "rest", effect: "write", decision: "approve" });
    const { client_id: clientId } = (await register(server)).json;
    const { number } = await pageOf(server, clientId);
    const allow = (body: object) =>
      server.send({ path: `/api/v1/clients/requests/${number}/allow`, auth: session, body });
    expect((await allow({})).status).toBe(403);
    expect((await allow({ read_only: true })).status).toBe(200);
    // Nor does it get further by that door itself, with an answer of its own.
    const { headers, body } = modernCall("letters_send", { to: "Ada" });
    const asked = await server.send({ path: "/mcp", auth: session, headers, body });
    expect(asked.text).toContain("(approval_required)");
    await server.app.policy.set(mia, { entrance: "rest", effect: "write", decision: "deny" });
    expect((await server.send({ path: "/mcp", auth: session, headers, body })).text).toContain("(forbidden)");
  });
});

describe("a program that describes itself at an address", () => {
  const addresses: [name: string, id: string, sentence: string][] = [
    ["of this computer", "https://127.0.0.1/doc", "127.0.0.1 is not a public address"],
    ["of this computer by name", "https://localhost/doc", "localhost is not a public address"],
    ["of a private network", "https://192.168.0.1/doc", "192.168.0.1 is not a public address"],
    ["of a cloud's own service", "https://169.254.169.254/doc", "169.254.169.254 is not a public address"],
    ["of this computer inside IPv6", "https://[::ffff:7f00:1]/doc", "[::ffff:7f00:1] is not a public address"],
    ["of a cloud's own service inside IPv6", "https://[::a9fe:a9fe]/doc", "[::a9fe:a9fe] is not a public address"],
    ["in decimal", "https://2130706433/doc", "no address of a document"],
    ["in hex", "https://0x7f000001/doc", "no address of a document"],
    ["in octal", "https://0177.0.0.1/doc", "no address of a document"],
    ["in short", "https://127.1/doc", "no address of a document"],
    ["in full-width digits", "https://１２７.0.0.1/doc", "no address of a document"],
    ["by http", "http://127.0.0.1/doc", "No program of that id is known"],
    ["of a file", "file:///etc/passwd", "No program of that id is known"],
  ];
  test.each(addresses)("%s gets a page, and nothing is fetched", async (_name, id, sentence) => {
    const { status, text, headers } = await authorize(server, id);
    expect([status, headers.get("location"), text.includes(sentence)]).toEqual([400, null, true]);
  });
});

test("of sixteen who come with one code at once one is answered, and then nothing is open", async () => {
  const { clientId, code } = await codeFor(server);
  const answers = await Promise.all(Array.from({ length: 16 }, () => exchange(server, clientId, code)));
  const good = answers.filter(({ status }) => status === 200);
  expect(good).toHaveLength(1);
  expect(await opens(server, good[0]?.json.access_token)).toBe(false);
});

test("a program that a phone let in ends with the phone, an unfinished login too", async () => {
  const database = openDatabase(server.app.settings.home.database);
  const id = "dev_0123456789ab";
  const device = {
    id,
    userId: "owner",
    name: "phone",
    tools: undefined,
    writes: "allow",
    destructive: "allow",
  } as const;
  insertDevice(database.durable, { ...device, lineage: [], createdAt: new Date(), lastUsedAt: undefined }, "hash");
  const phone = {
    ...owner,
    entrance: "device",
    credentialId: "ses_0123456789ab",
    lineage: [id],
    deviceId: id,
  } as const;
  const { access } = await letIn(server, { by: phone });
  const late = await codeFor(server, { by: phone });
  expect(await opens(server, access)).toBe(true);
  await createDeviceStore(database).revoke(id);
  database.close();
  expect(await opens(server, access)).toBe(false);
  expect(await server.app.clients.list("owner")).toEqual([]);
  expect((await exchange(server, late.clientId, late.code)).json.error).toBe("invalid_grant");
});

test("mcqueen clients lists a program and ends it, with every stream and call that it has open", async () => {
  await binary();
  const home = server.app.homePath;
  const { access } = await letIn(server);
  const listed = await run(["clients", "list", "--json"], { home });
  expect(listed.json.clients).toMatchObject([{ name: "Test Agent", tools: null }]);
  const { headers, body } = modernCall("", {});
  const { _meta } = body.params;
  const message = {
    ...body,
    method: "subscriptions/listen",
    params: { _meta, notifications: { toolsListChanged: true } },
  };
  const auth = { authorization: `Bearer ${access}`, "content-type": "application/json" };
  const stream = await fetch(`${server.origin}/mcp`, {
    method: "POST",
    headers: { ...headers, ...auth, "mcp-method": "subscriptions/listen", "mcp-name": "" },
    body: JSON.stringify(message),
  });
  const waiting = modernCall("letters_send", { to: "Ada" }, { _meta: { progressToken: 1 } });
  const call = await fetch(`${server.origin}/mcp`, {
    method: "POST",
    headers: { ...waiting.headers, ...auth },
    body: JSON.stringify(waiting.body),
  });
  expect([stream.status, call.status]).toEqual([200, 200]);
  const ended = await run(["clients", "revoke", listed.json.clients[0].id, "--json"], { home });
  expect(ended.exit).toBe(0);
  await Promise.all([stream.text(), call.text()]);
  expect(await opens(server, access)).toBe(false);
  expect((await run(["clients", "list", "--json"], { home })).json.total).toBe(0);
}, 30_000);

test("a program in a browser, from an origin on the list, may send and read what the protocol needs", async () => {
  await server[Symbol.asyncDispose]();
  await boot({ ALLOWED_ORIGINS: "http://localhost:6274" });
  const headers = { origin: "http://localhost:6274", "sec-fetch-site": "same-site", "sec-fetch-dest": "empty" };
  const asked = await server.send({
    method: "OPTIONS",
    path: "/mcp",
    auth: null,
    headers: { ...headers, "access-control-request-method": "POST" },
  });
  const allowed = (asked.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(", ");
  const { headers: needed, body } = modernCall("echo", { text: "x" });
  for (const name of [...Object.keys(needed), "mcp-session-id", "authorization"])
    if (name !== "accept") expect(allowed).toContain(name);
  const { access } = await letIn(server);
  const answer = await server.send({ path: "/mcp", auth: access, headers: { ...headers, ...needed }, body });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, headers.origin]);
  const refused = await server.send({ path: "/mcp", auth: null, headers, body });
  expect(refused.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
  expect(refused.headers.get("www-authenticate")).toContain("resource_metadata");
});
