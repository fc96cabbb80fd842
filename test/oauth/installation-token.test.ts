import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { decideAt, slackToken, startOwnSandbox } from "../support/messaging.ts";

let services: Sandbox;
beforeEach(async () => {
  services = await startOwnSandbox();
});
afterEach(() => services.stop());

describe("a token among the settings", () => {
  const boot = () => bootApp({ env: services.baseUrls });
  const list = (userId: string): ReturnType<typeof callOf> =>
    callOf("slack_personal", { action: "list_channels" }, { caller: { ...owner, userId } });

  test("serves the owner, and nobody else", async () => {
    await using app = await boot();
    await app.people.addUser(owner, { id: "mia", role: "admin" });
    expect(await app.execute(list("owner"))).toMatchObject({
      ok: true,
      data: { total: 3 },
      metadata: { account: "installation" },
    });
    expect(await app.execute(list("mia"))).toMatchObject({ ok: false, code: "auth_required" });
    const status = async (userId: string) =>
      Object.fromEntries((await app.listTools(userId, { all: true })).map((tool) => [tool.id, tool.status]));
    expect(await status("owner")).toMatchObject({
      slack_personal: "available",
      whatsapp_personal: "available",
      linkedin_personal: "needs_login",
    });
    expect((await app.accounts.services("owner")).filter(({ linked }) => linked).map(({ service }) => service)).toEqual(
      ["slack", "whatsapp"],
    );
    expect(await status("mia")).toMatchObject({ slack_personal: "needs_login", whatsapp_personal: "needs_login" });
  });

  test("gives way to a linked account, and to no account by a name", async () => {
    await using app = await boot();
    expect(await app.execute({ ...list("owner"), account: "work" })).toMatchObject({ code: "not_found" });
    await app.accounts.giveToken(owner, "slack", { token: await slackToken(services) });
    expect(await app.execute(list("owner"))).toMatchObject({
      ok: true,
      data: { total: 4 },
      metadata: { account: "ada@analytical-engines" },
    });
  });

  test("that lies in the vault counts too, and one that Slack refuses names its setting", async () => {
    const { SLACK_BOT_TOKEN: _bot, ...env } = services.baseUrls;
    await using app = await bootApp({ env });
    const linked = async () => [...(await app.accounts.linked("owner"))];
    expect(await linked()).toEqual(["whatsapp"]);
    await app.secrets.keep("SLACK_BOT_TOKEN", "xoxb-not-good");
    expect(await linked()).toEqual(["slack", "whatsapp"]);
    const outcome = await app.execute(list("owner"));
    expect(outcome).toMatchObject({ ok: false, code: "auth_required" });
    expect((outcome as { hint: string }).hint).toContain("Run: mcqueen settings set SLACK_BOT_TOKEN -");
    expect(JSON.stringify(outcome)).not.toContain("xoxb-not-good");
  });
});

test("in the sandbox a login by pasting needs no address of ours", async () => {
  await using app = await bootApp({ sandbox: true });
  for (const [service, account] of [
    ["slack", "U0ADALOVE1"],
    ["linkedin", "adaL0vel4c"],
  ] as const) {
    const started = await app.accounts.startLogin(owner, service, {});
    expect(started.mode).toBe("paste");
    const done = await app.accounts.paste(owner, started.id, { url: String(await decideAt(started.url, account)) });
    expect(done.status).toBe("done");
  }
  expect(await app.execute(callOf("slack_personal", { action: "search", query: "build" }))).toMatchObject({
    ok: true,
    data: { total: 1 },
  });
});
