import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { apiToken, appSecret, phoneNumberId, verifyToken } from "../../src/sandbox/whatsapp/phones.ts";
import {
  decideAt,
  linkedinScopes,
  linkedinToken,
  slackRedirect,
  slackToken,
  startOwnSandbox,
} from "../support/messaging.ts";
import { bootServer } from "../support/server.ts";

let now = new Date("2026-11-24T12:00:00Z");
let sandbox: Sandbox;
beforeEach(async () => {
  now = new Date("2026-11-24T12:00:00Z");
  sandbox = await startOwnSandbox(() => now);
});
afterEach(() => sandbox.stop());
const base = (name: string): string => sandbox.baseUrls[name] ?? "";

describe("the stand-in of Slack", () => {
  const call = async (method: string, values: Record<string, string>, token = base("SLACK_BOT_TOKEN")) =>
    (await (
      await fetch(`${base("SLACK_BASE_URL")}/api/${method}`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}` },
        body: new URLSearchParams(values),
      })
    ).json()) as Record<string, unknown>;

  const refused: [method: string, values: Record<string, string>, error: string][] = [
    ["chat.postMessage", { channel: "C0GENERAL1", text: "x", colour: "red" }, "invalid_arguments"],
    ["chat.postMessage", { channel: "#general", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel: "C0BOARD001", text: "x" }, "channel_not_found"],
    ["chat.postMessage", { channel: "C0RANDOM01", text: "x" }, "not_in_channel"],
    ["chat.postMessage", { channel: "C0OLDPLAN1", text: "x" }, "is_archived"],
    ["chat.postMessage", { channel: "C0GENERAL1" }, "no_text"],
    ["chat.postMessage", { channel: "C0GENERAL1", text: "x", thread_ts: "1.000000" }, "thread_not_found"],
    ["conversations.history", { channel: "C0BOARD001" }, "missing_scope"],
    ["conversations.list", { types: "private_channel" }, "missing_scope"],
    ["conversations.list", { limit: "0" }, "invalid_limit"],
    ["conversations.open", { users: "U0CHARLES1" }, "user_disabled"],
    ["search.messages", { query: "x" }, "not_allowed_token_type"],
    ["admin.users.list", {}, "unknown_method"],
  ];
  test.each(refused)("%s %j: %s", async (method, values, error) => {
    expect(await call(method, values)).toMatchObject({ ok: false, error });
  });

  test("a token is told apart from none, and dies with its revocation", async () => {
    const token = await slackToken(sandbox);
    expect(await call("auth.test", {}, token)).toMatchObject({ ok: true, user: "ada", team_id: "T0ENGINES1" });
    expect(await call("auth.revoke", {}, token)).toEqual({ ok: true, revoked: true });
    expect(await call("auth.test", {}, token)).toEqual({ ok: false, error: "token_revoked" });
    expect(await call("auth.test", {}, "xoxp-none")).toEqual({ ok: false, error: "invalid_auth" });
  });

  const query = (more: Record<string, string> = {}) =>
    `${base("SLACK_BASE_URL")}/oauth/v2/authorize?${new URLSearchParams({ client_id: base("SLACK_CLIENT_ID"), user_scope: "chat:write", redirect_uri: slackRedirect, state: "s", ...more })}`;
  const wrong: [name: string, more: Record<string, string>][] = [
    ["http", { redirect_uri: "http://mcqueen.example/connect/slack/callback" }],
    ["loopback", { redirect_uri: "http://127.0.0.1:1/" }],
    ["another path", { redirect_uri: "https://mcqueen.example/elsewhere" }],
    ["a query", { redirect_uri: `${slackRedirect}?x=1` }],
    ["an unknown client", { client_id: "1.2" }],
    ["an unknown scope", { user_scope: "everything" }],
    ["no scope", { user_scope: "" }],
    ["an unknown parameter", { surprise: "1" }],
  ];
  test.each(wrong)("a login with %s is refused on a page", async (_name, more) => {
    const answer = await fetch(query(more), { redirect: "manual" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "text/html; charset=utf-8"]);
  });

  test("a code works once, for ten minutes, for its redirect and its client", async () => {
    const access = async (code: string | null, more: Record<string, string> = {}) =>
      (
        (await (
          await fetch(`${base("SLACK_BASE_URL")}/api/oauth.v2.access`, {
            method: "POST",
            body: new URLSearchParams({
              code: code ?? "",
              redirect_uri: slackRedirect,
              client_id: base("SLACK_CLIENT_ID"),
              client_secret: base("SLACK_CLIENT_SECRET"),
              ...more,
            }),
          })
        ).json()) as { ok: boolean; error?: string }
      ).error ?? "ok";
    const code = async () => (await decideAt(query(), "U0ADALOVE1")).searchParams.get("code");
    const first = await code();
    expect([await access(first, { client_secret: "guess" }), await access(first), await access(first)]).toEqual([
      "bad_client_secret",
      "ok",
      "code_already_used",
    ]);
    expect(await access(await code(), { redirect_uri: "https://other.example/connect/slack/callback" })).toBe(
      "bad_redirect_uri",
    );
    const late = await code();
    now = new Date(now.getTime() + 10 * 60_000);
    expect([await access(late), await access("made up")]).toEqual(["code_expired", "invalid_code"]);
  });
});

describe("the stand-in of WhatsApp", () => {
  const page = () => `${base("WHATSAPP_BASE_URL")}/phone`;
  const fill = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(page(), { method: "POST", body: new URLSearchParams(fields), headers });
  const send = async (body: unknown, token = apiToken) => {
    const answer = await fetch(`${base("WHATSAPP_BASE_URL")}/v24.0/${phoneNumberId}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return {
      status: answer.status,
      json: (await answer.json()) as { error?: { code: number }; messages?: { id: string }[] },
    };
  };
  const good = { messaging_product: "whatsapp", to: "+447700900101", type: "text", text: { body: "x" } };
  const bad: [name: string, body: unknown, code: number][] = [
    ["no product", { ...good, messaging_product: undefined }, 100],
    ["an unknown field", { ...good, colour: "red" }, 100],
    ["an unknown field inside", { ...good, text: { body: "x", colour: "red" } }, 100],
    ["no text", { ...good, text: {} }, 100],
    ["an unknown type", { ...good, type: "smoke" }, 100],
    ["a number that is not on the list", { ...good, to: "+4915100000000" }, 131030],
    [
      "an unknown template",
      { ...good, type: "template", template: { name: "x", language: { code: "en_US" } } },
      132001,
    ],
  ];
  test.each(bad)("refuses %s", async (_name, body, code) => expect((await send(body)).json.error?.code).toBe(code));

  test("entering a webhook asks the address first, and whoever answers there reaches mcqueen", async () => {
    await using server = await bootServer({ now: () => now, env: { ...sandbox.baseUrls } });
    const webhook = `${server.origin}/webhooks/whatsapp`;
    expect((await fill({ webhook, verify_token: "wrong" })).status).toBe(400);
    expect((await fill({ webhook: "http://example.org/", verify_token: verifyToken })).status).toBe(400);
    expect((await fill({ webhook, verify_token: verifyToken }, { origin: "https://evil.example" })).status).toBe(400);
    expect((await fill({ webhook, verify_token: verifyToken })).status).toBe(200);
    const run = (parameters: Record<string, unknown>) =>
      server.send({
        path: "/api/v1/mcp/tools/whatsapp_personal/execute",
        body: { parameters, voice_confirmations: { action: true, to: true, text: true } },
      });
    expect((await run({ action: "send", to: "+447700900101", text: "Too soon" })).status).toBe(409);
    expect((await fill({ person: "447700900101", text: "Are you there?" })).status).toBe(200);
    expect((await run({ action: "send", to: "+447700900101", text: "Yes <3" })).json).toMatchObject({
      success: true,
      data: { status: "accepted" },
    });
    const read = async () => (await run({ action: "read", with: "+447700900101" })).json.data.messages;
    expect(await read()).toMatchObject([
      { direction: "in", name: "Ada Lovelace", text: "Are you there?" },
      { direction: "out", text: "Yes <3", status: "delivered" },
    ]);
    const shown = await (await fetch(page())).text();
    expect([shown.includes("mcqueen: Yes &lt;3"), shown.includes("answered 200")]).toEqual([true, true]);
    now = new Date(now.getTime() + 60_000);
    await fill({ person: "447700900101", text: "Good" });
    expect((await read()).at(1)).toMatchObject({ text: "Yes <3", status: "read" });
  });

  test("who has no WhatsApp gets nothing, and text that is too late fails by webhook", async () => {
    const seen: { headers: Headers; raw: string }[] = [];
    const hook = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      async fetch(request) {
        if (request.method === "GET") return new Response(new URL(request.url).searchParams.get("hub.challenge"));
        seen.push({ headers: request.headers, raw: await request.text() });
        return new Response();
      },
    });
    await fill({ webhook: String(hook.url), verify_token: "any" });
    await send({ ...good, to: "447700900199" });
    await send(good);
    await hook.stop(true);
    const errors = seen.map(({ raw }) => JSON.parse(raw).entry[0].changes[0].value.statuses[0].errors[0].code);
    expect(errors).toEqual([131026, 131047]);
    for (const { headers, raw } of seen) {
      const signature = new Bun.CryptoHasher("sha256", appSecret).update(raw).digest("hex");
      expect(headers.get("x-hub-signature-256")).toBe(`sha256=${signature}`);
    }
  });
});

describe("the stand-in of LinkedIn", () => {
  const api = (path: string, token: string, request: RequestInit = {}) =>
    fetch(base("LINKEDIN_BASE_URL") + path, {
      ...request,
      headers: { authorization: `Bearer ${token}`, ...(request.headers as object) },
    });
  const body = (more: object = {}) =>
    JSON.stringify({
      author: "urn:li:person:adaL0vel4c",
      commentary: "x",
      visibility: "PUBLIC",
      distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
      lifecycleState: "PUBLISHED",
      ...more,
    });
  const headers = { "linkedin-version": "202610", "x-restli-protocol-version": "2.0.0" };
  const bad: [name: string, status: number, body: string, headers: Record<string, string>][] = [
    ["no version", 400, body(), { "x-restli-protocol-version": "2.0.0" }],
    ["an old version", 426, body(), { ...headers, "linkedin-version": "202402" }],
    ["no protocol", 400, body(), { "linkedin-version": "202610" }],
    ["another's name", 403, body({ author: "urn:li:person:gr4ceH0pp3" }), headers],
    ["an unknown field", 400, body({ colour: "red" }), headers],
    ["an unknown visibility", 400, body({ visibility: "FRIENDS" }), headers],
    ["broken JSON", 400, "{", headers],
  ];
  test.each(bad)("refuses a post with %s", async (_name, status, sent, given) => {
    const token = await linkedinToken(sandbox, linkedinScopes);
    expect((await api("/rest/posts", token, { method: "POST", body: sent, headers: given })).status).toBe(status);
  });

  test("cuts a text at a sign that is not escaped, as LinkedIn does", async () => {
    const token = await linkedinToken(sandbox, linkedinScopes);
    const answer = await api("/rest/posts", token, {
      method: "POST",
      body: body({ commentary: "Seen (lost" }),
      headers,
    });
    expect([answer.status, await answer.text()]).toEqual([201, ""]);
    const feed = await (await fetch(`${base("LINKEDIN_OAUTH_BASE_URL")}/feed/`)).text();
    expect([feed.includes("Seen "), feed.includes("lost")]).toEqual([true, false]);
  });

  test("tells expired, revoked and strange tokens apart, and missing permissions", async () => {
    const token = await linkedinToken(sandbox, ["w_member_social"]);
    const ask = async (given: string) => ((await (await api("/v2/userinfo", given)).json()) as { code: string }).code;
    expect([await ask(token), await ask("AQXnone")]).toEqual(["ACCESS_DENIED", "INVALID_ACCESS_TOKEN"]);
    now = new Date(now.getTime() + 60 * 86_400_000);
    expect(await ask(token)).toBe("EXPIRED_ACCESS_TOKEN");
  });
});
