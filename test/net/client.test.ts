import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/core/errors.ts";
import { createTestClient, userAgent } from "../support/context.ts";
import { createServe, failureOf, never, ok, reset, status } from "../support/upstream.ts";

const serve = createServe();

describe("tries", () => {
  const mended: [what: string, first: () => Response][] = [
    ["500", status(500)],
    ["503 with Retry-After", status(503, { "retry-after": "0" })],
    ["429", status(429)],
    ["a reset", reset],
    ["garbage", () => new Response("<html>")],
    ["an empty body", () => new Response("")],
  ];
  test.each(mended)("%s is tried again", async (_what, first) => {
    const { ask, seen } = serve(first, ok);
    expect(await createTestClient().json(ask())).toMatchObject({ status: 200, json: { fine: true }, cached: false });
    expect(seen).toHaveLength(2);
  });

  test("there are three at most", async () => {
    const { ask, seen } = serve(status(500));
    expect(await failureOf(createTestClient().json(ask()))).toMatchObject({
      code: "upstream_rejected",
      message: "P answered 500",
      metadata: { provider: "P", upstream_status: 500 },
    });
    expect(seen).toHaveLength(3);
  });

  test.each([[400], [401], [403], [404], [422]])("%d is final", async (code) => {
    const { ask, seen } = serve(status(code));
    expect(await failureOf(createTestClient().json(ask()))).toMatchObject({ code: "upstream_rejected" });
    expect(seen).toHaveLength(1);
  });

  const once: [what: string, answer: () => Response][] = [
    ["500", status(500)],
    ["429", status(429)],
    ["a reset", reset],
    ["garbage", () => new Response("<html>")],
  ];
  test.each(once)("a POST that meets %s is not sent twice", async (_what, answer) => {
    const { ask, seen } = serve(answer, ok);
    expect(await failureOf(createTestClient().json(ask({ method: "POST", body: { a: 1 } })))).toBeInstanceOf(AppError);
    expect(seen).toHaveLength(1);
  });

  test("a POST that says it is harmless is sent again", async () => {
    const { ask, seen } = serve(status(500), ok);
    await createTestClient().json(ask({ method: "POST", body: { a: 1 }, idempotent: true }));
    expect(seen).toHaveLength(2);
  });

  test("an accepted status is handed over unread", async () => {
    const { ask, seen } = serve(() => Response.json({ reason: "no" }, { status: 400 }));
    const answer = await createTestClient().json(ask({ accept: (code) => code === 400 }));
    expect(answer).toMatchObject({ status: 400, json: { reason: "no" } });
    expect(seen).toHaveLength(1);
  });
});

describe("Retry-After", () => {
  test("that outlasts the deadline is told and not waited for", async () => {
    const { ask, seen } = serve(status(429, { "retry-after": "120" }));
    const error = await failureOf(createTestClient().json(ask()));
    expect(error).toMatchObject({ code: "rate_limited", retryAfterS: 120, metadata: { retry_after: 120 } });
    expect(seen).toHaveLength(1);
  });

  test("may be a date", async () => {
    const now = () => new Date("2026-03-10T12:00:00Z");
    const { ask } = serve(status(429, { "retry-after": "Tue, 10 Mar 2026 12:01:30 GMT" }));
    expect(await failureOf(createTestClient({ now }).json(ask()))).toMatchObject({ retryAfterS: 90 });
  });

  test("is waited for when there is time", async () => {
    let isOpen = false;
    setTimeout(() => {
      isOpen = true;
    }, 900);
    const tooEarly = status(429, { "retry-after": "1" });
    const { ask, seen } = serve(() => (isOpen ? ok() : tooEarly()));
    expect(await createTestClient().json(ask())).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(2);
  });
});

describe("what is read", () => {
  const large = "x".repeat(11 * 1024 * 1024);

  test("a body over 10 MiB is refused", async () => {
    const { ask, seen } = serve(() => new Response(JSON.stringify(large)));
    expect(await failureOf(createTestClient().json(ask()))).toMatchObject({
      code: "upstream_rejected",
      message: "P sent more than 10 MiB",
    });
    expect(seen).toHaveLength(1);
  });

  test("a small body that unpacks to more is refused too", async () => {
    const packed = Bun.gzipSync(new Uint8Array(64 * 1024 * 1024));
    expect(packed.length).toBeLessThan(1024 * 1024);
    const { ask } = serve(() => new Response(packed, { headers: { "content-encoding": "gzip" } }));
    expect(await failureOf(createTestClient().json(ask()))).toMatchObject({ code: "upstream_rejected" });
  });

  test("garbage is a failure that shows nothing of it", async () => {
    const { ask } = serve(() => new Response("<secret>"));
    const error = await failureOf(createTestClient().json(ask()));
    expect(error).toMatchObject({ code: "upstream_rejected", message: "P answered something that is not JSON" });
    expect(JSON.stringify(error)).not.toContain("secret");
  });

  test("an empty body is an answer where it may be, and a refusal sees the headers", async () => {
    const { ask } = serve(() => new Response("", { status: 201, headers: { "x-id": "7" } }));
    const answer = await createTestClient().json(ask({ method: "POST", body: {}, mayBeEmpty: true }));
    expect([answer.status, answer.json, answer.headers.get("x-id")]).toEqual([201, undefined, "7"]);
    const refusal = (_status: number, _json: unknown, headers: Headers) =>
      new AppError("rate_limited", `Come back in ${headers.get("x-id")}`);
    const refused = createTestClient().json(ask({ method: "POST", body: {}, mayBeEmpty: true, refusal }));
    expect(await failureOf(refused)).toMatchObject({ code: "rate_limited", message: "Come back in 7" });
  });

  test("a redirect is not followed", async () => {
    const { ask: askOther, seen: reached, url } = serve(ok);
    await createTestClient().json(askOther());
    const { ask } = serve(() => Response.redirect(url, 302));
    const error = await failureOf(createTestClient().json(ask({ headers: { authorization: "Bearer x" } })));
    expect(error).toMatchObject({ message: "P cannot be reached: it answered with a redirect" });
    expect(reached).toHaveLength(1);
  });
});

describe("what is sent", () => {
  test("says who asks, takes the query and the body", async () => {
    let body: unknown;
    const { ask, seen } = serve(async (request) => {
      body = await request.json();
      return ok();
    });
    await createTestClient().json(
      ask({ method: "POST", query: { a: "ü&b", n: 1, gone: undefined }, body: { x: [1] }, headers: { "x-key": "k" } }),
    );
    const [request] = seen;
    expect(request?.headers.get("user-agent")).toBe(userAgent);
    expect(request?.headers.get("accept")).toBe("application/json");
    expect(request?.headers.get("x-key")).toBe("k");
    expect(Object.fromEntries(new URL(request?.url ?? "").searchParams)).toEqual({ a: "ü&b", n: "1" });
    expect(body).toEqual({ x: [1] });
  });
});

describe("time and people", () => {
  test("a deadline ends a wait with a sentence", async () => {
    const { ask } = serve(never);
    expect(await failureOf(createTestClient().json(ask({ deadlineMs: 50 })))).toMatchObject({
      code: "timeout",
      message: "P did not answer within 0.05 s",
    });
  });

  test("the deadline is one for all tries", async () => {
    const { ask, seen } = serve(status(500), never);
    expect(await failureOf(createTestClient().json(ask({ deadlineMs: 80 })))).toMatchObject({ code: "timeout" });
    expect(seen).toHaveLength(2);
  });

  test("a caller who goes away gets their own reason, and nothing is tried again", async () => {
    const { ask, seen } = serve(never);
    const controller = new AbortController();
    const reason = new Error("gone");
    const running = createTestClient().json(ask({ signal: controller.signal }));
    while (seen.length === 0) await Bun.sleep(1);
    controller.abort(reason);
    expect(await failureOf(running)).toBe(reason);
    expect(seen).toHaveLength(1);
  });

  test("a caller who is gone already sends nothing", async () => {
    const { ask, seen } = serve(ok);
    const reason = new Error("gone");
    expect(await failureOf(createTestClient().json(ask({ signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(seen).toHaveLength(0);
  });

  test("an address where nobody listens is unavailable", async () => {
    const { ask, stop } = serve(ok);
    await stop();
    expect(await failureOf(createTestClient().json(ask()))).toMatchObject({
      code: "upstream_unavailable",
      message: expect.stringContaining("P cannot be reached"),
    });
  });
});
