import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/core/errors.ts";
import { createMapHealth, createTestClient } from "../support/context.ts";
import { createServe, failureOf, ok, status } from "../support/upstream.ts";

const serve = createServe();

describe("a pace", () => {
  test("is kept between requests, and by key", async () => {
    const http = createTestClient();
    const came: number[] = [];
    const { ask } = serve(() => {
      came.push(Date.now());
      return ok();
    });
    const paced = ask({ pace: { everyMs: 60 } });
    const asked = Date.now();
    await Promise.all([http.json(paced), http.json(paced), http.json(paced)]);
    for (const [turn, at] of came.sort((x, y) => x - y).entries()) expect(at - asked).toBeGreaterThanOrEqual(turn * 60);
    expect(await http.json(ask({ pace: { everyMs: 60, key: "another" }, deadlineMs: 50 }))).toMatchObject({
      status: 200,
    });
  });

  test("whose turn lies after the deadline is refused at once, and counts against nobody", async () => {
    const health = createMapHealth();
    const http = createTestClient({ health });
    const { ask, seen } = serve(ok);
    const paced = ask({ pace: { everyMs: 60_000 }, deadlineMs: 500 });
    await http.json(paced);
    const error = await failureOf(http.json(paced));
    expect(error).toMatchObject({
      code: "rate_limited",
      message: "P takes one request every 60 s, and others are waiting already",
      hint: expect.stringMatching(/^Try again in (59|60) s\.$/),
    });
    expect((error as AppError).retryAfterS).toBeWithin(59, 61);
    expect(seen).toHaveLength(1);
    expect(health.known.get("P")?.lastFailure).toBeUndefined();
  });

  test("a caller who goes away while it waits sends nothing", async () => {
    const http = createTestClient();
    const { ask, seen } = serve(ok);
    await http.json(ask({ pace: { everyMs: 5_000 } }));
    const controller = new AbortController();
    const gone = new Error("gone");
    const running = http.json(ask({ pace: { everyMs: 5_000 }, signal: controller.signal }));
    await Bun.sleep(1);
    controller.abort(gone);
    expect(await failureOf(running)).toBe(gone);
    expect(seen).toHaveLength(1);
  });

  test("each try takes a turn, and one that comes too late hides no reason", async () => {
    const http = createTestClient();
    const { ask, seen } = serve(status(500));
    const error = await failureOf(http.json(ask({ pace: { everyMs: 60_000 } })));
    expect(error).toMatchObject({ code: "upstream_rejected", message: "P answered 500" });
    expect(seen).toHaveLength(1);
  });
});

describe("a refusal in the provider's own words", () => {
  const refusal = (_status: number, json: unknown): AppError | undefined =>
    (json as { error?: string }).error ? new AppError("upstream_rejected", "P refused it") : undefined;

  test.each([[200], [400]])("with status %d is thrown, told, not tried again and not kept", async (code) => {
    const health = createMapHealth();
    const { ask, seen } = serve(() => Response.json({ error: "no" }, { status: code }));
    const asking = createTestClient({ health }).json(ask({ refusal, accept: (given) => given === 400, cache: 60 }));
    expect(await failureOf(asking)).toMatchObject({ code: "upstream_rejected", message: "P refused it" });
    expect(seen).toHaveLength(1);
    expect(health.known.get("P")).toMatchObject({ failures: 0, lastFailure: { reason: "P refused it" } });
  });

  test("an answer without one passes", async () => {
    const { ask } = serve(ok);
    expect(await createTestClient().json(ask({ refusal }))).toMatchObject({ status: 200 });
  });
});

describe("health that processes share", () => {
  test("a new client leaves alone whom another one found broken, and tries once after a while", async () => {
    const health = createMapHealth();
    let time = new Date("2026-03-10T12:00:00Z");
    const client = () => createTestClient({ health, now: () => time });
    const { ask, seen } = serve(...Array.from({ length: 5 }, () => status(500)), ok);
    const once = ask({ idempotent: false });
    for (let count = 0; count < 5; count++) await failureOf(client().json(once));
    expect(await failureOf(client().json(once))).toMatchObject({ code: "upstream_unavailable", retryAfterS: 30 });
    time = new Date(time.getTime() + 20_000);
    expect(await failureOf(client().json(once))).toMatchObject({ retryAfterS: 10, hint: "Try again in 10 s." });
    expect(seen).toHaveLength(5);
    time = new Date(time.getTime() + 10_000);
    expect(await client().json(once)).toMatchObject({ status: 200 });
    expect(health.known.get("P")).toMatchObject({ failures: 0, lastSuccessAt: time });
  });

  test("a trial whose caller goes away leaves the next one free to try", async () => {
    const health = createMapHealth();
    let time = new Date("2026-03-10T12:00:00Z");
    const http = createTestClient({ health, now: () => time });
    const { ask, seen } = serve(...Array.from({ length: 5 }, () => status(500)), ok);
    for (let count = 0; count < 5; count++) await failureOf(http.json(ask({ idempotent: false })));
    time = new Date(time.getTime() + 30_000);
    await http.json(ask({ pace: { everyMs: 60_000, key: "other" }, provider: "Q" }));
    const late = ask({ pace: { everyMs: 60_000, key: "other" } });
    expect(await failureOf(http.json(late))).toMatchObject({ code: "rate_limited" });
    expect(await http.json(ask())).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(7);
  });
});
