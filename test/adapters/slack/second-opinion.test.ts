import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createEmulator, type Emulator } from "emulate";
import { slack } from "../../../src/adapters/slack/adapter.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { formsOf } from "../../support/google.ts";
import { bootApp, callOf, owner } from "../../support/home.ts";
import { connectionWith, createRunner, startOwnSandbox } from "../../support/messaging.ts";

/** It stops the process when a port is taken, so it gets one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return Number(port);
}

setDefaultTimeout(30_000);
let sandbox: Sandbox;
let emulator: Emulator;
let run: ReturnType<typeof createRunner>["run"];
beforeAll(async () => {
  sandbox = await startOwnSandbox();
  emulator = await createEmulator({
    service: "slack",
    port: await freePort(),
    seed: {
      tokens: { "xoxb-second-opinion": { login: "ada" } },
      slack: {
        users: [{ name: "ada", real_name: "Ada Lovelace", email: "ada.lovelace@example.com" }],
        channels: [{ name: "general" }],
      },
    },
  });
  ({ run } = createRunner(slack, sandbox, "", {
    config: { SLACK_BASE_URL: emulator.url },
    connection: connectionWith("xoxb-second-opinion"),
  }));
});
afterAll(async () => {
  await emulator.close();
  await sandbox.stop();
});

/** The same calls to somebody else's emulator of Slack, which takes ids of channels only and looks at no scopes. */
test("somebody else's emulator of Slack understands what we send, and we what it answers", async () => {
  const { data: listed } = await run("list_channels");
  const general = (listed.channels as { id: string; name: string }[]).find(({ name }) => name === "general");
  expect(general?.id).toMatch(/^C/);
  const { data: sent } = await run("send", { to: "#general", text: "Tea & <cake>" });
  expect(sent.channel_id).toBe(general?.id as string);
  await run("send", { to: general?.id, text: "In the thread", thread_ts: sent.ts });
  const { data: read } = await run("read", { channel: "#general" });
  expect(read.messages).toMatchObject([{ text: "Tea & <cake>", ts: sent.ts }]);
  const { data: thread } = await run("read", { channel: "#general", thread_ts: sent.ts });
  expect((thread.messages as { text: string }[]).map(({ text }) => text)).toEqual(["Tea & <cake>", "In the thread"]);
  await expect(run("send", { to: "C00NOWHERE", text: "x" })).rejects.toMatchObject({ code: "not_found" });
});

describe("a person, by the whole road", () => {
  const client = { client_id: "1.2", client_secret: "emulated-slack-secret" };
  const callback = "https://mcqueen.example/connect/slack/callback";
  let workspace: Emulator;
  let app: Awaited<ReturnType<typeof bootApp>>;
  beforeAll(async () => {
    workspace = await createEmulator({
      service: "slack",
      port: await freePort(),
      seed: {
        slack: {
          team: { name: "Analytical Engines", domain: "engines" },
          users: [
            { name: "ada", real_name: "Ada Lovelace", email: "ada.lovelace@example.com" },
            { name: "grace", real_name: "Grace Hopper", email: "grace.hopper@example.com" },
          ],
          channels: [{ name: "general" }],
          oauth_apps: [{ ...client, name: "mcqueen", redirect_uris: [callback] }],
        },
      },
    });
    app = await bootApp({
      env: {
        SLACK_BASE_URL: workspace.url,
        SLACK_CLIENT_ID: client.client_id,
        SLACK_CLIENT_SECRET: client.client_secret,
        PUBLIC_URL: "https://mcqueen.example",
      },
    });
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await workspace.close();
  });

  /** Chooses Ada. @returns where the browser is sent */
  async function consent(url: string): Promise<string> {
    const page = await (await fetch(url)).text();
    const part = page.split(/(?=<form)/).find((each) => each.startsWith("<form") && each.includes("Ada Lovelace"));
    const [form] = await formsOf(new Response(part));
    const body = new URLSearchParams(form?.fields.map(({ name, value }): [string, string] => [name, value]));
    const answer = await fetch(new URL(form?.action ?? "", url), { method: "POST", body, redirect: "manual" });
    return answer.headers.get("location") ?? "";
  }
  const run = async (action: string, parameters: Record<string, unknown>) => {
    const confirmations = Object.fromEntries(["action", ...Object.keys(parameters)].map((field) => [field, true]));
    const outcome = await app.execute(
      callOf("slack_personal", { action, ...parameters }, action === "send" ? { confirmations } : {}),
    );
    if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message} ${outcome.hint}`);
    return outcome.data as Record<string, unknown>;
  };

  test("logs in with OAuth v2 by a registered address, and the token is the person's own", async () => {
    const login = await app.accounts.startLogin(owner, "slack", { mode: "registered" });
    const asked = new URL(login.url).searchParams;
    expect([asked.get("redirect_uri"), asked.get("scope"), asked.get("user_scope")?.includes("search:read")]).toEqual([
      callback,
      null,
      true,
    ]);
    const back = new URL(await consent(login.url));
    expect(`${back.origin}${back.pathname}`).toBe(callback);
    await app.accounts.callback("slack", back.searchParams);
    expect(await app.accounts.login(owner.userId, login.id)).toMatchObject({
      status: "done",
      account: { services: ["slack"] },
    });
    const again = await app.accounts.startLogin(owner, "slack", { mode: "paste" });
    const used = new URL(back);
    used.searchParams.set("state", new URL(again.url).searchParams.get("state") ?? "");
    await expect(app.accounts.paste(owner, again.id, { url: used.href })).rejects.toThrow("Slack");
  });

  test("writes to a channel, a person and a mail address, and reads it with names", async () => {
    const sent = await run("send", { to: "#general", text: "Tea <!channel> & <@U1>" });
    const direct = await run("send", { to: "@Grace Hopper", text: "Hello" });
    const mail = await run("send", { to: "grace.hopper@example.com", text: "Again" });
    expect([mail.channel_id, typeof sent.ts]).toEqual([direct.channel_id, "string"]);
    expect(await run("read", { channel: "#general" })).toMatchObject({
      messages: [{ text: "Tea <!channel> & <@U1>", user: expect.stringMatching(/ada/i) }],
    });
    expect(await run("read", { channel: "@grace" })).toMatchObject({
      messages: [{ text: "Hello" }, { text: "Again" }],
    });
    const first = await run("read", { channel: "@grace", limit: 1 });
    expect(first).toMatchObject({ messages: [{ text: "Again" }] });
    expect(await run("read", { channel: "@grace", limit: 1, page: String(first.next_page) })).toMatchObject({
      messages: [{ text: "Hello" }],
    });
  });

  test("logs out", async () => {
    await app.accounts.unlink(owner, "slack");
    expect(await app.execute(callOf("slack_personal", { action: "list_channels" }))).toMatchObject({
      ok: false,
      code: "auth_required",
    });
  });
});
