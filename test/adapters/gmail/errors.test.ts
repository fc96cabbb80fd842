import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { inspect } from "node:util";
import type { Connection } from "../../../src/core/connection.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { createContext, createTestClient, userAgent } from "../../support/context.ts";
import { gmail, press } from "../../support/google.ts";
import { ada, connectionWith, mail, openAccount, startMailSandbox } from "../../support/mailbox.ts";
import { createServe, failureOf, never, ok, reset } from "../../support/upstream.ts";

const serve = createServe();
const canary = "ya29.canary-token-that-must-not-leave";
let asked: boolean[] = [];
beforeEach(() => {
  asked = [];
});

const connection: Connection = connectionWith(async ({ renew = false } = {}) => {
  asked.push(renew);
  return canary;
});

const contextAt = (url: string, more: Partial<ToolContext> = {}): ToolContext =>
  createContext({ config: { GMAIL_BASE_URL: url }, connection, ...more });

const google = (status: number, reason: string, message = "Google's own words", more: object = {}) =>
  Response.json(
    { error: { code: status, message, errors: [{ message, domain: "global", reason }], ...more } },
    { status },
  );

const enable = "https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=1";

describe("refusals", () => {
  const rows: [name: string, answer: () => Response, expected: Record<string, unknown>][] = [
    [
      "API switched off",
      () => google(403, "accessNotConfigured", `Gmail API is disabled. Enable it by visiting ${enable} then retry.`),
      { code: "not_configured", hint: expect.stringContaining(enable), metadata: { enable_url: enable } },
    ],
    [
      "API switched off, with an address that is not Google's",
      () =>
        google(403, "accessNotConfigured", "Enable it by visiting https://console.developers.google.com.evil.net/x"),
      { code: "not_configured", hint: "Switch it on in the Google Cloud console." },
    ],
    [
      "narrow scopes",
      () => google(403, "insufficientPermissions", "Request had insufficient authentication scopes."),
      {
        code: "auth_required",
        hint: expect.stringContaining("Run: mcqueen login gmail"),
        metadata: { requires_auth: "gmail", reason: "missing_scopes" },
      },
    ],
    [
      "narrow scopes, in the newer form",
      () => google(403, "forbidden", "no", { details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] }),
      { code: "auth_required", metadata: { requires_auth: "gmail" } },
    ],
    ["rate limit", () => google(403, "rateLimitExceeded"), { code: "rate_limited", retryAfterS: 60 }],
    ["rate limit of the user", () => google(403, "userRateLimitExceeded"), { code: "rate_limited", retryAfterS: 60 }],
    ["limit of the day", () => google(403, "dailyLimitExceeded"), { code: "rate_limited", retryAfterS: 3_600 }],
    [
      "429 with its wait",
      () => new Response("{}", { status: 429, headers: { "retry-after": "77" } }),
      { code: "rate_limited", retryAfterS: 77 },
    ],
    ["404", () => google(404, "notFound"), { code: "not_found" }],
    [
      "400",
      () => google(400, "invalidArgument", `\x1b[31mBad\u202e ${"x".repeat(400)}`),
      { code: "upstream_rejected", message: `Gmail answered 400: [31mBad  ${"x".repeat(190)}…` },
    ],
    [
      "400 without words",
      () => new Response("{}", { status: 400 }),
      { code: "upstream_rejected", message: "Gmail answered 400: it gave no reason" },
    ],
    ["500", () => google(500, "backendError"), { code: "upstream_rejected" }],
    ["a page", () => new Response("<html>", { status: 200 }), { code: "upstream_rejected" }],
    ["a list where an object belongs", () => Response.json([]), { code: "upstream_rejected" }],
    ["null", () => Response.json(null), { code: "upstream_rejected" }],
  ];
  test.each(rows)("%s", async (_name, answer, expected) => {
    const server = serve(answer);
    const failure = await failureOf(mail("read", { message_id: "1a" }, contextAt(server.url)));
    expect(failure).toMatchObject(expected);
    expect(failure).toMatchObject({ name: "AppError", metadata: { provider: "Gmail" } });
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(canary);
  });

  test("a refused token is renewed once, and the call tried once more", async () => {
    const server = serve(
      () => google(401, "authError"),
      () => Response.json({ id: "1a", threadId: "1a" }),
    );
    expect(await mail("read", { message_id: "1a" }, contextAt(server.url))).toMatchObject({ id: "1a" });
    expect(asked).toEqual([false, true]);
  });

  test("a token that is refused after that needs a login", async () => {
    const server = serve(() => google(401, "authError"));
    const failure = await failureOf(mail("send", { to: ["a@x.org"], subject: "x", body: "x" }, contextAt(server.url)));
    expect(failure).toMatchObject({ code: "auth_required", metadata: { requires_auth: "gmail" } });
    expect([asked, server.seen.length]).toEqual([[false, true], 2]);
  });

  test("without an account there is no request", async () => {
    const server = serve(ok);
    const { connection: _none, ...context } = contextAt(server.url);
    expect(await failureOf(mail("search", {}, context))).toMatchObject({ code: "auth_required" });
    expect(server.seen).toHaveLength(0);
  });
});

describe("the way there", () => {
  test("a broken connection", async () => {
    const failure = await failureOf(mail("search", {}, contextAt(serve(reset).url)));
    expect(failure).toMatchObject({ code: "upstream_unavailable" });
  });

  test("no connection", async () => {
    const server = serve(ok);
    await server.stop();
    expect(await failureOf(mail("search", {}, contextAt(server.url)))).toMatchObject({ code: "upstream_unavailable" });
  });

  test("a deadline", async () => {
    const http = createTestClient({ deadlineMs: 20 });
    expect(await failureOf(mail("search", {}, contextAt(serve(never).url, { http })))).toMatchObject({
      code: "timeout",
    });
  });

  test("a caller that goes away", async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const server = serve((request) => {
      request.signal.addEventListener("abort", () => leave());
      resolve();
      return never();
    });
    const controller = new AbortController();
    const running = failureOf(mail("search", {}, contextAt(server.url, { signal: controller.signal })));
    await arrived;
    const reason = new Error("gone");
    controller.abort(reason);
    expect(await running).toBe(reason);
    await left;
  });

  test("more than anybody asked for is not read to its end", async () => {
    const endless = () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(32)) }));
    const failure = await failureOf(mail("search", {}, contextAt(serve(endless).url)));
    expect(failure).toMatchObject({ code: "upstream_rejected", message: "Gmail sent more than 10 MiB" });
  });

  test("the base URL may have a path, and every request bears the token and our name", async () => {
    const seen: { url: URL; agent: string | null; token: string | null }[] = [];
    const server = serve(({ url, headers }) => {
      seen.push({ url: new URL(url), agent: headers.get("user-agent"), token: headers.get("authorization") });
      return Response.json({});
    });
    await mail("search", { query: "a b&c" }, contextAt(`${server.url}some/prefix/`));
    expect(seen).toMatchObject([{ agent: userAgent, token: `Bearer ${canary}` }]);
    expect(seen[0]?.url.pathname).toBe("/some/prefix/gmail/v1/users/me/messages");
    expect(seen[0]?.url.searchParams.get("q")).toBe("a b&c");
  });

  test("an id cannot leave its place in the path", async () => {
    const seen: URL[] = [];
    const server = serve(({ url }) => {
      seen.push(new URL(url));
      return Response.json({});
    });
    for (const id of ["../labels", "..", "a/b", "a?b=c"]) {
      await failureOf(mail("read", { message_id: id }, contextAt(server.url)));
    }
    expect(seen.filter(({ pathname }) => !/^\/gmail\/v1\/users\/me\/messages\/[^/]+$/.test(pathname))).toEqual([]);
    expect(seen.filter(({ search }) => search !== "?format=full")).toEqual([]);
  });
});

describe("at the stand-in", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startMailSandbox();
  });
  afterEach(() => sandbox.stop());

  test("sending alone does not open the mailbox", async () => {
    const narrow = await openAccount(sandbox, "alan.turing@example.com", [gmail("send")]);
    expect(await failureOf(mail("search", {}, narrow))).toMatchObject({ code: "auth_required" });
  });

  test("an account that was taken away", async () => {
    const context = await openAccount(sandbox, ada);
    await press(sandbox, ada, "remove");
    expect(await failureOf(mail("search", {}, context))).toMatchObject({
      code: "auth_required",
      message: "Authentication required for service gmail",
      hint: expect.stringMatching(
        /^The login of ada\.lovelace@example\.com has ended[\s\S]*\nRun: mcqueen login gmail --account ada\.lovelace@example\.com$/,
      ),
    });
  });

  test.each([
    [403, "rate_limited"],
    [429, "rate_limited"],
    [503, "upstream_rejected"],
  ])("told to answer %d", async (status, code) => {
    const context = await openAccount(sandbox, ada);
    sandbox.fail("gmail", { kind: "status", status });
    expect(await failureOf(mail("search", {}, context))).toMatchObject({ code });
  });
});
