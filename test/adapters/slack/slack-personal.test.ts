import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { slack } from "../../../src/adapters/slack/adapter.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { HttpClient } from "../../../src/core/http-client.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { createTestClient } from "../../support/context.ts";
import { connectionWith, createRunner, failureOf, slackToken, startOwnSandbox } from "../../support/messaging.ts";

let sandbox: Sandbox;
let run: ReturnType<typeof createRunner>["run"];
let pace: ReturnType<typeof createRunner>["pace"];
let ada: string;
beforeEach(async () => {
  sandbox = await startOwnSandbox();
  ada = await slackToken(sandbox);
  ({ run, pace } = createRunner(slack, sandbox, ada));
});
afterEach(() => sandbox.stop());

const asked = () =>
  sandbox.requests
    .filter(({ path }) => path.startsWith("/api/") && !path.includes("oauth"))
    .map(({ path }) => path.slice(5));
const asBot = () => ({ connection: connectionWith(sandbox.baseUrls.SLACK_BOT_TOKEN ?? "", { isInstallation: true }) });
const schemaOf = (action: string) => {
  const found = slack.tools[0]?.actions.find(({ id }) => id === action);
  if (!found) throw new Error(action);
  return found.output;
};
type Messages = { text: string; user: string; ts: string; thread_ts?: string }[];

describe("send", () => {
  const targets: [to: string, channel: string | RegExp][] = [
    ["C0GENERAL1", "C0GENERAL1"],
    ["#general", "C0GENERAL1"],
    ["#Engine-Room", "C0ENGINE01"],
    ["#board", "C0BOARD001"],
    ["@grace", /^D0/],
    ["@Grace Hopper", /^D0/],
    ["@alan turing", /^D0/],
    ["U0GRACEHO1", /^D0/],
    ["grace.hopper@example.com", /^D0/],
  ];
  test.each(targets)("to %s", async (to, channel) => {
    const { data, metadata } = await run("send", { to, text: "Tea at 3 < 4 & <!channel> cake" });
    expect(Value.Check(schemaOf("send"), data)).toBe(true);
    expect(data.channel_id).toEqual(typeof channel === "string" ? channel : expect.stringMatching(channel));
    expect(data.permalink).toStartWith("https://analytical-engines.slack.com/archives/");
    expect(metadata.provider).toBe("Slack");
    const { data: read } = await run("read", { channel: String(data.channel_id) });
    expect((read.messages as Messages).at(-1)).toMatchObject({
      text: "Tea at 3 < 4 & <!channel> cake",
      user: "Ada",
      ts: data.ts as string,
    });
  });

  test("the same person by any name is the same conversation", async () => {
    const ids = await Promise.all(
      ["@grace", "U0GRACEHO1", "grace.hopper@example.com"].map(
        async (to) => (await run("send", { to, text: "x" })).data.channel_id,
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test("into a thread, which then is read on its own", async () => {
    const thread = "1763970660.000200";
    await run("send", { to: "#general", text: "Agreed", thread_ts: thread });
    const { data } = await run("read", { channel: "#general", thread_ts: thread });
    expect((data.messages as Messages).map(({ user, text }) => [user, text])).toEqual([
      [
        "Ada",
        "Well done. @Alan Turing, please look at report 7 (https://example.com/reports/7) before lunch & tell #engine-room",
      ],
      ["Alan Turing", "Read it. 3 < 5, so it holds."],
      ["Ada", "Thank you!"],
      ["Ada", "Agreed"],
    ]);
  });

  test("goes out once, also when the answer is lost", async () => {
    sandbox.fail("slack", { kind: "status", status: 503, times: 1 });
    const error = await failureOf(run("send", { to: "C0GENERAL1", text: "x" }));
    expect([error.code, asked()]).toEqual(["upstream_rejected", ["chat.postMessage"]]);
  });

  test("a link that cannot be had fails nothing, and is told", async () => {
    const client = createTestClient();
    const http: HttpClient = {
      json: (request) =>
        String(request.url).endsWith("getPermalink")
          ? Promise.reject(new AppError("timeout", "Slack did not answer"))
          : client.json(request),
    };
    const { data, metadata } = await run("send", { to: "C0GENERAL1", text: "x" }, { http });
    expect(data).toEqual({ channel_id: "C0GENERAL1", ts: expect.any(String) });
    expect(metadata.no_permalink).toBe("Slack did not answer");
  });
});

describe("who cannot be reached", () => {
  const bad: [to: string, code: string, says: string, hint: string][] = [
    ["#nowhere", "not_found", "There is no channel #nowhere", "list_channels"],
    ["C0NOWHERE1", "not_found", "Slack knows no such channel", "list_channels"],
    ["#old-plans", "not_found", "There is no channel #old-plans", "list_channels"],
    ["C0OLDPLAN1", "conflict", "archived", "list_channels"],
    ["#random", "not_found", "not in that channel", "/invite"],
    ["@nobody", "not_found", "There is nobody called @nobody", "mail address"],
    ["@charles", "not_found", "There is nobody called @charles", "mail address"],
    ["@sam", "invalid_parameters", "@sam may be @sam.one (U0SAMONE01) or @sam.two (U0SAMTWO01)", "mail address"],
    ["nobody@example.com", "not_found", "no person with that mail address", "@name"],
    ["general", "invalid_parameters", "Parameter to must be", "Did you mean #general or @general?"],
  ];
  test.each(bad)("%s: %s", async (to, code, says, hint) => {
    const error = await failureOf(run("send", { to, text: "x" }));
    expect([error.code, error.message, error.hint]).toEqual([
      code as never,
      expect.stringContaining(says),
      expect.stringContaining(hint),
    ]);
  });

  test.each(["", "   ", "\n"])("a text of blanks: %j", async (text) => {
    expect((await failureOf(run("send", { to: "#general", text }))).code).toBe("invalid_parameters");
    expect(asked()).toEqual([]);
  });
});

describe("read", () => {
  test("is in the order of time, with names for ids and paged", async () => {
    const { data } = await run("read", { channel: "#general", limit: 2 });
    expect(Value.Check(schemaOf("read"), data)).toBe(true);
    expect((data.messages as Messages).map(({ text }) => text.slice(0, 10))).toEqual(["Well done.", "@here cake"]);
    const older = await run("read", { channel: "#general", limit: 2, page: data.next_page });
    expect((older.data.messages as Messages).map(({ text }) => text)).toEqual([
      "Good morning! The build is green again :tada:",
    ]);
    expect(older.data.next_page).toBeUndefined();
    expect((await failureOf(run("read", { channel: "#general", page: "nonsense" }))).code).toBe("invalid_parameters");
  });

  test("a person's conversation, and the zone of the profile", async () => {
    await run("send", { to: "@grace", text: "Hello" });
    const grace = createRunner(slack, sandbox, await slackToken(sandbox, "grace"), { profile: { zone: "Asia/Tokyo" } });
    const { data, metadata } = await grace.run("read", { channel: "@ada" });
    expect((data.messages as Messages).map(({ user, text }) => [user, text])).toEqual([["Ada", "Hello"]]);
    expect(metadata.time_zone).toBe("Asia/Tokyo");
  });

  test("names that may not be known are ids, and that is told", async () => {
    const token = await slackToken(sandbox, "ada", "channels:read,channels:history");
    const few = createRunner(slack, sandbox, token);
    const { data, metadata } = await few.run("read", { channel: "C0GENERAL1", limit: 1 });
    expect((data.messages as Messages)[0]?.user).toBe("U0SAMONE01");
    expect(metadata.incomplete).toContain("users:read");
  });

  test("names are asked for once in a while, and for this token alone", async () => {
    await run("read", { channel: "#general" });
    await run("read", { channel: "#engine-room" });
    expect(asked()).toEqual(["conversations.list", "conversations.history", "users.list", "conversations.history"]);
    const bot = createRunner(slack, sandbox, "", asBot());
    expect(JSON.stringify((await bot.run("list_channels")).data)).not.toContain("board");
    const other = await slackToken(sandbox, "grace");
    expect(JSON.stringify((await run("list_channels", {}, { connection: connectionWith(other) })).data)).not.toContain(
      "board",
    );
    expect(JSON.stringify((await run("list_channels")).data)).toContain("board");
  });
});

describe("a name that is not among the kept ones", () => {
  const lists = () => asked().filter((method) => method.endsWith(".list"));
  test("is looked for anew before it is said to be nobody's", async () => {
    await run("read", { channel: "#general" });
    await run("send", { to: "@grace", text: "x" });
    expect(lists()).toEqual(["conversations.list", "users.list"]);
    await failureOf(run("read", { channel: "#new-room" }));
    await failureOf(run("send", { to: "@newcomer", text: "x" }));
    expect(lists().slice(2)).toEqual(["conversations.list", "users.list"]);
  });
  test("and once only, when nothing was kept", async () => {
    await failureOf(run("read", { channel: "#new-room" }));
    expect(lists()).toEqual(["conversations.list"]);
  });
});

describe("list_channels and search", () => {
  test("the channels that the account sees", async () => {
    const { data } = await run("list_channels");
    expect(Value.Check(schemaOf("list_channels"), data)).toBe(true);
    expect((data.channels as { name: string }[]).map(({ name }) => name)).toEqual([
      "board",
      "engine-room",
      "general",
      "random",
    ]);
    expect(await run("list_channels", { limit: 1 })).toMatchObject({
      data: { total: 4, channels: [{ is_private: true, is_member: true }] },
    });
  });

  test("a bot without groups:read lists the public ones, and says so", async () => {
    const { data, metadata } = await run("list_channels", {}, asBot());
    expect((data.channels as { name: string }[]).map(({ name }) => name)).toEqual(["engine-room", "general", "random"]);
    expect(metadata.incomplete).toContain("groups:read");
  });

  test("search finds by words, newest first, by pages", async () => {
    const { data } = await run("search", { query: "the", limit: 2 });
    expect(Value.Check(schemaOf("search"), data)).toBe(true);
    expect([data.total, data.next_page, (data.messages as Messages).length]).toEqual([4, "2", 2]);
    expect((await run("search", { query: "the", limit: 2, page: "2" })).data.next_page).toBeUndefined();
    expect((await run("search", { query: "zorblax" })).data).toMatchObject({ messages: [], total: 0 });
  });
});

describe("what Slack refuses", () => {
  test("a bot that searches is told to take an account of its own", async () => {
    const error = await failureOf(run("search", { query: "x" }, asBot()));
    expect([error.code, error.hint]).toEqual(["auth_required", expect.stringContaining("Run: mcqueen login slack")]);
  });

  test("a missing scope is named, with the command", async () => {
    const few = createRunner(slack, sandbox, await slackToken(sandbox, "ada", "channels:read"));
    const error = await failureOf(few.run("send", { to: "C0GENERAL1", text: "x" }));
    expect(error).toMatchObject({
      code: "auth_required",
      metadata: { missing_scopes: ["chat:write"], requires_auth: "slack", slack_error: "missing_scope" },
    });
    expect(error.hint).toContain("lacks the scope chat:write");
  });

  test("a token that Slack no longer takes is renewed once, or a login is asked for", async () => {
    const gone = await failureOf(run("list_channels", {}, { connection: connectionWith("xoxp-gone") }));
    expect(gone.code).toBe("auth_required");
    const renewing = {
      account: "default",
      scopes: [],
      accessToken: async ({ renew = false } = {}) => (renew ? ada : "xoxp-old"),
    };
    expect((await run("list_channels", {}, { connection: renewing })).data.total).toBe(4);
    expect(JSON.stringify(gone)).not.toContain("xoxp-gone");
  });

  test("too often: when to come back, whichever way Slack says it", async () => {
    sandbox.fail("slack", { kind: "status", status: 429, retryAfter: 40, times: 1 });
    expect(await failureOf(run("list_channels"))).toMatchObject({ code: "rate_limited", retryAfterS: 40 });
  });

  test("each method at its own pace, and messages at that of their channel", async () => {
    await run("send", { to: "#general", text: "x" });
    await run("read", { channel: "#general" });
    expect(pace.taken).toEqual([
      ["Slack conversations.list public_channel,private_channel", 4_000, 5],
      ["Slack chat.postMessage C0GENERAL1", 1_000, 1],
      ["Slack conversations.history", 1_500, 10],
      ["Slack users.list", 4_000, 5],
    ]);
  });

  const faults = [
    ["garbage", "upstream_rejected"],
    ["truncated", "upstream_rejected"],
    ["empty", "upstream_rejected"],
    ["reset", "upstream_unavailable"],
  ] as const;
  test.each(faults)("%s is no answer", async (kind, code) => {
    sandbox.fail("slack", { kind });
    expect((await failureOf(run("list_channels"))).code).toBe(code);
  });
});
