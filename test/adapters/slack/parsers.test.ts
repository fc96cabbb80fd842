import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseMessage, timeOf } from "../../../src/adapters/slack/messages.ts";
import { refusedBySlack } from "../../../src/adapters/slack/refusals.ts";
import { memberNamed } from "../../../src/adapters/slack/targets.ts";
import { escapeText, readText } from "../../../src/adapters/slack/text.ts";

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
  test.each([
    ["ada", "1"],
    ["BOB", "2"],
    ["eve", "3"],
    ["Bob X", "1"],
  ])("%s is %s: a handle counts before a shown name", (given, id) => {
    expect(memberNamed(people, given).id).toBe(id);
  });
  test.each([
    ["Eve X", "@eve or @eve2"],
    ["old", "nobody called"],
    ["", "nobody called"],
  ])("%j is not guessed", (given, says) => {
    expect(() => memberNamed(people, given)).toThrow(says);
  });
});

describe("refusals", () => {
  const rows: [json: Record<string, unknown>, code: string][] = [
    [{ error: "missing_scope", needed: "chat:write:bot" }, "auth_required"],
    [{ error: "not_allowed_token_type" }, "auth_required"],
    [{ error: "invalid_auth" }, "auth_required"],
    [{ error: "token_revoked" }, "auth_required"],
    [{ error: "channel_not_found" }, "not_found"],
    [{ error: "not_in_channel" }, "not_found"],
    [{ error: "user_not_found" }, "not_found"],
    [{ error: "is_archived" }, "conflict"],
    [{ error: "ratelimited" }, "rate_limited"],
    [{ error: "restricted_action" }, "forbidden"],
    [{ error: "fatal_error" }, "upstream_rejected"],
    [{}, "upstream_rejected"],
  ];
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
  test("Slack's own words cannot pretend to be more than a word", () => {
    const error = refusedBySlack({ ok: false, error: `x\x1b[2J${"y".repeat(500)}` }, new Headers(), false);
    expect(error?.message).not.toContain("\x1b");
    expect(error?.message.length).toBeLessThan(120);
  });
});
