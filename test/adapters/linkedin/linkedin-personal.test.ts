import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { linkedin } from "../../../src/adapters/linkedin/adapter.ts";
import { refusedByLinkedin } from "../../../src/adapters/linkedin/api.ts";
import { toLittleText } from "../../../src/adapters/linkedin/little-text.ts";
import { parseProfile } from "../../../src/adapters/linkedin/profile.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import {
  connectionWith,
  createRunner,
  failureOf,
  linkedinScopes,
  linkedinToken,
  startOwnSandbox,
} from "../../support/messaging.ts";

let now = new Date("2026-11-24T12:00:00Z");
let sandbox: Sandbox;
let run: ReturnType<typeof createRunner>["run"];
beforeEach(async () => {
  now = new Date("2026-11-24T12:00:00Z");
  sandbox = await startOwnSandbox(() => now);
  ({ run } = createRunner(linkedin, sandbox, await linkedinToken(sandbox, linkedinScopes)));
});
afterEach(() => sandbox.stop());

const schemaOf = (action: string) =>
  linkedin.tools[0]?.actions.find(({ id }) => id === action)?.output ?? ({} as never);
const feed = async () => (await fetch(`${sandbox.baseUrls.LINKEDIN_OAUTH_BASE_URL}/feed/`)).text();

describe("profile", () => {
  test("is the member's own", async () => {
    const { data, metadata } = await run("profile");
    expect(Value.Check(schemaOf("profile"), data)).toBe(true);
    expect(data.profile).toMatchObject({
      id: "adaL0vel4c",
      name: "Ada Lovelace",
      email: "ada.lovelace@example.com",
      locale: "en-GB",
    });
    expect(metadata.provider).toBe("LinkedIn");
  });

  const locales: [locale: unknown, read: string | undefined][] = [
    ["en-US", "en-US"],
    ["en_US", "en-US"],
    [{ country: "DE", language: "de" }, "de-DE"],
    [{ language: "de" }, "de"],
    [{}, undefined],
    [5, undefined],
  ];
  test.each(locales)("the locale %j is %s", (locale, read) => {
    expect(parseProfile({ sub: "x", given_name: "Ada", locale })).toMatchObject({ id: "x", name: "Ada" });
    expect(parseProfile({ sub: "x", locale }).locale).toBe(read as never);
  });
  test.each([[undefined], [{}], [[]], [{ name: "x" }]])("%j is no profile", (json) =>
    expect(() => parseProfile(json)).toThrow("not understood"),
  );
});

describe("post", () => {
  test("is published as it was meant, and says where it is", async () => {
    const text = "Hiring (really)! C_sharp, a*b & <b> [x] {y} ~z @ada #jobs # 1 \\ done";
    const { data } = await run("post", { text, visibility: "CONNECTIONS" });
    expect(Value.Check(schemaOf("post"), data)).toBe(true);
    expect([data.visibility, String(data.post_id)]).toEqual([
      "CONNECTIONS",
      expect.stringMatching(/^urn:li:share:\d+$/),
    ]);
    expect(data.url).toBe(`https://www.linkedin.com/feed/update/${data.post_id}/`);
    expect(await feed()).toContain(Bun.escapeHTML(text));
    expect(sandbox.requests.at(-2)).toMatchObject({
      path: "/rest/posts",
      headers: { "linkedin-version": "202610", "x-restli-protocol-version": "2.0.0" },
    });
  });

  test("with a link, whose title is its host unless told", async () => {
    await run("post", { text: "Read this", url: "https://www.example.com/a?b=1" });
    await run("post", { text: "And this", url: "https://example.com/c", url_title: "The third" });
    const shown = await feed();
    for (const part of ["→ example.com: <code>https://www.example.com/a?b=1</code>", "→ The third:"])
      expect(shown).toContain(part);
  });

  test("the same again is a conflict, and names the first", async () => {
    const { data } = await run("post", { text: "Once" });
    const error = await failureOf(run("post", { text: "Once" }));
    expect(error).toMatchObject({ code: "conflict", metadata: { post_id: data.post_id } });
    expect(error.hint).toContain(String(data.url));
  });

  test.each([
    [{ text: "  " }, "must not be empty"],
    [{ text: "x", url_title: "y" }, "url_title belongs"],
    [{ text: "x", url: "javascript:alert(1)" }, "Parameter url"],
    [{ text: "x", visibility: "FRIENDS" }, "Parameter visibility"],
    [{ text: "x".repeat(3_001) }, "at most 3000"],
  ])("%j is refused", async (given, says) => {
    const error = await failureOf(run("post", given));
    expect([error.code, error.message]).toEqual(["invalid_parameters", expect.stringContaining(says)]);
    expect(sandbox.requests.filter(({ path }) => path === "/rest/posts")).toEqual([]);
  });

  test("goes out once, also when the answer is lost", async () => {
    await run("profile");
    sandbox.fail("linkedin-api", { kind: "slow", ms: 0, times: 1 });
    sandbox.fail("linkedin-api", { kind: "reset" });
    expect((await failureOf(run("post", { text: "x" }))).code).toBe("upstream_unavailable");
    expect(sandbox.requests.filter(({ path }) => path === "/rest/posts")).toHaveLength(1);
  });

  test("an answer without the post's id is not taken for a success", async () => {
    sandbox.fail("linkedin-api", { kind: "slow", ms: 0, times: 1 });
    sandbox.fail("linkedin-api", { kind: "empty" });
    expect((await failureOf(run("post", { text: "x" }))).code).toBe("upstream_rejected");
  });
});

describe("what LinkedIn refuses", () => {
  test("a token after its 60 days, a revoked one and a strange one: a login", async () => {
    now = new Date("2027-02-01T12:00:00Z");
    expect((await failureOf(run("profile"))).code).toBe("auth_required");
    const strange = await failureOf(run("profile", {}, { connection: connectionWith("AQXstrange") }));
    expect([strange.code, JSON.stringify(strange).includes("AQXstrange")]).toEqual(["auth_required", false]);
  });

  test("a permission that is missing is named", async () => {
    const few = createRunner(linkedin, sandbox, await linkedinToken(sandbox, ["openid", "profile"]));
    expect(await failureOf(few.run("post", { text: "x" }))).toMatchObject({
      code: "auth_required",
      metadata: { missing_scopes: ["w_member_social"], linkedin_code: "ACCESS_DENIED" },
    });
  });

  test("a version that has been retired: the setting", async () => {
    const config = { ...sandbox.baseUrls, LINKEDIN_VERSION: "202402" };
    const error = await failureOf(run("post", { text: "x" }, { config }));
    expect([error.code, error.hint]).toEqual([
      "not_configured",
      expect.stringContaining("mcqueen settings set LINKEDIN_VERSION"),
    ]);
  });

  test("too often: when to come back", async () => {
    sandbox.fail("linkedin-api", { kind: "status", status: 429, retryAfter: 3_600, times: 1 });
    expect(await failureOf(run("profile"))).toMatchObject({ code: "rate_limited", retryAfterS: 3_600 });
  });

  test.each([
    [400, { message: "x\x1b", errorDetails: { inputErrors: [{ code: "PARAM_INVALID" }] } }, "upstream_rejected"],
    [422, { errorDetails: { inputErrors: [{ code: "DUPLICATE_POST" }] } }, "conflict"],
    [404, undefined, "upstream_rejected"],
  ])("%i %j: %s", (status, json, code) => {
    const error = refusedByLinkedin(status, json, {
      ...{ scope: "openid", account: "default", version: "202610" },
      withhold: (said) => said,
    });
    expect([error.code, error.message.includes("\x1b")]).toEqual([code as never, false]);
  });
});

test("any text is escaped so that nothing of it is lost", () => {
  const plain = (text: string) => text.replace(/\\(.)/gsu, "$1");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const little = toLittleText(text);
      expect(plain(little)).toBe(text.toWellFormed());
      expect(little.replace(/\\./gsu, "")).not.toMatch(/[|{}@[\]()<>*_~\\]/);
    }),
    { numRuns: 200 },
  );
  expect(toLittleText("#jobs # x")).toBe("#jobs \\# x");
});
