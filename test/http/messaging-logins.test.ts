import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { apiToken, phoneNumberId } from "../../src/sandbox/whatsapp/phones.ts";
import { callOf, owner } from "../support/home.ts";
import { decideAt, linkedinScopes, linkedinToken, slackToken, startOwnSandbox } from "../support/messaging.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const api = "/api/v1/auth";
const publicUrl = "https://mcqueen.example";
const clock = { now: new Date() };
let services: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
let ada: string;
const dayMs = 86_400_000;

beforeEach(async () => {
  clock.now = new Date();
  services = await startOwnSandbox(() => clock.now);
  const { SLACK_BOT_TOKEN: _bot, WHATSAPP_API_TOKEN: _token, ...env } = services.baseUrls;
  server = await bootServer({ now: () => clock.now, env: { ...env, PUBLIC_URL: publicUrl, RATE_LIMIT_MAX: "100000" } });
  ada = await logIn(server, "ada");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await services.stop();
});

const start = async (service: string, body: unknown = {}) =>
  server.send({ path: `${api}/services/${service}/login`, body, auth: ada });
const give = (service: string, token: string, more: object = {}, auth = ada) =>
  server.send({ path: `${api}/services/${service}/token`, body: { token, ...more }, auth });
const accounts = async (auth = ada) => (await server.send({ path: `${api}/accounts`, auth })).json.accounts;
const unlink = async (service: string) =>
  (await server.send({ method: "DELETE", path: `${api}/services/${service}`, auth: ada })).json;
const callback = (url: URL) => server.send({ path: url.pathname + url.search, auth: null });
const as = (userId: string): Caller => ({ ...owner, userId, role: "member" });
const run = (tool: string, action: string, userId = "ada") =>
  server.app.execute(callOf(tool, { action }, { caller: as(userId) }));

describe("Slack", () => {
  test("by the registered address: asks for a person's scopes, and learns whose account it is", async () => {
    const { login } = (await start("slack")).json;
    const url = new URL(login.url);
    expect([login.mode, url.searchParams.get("redirect_uri")]).toEqual([
      "registered",
      `${publicUrl}/connect/slack/callback`,
    ]);
    expect(url.searchParams.get("user_scope")?.split(",")).toContain("search:read");
    expect([
      url.searchParams.has("scope"),
      url.searchParams.has("code_challenge"),
      url.searchParams.has("login_hint"),
    ]).toEqual([false, false, false]);
    const page = await callback(await decideAt(login.url, "U0ADALOVE1"));
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("Slack is linked")]);
    expect(await accounts()).toMatchObject([
      { provider: "slack", account: "ada@analytical-engines", services: ["slack"], status: "ok", expires_at: null },
    ]);
    expect(await run("slack_personal", "list_channels")).toMatchObject({ ok: true, data: { total: 4 } });
    expect(await run("slack_personal", "list_channels", "olaf")).toMatchObject({ ok: false, code: "auth_required" });
  });

  test("only what an action needs, and by pasting", async () => {
    const { login } = (await start("slack", { mode: "paste", actions: ["list_channels"], account: "work" })).json;
    expect(new URL(login.url).searchParams.get("user_scope")).toBe("channels:read");
    const url = String(await decideAt(login.url, "U0GRACEHO1"));
    const done = await server.send({ path: `${api}/logins/${login.id}/paste`, body: { url }, auth: ada });
    expect(done.json.login).toMatchObject({
      status: "done",
      account: { account: "work", label: "grace@analytical-engines" },
    });
    const call = callOf("slack_personal", { action: "search", query: "x" }, { caller: as("ada") });
    expect(await server.app.execute(call)).toMatchObject({
      code: "auth_required",
      metadata: { missing_scopes: ["search:read"] },
    });
  });

  test("a no, a second use and a code of another are no login", async () => {
    const { login } = (await start("slack")).json;
    const no = await callback(await decideAt(login.url, "U0ADALOVE1", "deny"));
    expect([no.status, no.text]).toEqual([400, expect.stringContaining("You did not allow it at Slack")]);
    const again = (await start("slack")).json.login;
    const back = await decideAt(again.url, "U0ADALOVE1");
    back.searchParams.set("code", "1000000000001.guess");
    expect((await callback(back)).text).toContain("Slack does not take the code: invalid_code");
    expect((await callback(back)).text).toContain("over already");
    expect(await accounts()).toEqual([]);
  });

  test("unlinking takes the person's token back at Slack", async () => {
    const { login } = (await start("slack")).json;
    await callback(await decideAt(login.url, "U0ADALOVE1"));
    expect((await unlink("slack")).unlinked).toMatchObject([{ revoked: true }]);
    expect(services.requests.at(-1)?.path).toBe("/api/auth.revoke");
  });

  test("a token by hand is confirmed, tells its scopes, and is not taken back", async () => {
    const bot = services.baseUrls.SLACK_BOT_TOKEN ?? "";
    const { account } = (await give("slack", bot)).json;
    expect(account).toMatchObject({ account: "mcqueen@analytical-engines", services: ["slack"] });
    expect(account.scopes).toContain("chat:write");
    expect(account.scopes).not.toContain("search:read");
    expect((await give("slack", bot)).json.account.id).toBe(account.id);
    expect(await run("slack_personal", "list_channels")).toMatchObject({ ok: true, data: { total: 3 } });
    const { unlinked } = await unlink("slack");
    expect(unlinked).toMatchObject([{ revoked: false, manage_url: "https://slack.com/apps/manage" }]);
    expect((await give("slack", bot)).status).toBe(200);
  });

  test("what Slack does not confirm is not linked, and not shown again", async () => {
    const answer = await give("slack", "xoxb-made-up");
    expect([answer.status, answer.json.error]).toEqual([
      400,
      expect.stringContaining("Slack does not take this token: invalid_auth"),
    ]);
    expect(answer.text).not.toContain("xoxb-made-up");
    const few = await give("slack", await slackToken(services, "ada", "users:read"));
    expect(few.json.account.scopes).toEqual(["users:read"]);
    services.fail("slack", { kind: "garbage", times: 9 });
    expect((await give("slack", "xoxb-other")).status).toBe(502);
    expect(await accounts()).toHaveLength(1);
  });

  test("another account's token under a known name is a conflict", async () => {
    await give("slack", await slackToken(services, "ada"), { account: "work" });
    const answer = await give("slack", await slackToken(services, "grace"), { account: "work" });
    expect([answer.status, answer.json.error]).toEqual([409, expect.stringContaining("ada@analytical-engines")]);
    expect((await give("slack", await slackToken(services, "grace"), { account: "grace" })).status).toBe(200);
    expect(await accounts()).toHaveLength(2);
  });

  test("a token that was taken back elsewhere ends the login at its next use", async () => {
    const token = await slackToken(services);
    await give("slack", token);
    await fetch(`${services.baseUrls.SLACK_BASE_URL}/api/auth.revoke`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await server.app.accounts.check("ada")).toMatchObject([
      { problem: "Slack does not take this token: token_revoked" },
    ]);
    const outcome = await run("slack_personal", "list_channels");
    expect(outcome).toMatchObject({ ok: false, code: "auth_required", metadata: { reason: "ended" } });
    expect(await accounts()).toMatchObject([
      { status: "ended", reason: "the service takes the token no more, and this login cannot be renewed" },
    ]);
  });

  test("without an app, or without an address of ours, the steps are told", async () => {
    await using bare = await bootServer();
    const auth = await logIn(bare, "ada");
    const answer = await bare.send({ path: `${api}/services/slack/login`, body: {}, auth });
    expect([answer.status, answer.json.hint]).toEqual([
      501,
      expect.stringContaining("mcqueen settings set SLACK_CLIENT_ID -"),
    ]);
    const { PUBLIC_URL: _none, ...env } = { ...services.baseUrls, PUBLIC_URL: "" };
    await using inner = await bootServer({ env });
    const second = await inner.send({ path: `${api}/services/slack/login`, body: {}, auth: await logIn(inner, "ada") });
    expect([second.status, second.json.error]).toEqual([501, expect.stringContaining("PUBLIC_URL is needed")]);
  });
});

describe("LinkedIn", () => {
  test("ends after 60 days, which is known from the start, and then asks for a login", async () => {
    const { login } = (await start("linkedin")).json;
    expect(new URL(login.url).searchParams.get("scope")?.split(" ")).toEqual(linkedinScopes);
    await callback(await decideAt(login.url, "adaL0vel4c"));
    const [account] = await accounts();
    expect(account).toMatchObject({ account: "ada.lovelace@example.com", services: ["linkedin"] });
    const days = (Date.parse(account.expires_at) - clock.now.getTime()) / dayMs;
    expect(Math.round(days)).toBe(60);
    expect(await run("linkedin_personal", "profile")).toMatchObject({
      ok: true,
      data: { profile: { name: "Ada Lovelace" } },
    });
    clock.now = new Date(clock.now.getTime() + 61 * dayMs);
    const outcome = await run("linkedin_personal", "profile");
    expect(outcome).toMatchObject({ code: "auth_required", metadata: { reason: "ended" } });
    expect((outcome as { hint: string }).hint).toContain("LinkedIn's logins last 60 days");
  });

  test("leaving the page is a no", async () => {
    const { login } = (await start("linkedin")).json;
    expect((await callback(await decideAt(login.url, "adaL0vel4c", "deny"))).text).toContain(
      "You did not allow it at LinkedIn",
    );
  });

  test("a token of the generator: its end and its scopes are asked for", async () => {
    const answer = await give("linkedin", await linkedinToken(services, ["openid", "profile"]));
    expect(answer.json.account).toMatchObject({
      account: "default",
      label: "Ada Lovelace",
      scopes: ["openid", "profile"],
    });
    expect(Math.round((Date.parse(answer.json.account.expires_at) - clock.now.getTime()) / dayMs)).toBe(60);
    const call = callOf(
      "linkedin_personal",
      { action: "post", text: "x" },
      { caller: as("ada"), confirmations: { action: true, text: true } },
    );
    expect(await server.app.execute(call)).toMatchObject({
      code: "auth_required",
      metadata: { missing_scopes: ["w_member_social"] },
    });
    expect((await give("linkedin", "AQXmade-up")).status).toBe(400);
  });
});

describe("WhatsApp", () => {
  test("has no login page, and says what to do instead", async () => {
    const answer = await start("whatsapp");
    expect([answer.status, answer.json.error]).toEqual([400, expect.stringContaining("WhatsApp has no login page")]);
    expect(answer.json.hint).toContain("mcqueen login whatsapp --token");
  });

  test("a token is linked when it opens the number, and incoming messages are that user's", async () => {
    expect((await give("whatsapp", "EAAmade-up")).json.error).toContain("does not take this token for the number");
    const { account } = (await give("whatsapp", apiToken)).json;
    expect(account).toMatchObject({ account: "default", label: "+15550100042", services: ["whatsapp"] });
    expect(JSON.stringify(await accounts())).not.toContain(apiToken);
    await server.app.webhooks.receive("whatsapp", {
      entry: [
        {
          changes: [
            {
              field: "messages",
              value: {
                metadata: { phone_number_id: phoneNumberId },
                messages: [
                  {
                    from: "447700900101",
                    id: "wamid.1",
                    timestamp: "1700000000",
                    type: "text",
                    text: { body: "Hello" },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
    expect(await run("whatsapp_personal", "read")).toMatchObject({ ok: true, data: { messages: [{ text: "Hello" }] } });
    await logIn(server, "mia");
    await give("slack", services.baseUrls.SLACK_BOT_TOKEN ?? "");
    expect(await run("whatsapp_personal", "read", "mia")).toMatchObject({ ok: false, code: "auth_required" });
  });

  test("without the number there is nothing to link", async () => {
    await using bare = await bootServer();
    const answer = await bare.send({
      path: `${api}/services/whatsapp/token`,
      body: { token: "EAAx" },
      auth: await logIn(bare, "ada"),
    });
    expect([answer.status, answer.json.hint]).toEqual([501, expect.stringContaining("WHATSAPP_PHONE_NUMBER_ID")]);
  });
});
