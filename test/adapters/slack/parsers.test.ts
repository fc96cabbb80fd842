import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseMessage, timeOf } from "../../../src/adapters/slack/messages.ts";
import { refusalWords } from "../../../src/adapters/slack/refusal-words.ts";
import { refusedBySlack, tokenWords } from "../../../src/adapters/slack/refusals.ts";
import { membersCalled, theOnly } from "../../../src/adapters/slack/targets.ts";
import { escapeText, readText } from "../../../src/adapters/slack/text.ts";
import { withholding } from "../../../src/core/conceal.ts";

const names = new Map([["U1", "Ada"]]);

describe("texts", () => {
  const rows: [theirs: string, read: string][] = [
    ["<@U1> and <@U2|bob> and <@U3>", "@Ada and @bob and @U3"],
    ["<#C1|general> <#C2>", "#general #C2"],
    ["<!here> <!subteam^S1|@team> <!date^1^x|today>", "@here @team today"],
    ["<https://a.example|the page> <https://b.example>", "the page (https://a.example) https://b.example"],
    ["<mailto:a@b.example|a@b.example>", "a@b.example (mailto:a@b.example)"],
    ["1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;", "1 < 2 && 3 > 2 &lt;"],
    ["", ""],
  ];
  test.each(rows)("%s", (theirs, read) => expect(readText(theirs, names)).toBe(read));

  test("what is sent is read as it was meant, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const sent = escapeText(text);
        expect(sent).not.toMatch(/[<>]/);
        expect(readText(sent, names)).toBe(text.toWellFormed());
      }),
      { numRuns: 200 },
    );
  });
});

describe("messages", () => {
  test("of persons, bots and apps without a text", () => {
    expect(parseMessage({ ts: "1503435956.000247", user: "U1", text: "x" }, names)).toEqual({
      ts: "1503435956.000247",
      at: "2017-08-22T21:05:56.000Z",
      user_id: "U1",
      user: "Ada",
      text: "x",
    });
    const app = {
      ts: "1.000000",
      bot_id: "B1",
      username: "ecto1",
      attachments: [{ fallback: "f" }, { text: "t" }],
      files: [{ name: "a.pdf" }],
    };
    expect(parseMessage(app, names)).toMatchObject({ user: "ecto1", user_id: "B1", text: "f\nt", files: ["a.pdf"] });
    for (const none of [null, {}, { ts: "soon" }, { ts: 5 }, []]) expect(parseMessage(none, names)).toBeUndefined();
  });

  test.each([
    ["1.5", "1970-01-01T00:00:01.500Z"],
    ["x", undefined],
    ["", undefined],
    ["-1", undefined],
  ])("the time %s", (ts, at) => {
    expect(timeOf(ts)).toBe(at as never);
  });
});

describe("names", () => {
  const person = (id: string, name: string, displayName: string, isGone = false) => ({
    id,
    name,
    displayName,
    realName: `${displayName} X`,
    isGone,
  });
  const people = [
    person("1", "ada", "Bob"),
    person("2", "bob", "Ada"),
    person("3", "eve", "Eve"),
    person("4", "eve2", "Eve"),
    person("5", "old", "Old", true),
  ];
  const find = (given: string): string => theOnly(membersCalled(people, given), given).id;
  test.each([
    ["Bob X", "1"],
    ["ADA X", "2"],
    ["eve2", "4"],
  ])("%s is %s", (given, id) => {
    expect(find(given)).toBe(id);
  });
  test.each([
    ["Eve X", "@eve (3) or @eve2 (4)"],
    ["ada", "@ada (1) or @bob (2)"],
    ["BOB", "@ada (1) or @bob (2)"],
    ["eve", "@eve (3) or @eve2 (4)"],
    ["old", "nobody called"],
    ["", "nobody called"],
  ])("%j is not guessed, also where one person's handle is another one's name", (given, says) => {
    expect(() => find(given)).toThrow(says);
  });
  test("what people call themselves cannot speak in a refusal", () => {
    const hostile = [person("1", "x\x1b[2J", "Al"), person("2", "y\n✓ Sent", "Al")];
    const told = () => {
      try {
        return theOnly(membersCalled(hostile, "al"), "al").id;
      } catch (error) {
        return String(error);
      }
    };
    expect([told().includes("may be @x"), told().includes("\x1b"), told().includes("\n")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("refusals", () => {
  const byWord: Record<string, string> = {
    missing_scope: "auth_required",
    not_allowed_token_type: "auth_required",
    invalid_auth: "auth_required",
    token_revoked: "auth_required",
    token_expired: "auth_required",
    account_inactive: "auth_required",
    not_authed: "auth_required",
    ratelimited: "rate_limited",
    rate_limited: "rate_limited",
    channel_not_found: "not_found",
    not_in_channel: "not_found",
    is_archived: "conflict",
    user_not_found: "not_found",
    users_not_found: "not_found",
    user_disabled: "not_found",
    cannot_dm_bot: "not_found",
    thread_not_found: "not_found",
    message_not_found: "not_found",
    msg_too_long: "invalid_parameters",
    no_text: "invalid_parameters",
    invalid_cursor: "invalid_parameters",
    restricted_action: "forbidden",
    restricted_action_read_only_channel: "forbidden",
    restricted_action_thread_only_channel: "forbidden",
    restricted_action_non_threadable_channel: "forbidden",
    ekm_access_denied: "forbidden",
    access_denied: "forbidden",
    messages_tab_disabled: "forbidden",
    fatal_error: "upstream_unavailable",
    internal_error: "upstream_unavailable",
    service_unavailable: "upstream_unavailable",
    request_timeout: "upstream_unavailable",
    constructor: "upstream_rejected",
    some_new_word: "upstream_rejected",
  };
  const rows: [json: Record<string, unknown>, code: string][] = [
    ...Object.entries(byWord).map(([error, code]): [Record<string, unknown>, string] => [{ error }, code]),
    [{ error: "missing_scope", needed: "chat:write:bot" }, "auth_required"],
    [{}, "upstream_rejected"],
  ];
  test("every word that is known has a case", () => {
    const known = [...Object.keys(refusalWords), ...tokenWords];
    expect(known.filter((word) => !(word in byWord))).toEqual([]);
  });
  test.each(rows)("%j: %s", (json, code) => {
    const error = refusedBySlack({ ok: false, ...json }, new Headers({ "retry-after": "7" }), false);
    expect([error?.code, typeof error?.hint]).toEqual([code as never, "string"]);
    if (code === "rate_limited") expect(error?.retryAfterS).toBe(7);
  });
  test("of an answer that is none, and none of a good one", () => {
    expect(refusedBySlack({ ok: true }, new Headers(), false)).toBeUndefined();
    for (const json of [undefined, [], "x", { ok: "yes" }])
      expect(refusedBySlack(json, new Headers(), false)?.code).toBe("upstream_rejected");
  });
  test("a text that is one of Slack's words is no reason to misunderstand it", () => {
    const hide = withholding(["channel_not_found", "my own text"]);
    expect(refusedBySlack({ ok: false, error: "channel_not_found" }, new Headers(), false, hide)?.code).toBe(
      "not_found",
    );
    const odd = { ok: false, error: "bad: my own text", response_metadata: { messages: ["my+own+text"] } };
    expect(refusedBySlack(odd, new Headers(), false, hide)?.message).toBe("Slack refuses: bad: [redacted]: [redacted]");
  });
  test("Slack's own words cannot pretend to be more than a word", () => {
    const error = refusedBySlack({ ok: false, error: `x\x1b[2J${"y".repeat(500)}` }, new Headers(), false);
    expect(error?.message).not.toContain("\x1b");
    expect(error?.message.length).toBeLessThan(120);
  });
});
