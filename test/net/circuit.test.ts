import { describe, expect, test } from "bun:test";
import { createTestClient } from "../support/context.ts";
import { createServe, failureOf, never, ok, status } from "../support/upstream.ts";

const serve = createServe();

describe("the circuit", () => {
  const once = { idempotent: false };

  test("opens after five failures in a row, for this provider only", async () => {
    const http = createTestClient();
    const { ask, seen } = serve(status(500));
    for (let count = 0; count < 5; count++) await failureOf(http.json(ask(once)));
    expect(await failureOf(http.json(ask(once)))).toMatchObject({ code: "upstream_unavailable", retryAfterS: 30 });
    expect(seen).toHaveLength(5);
    const other = serve(ok);
    expect(await http.json(other.ask({ provider: "Q" }))).toMatchObject({ status: 200 });
  });

  test("counts deadlines too", async () => {
    const http = createTestClient();
    const { ask, seen } = serve(never);
    for (let count = 0; count < 5; count++) await failureOf(http.json(ask({ deadlineMs: 20 })));
    // The answer to the caller does not wait until the broken request has been counted.
    await Bun.sleep(10);
    expect(await failureOf(http.json(ask({ deadlineMs: 20 })))).toMatchObject({ code: "upstream_unavailable" });
    expect(seen).toHaveLength(5);
  });

  test("stays closed for refusals and for callers who go away", async () => {
    const http = createTestClient();
    const { ask, seen } = serve(status(404));
    for (let count = 0; count < 8; count++) await failureOf(http.json(ask()));
    for (let count = 0; count < 8; count++) await failureOf(http.json(ask({ signal: AbortSignal.abort() })));
    expect(await failureOf(http.json(ask()))).toMatchObject({ code: "upstream_rejected" });
    expect(seen).toHaveLength(9);
  });

  test("lets one through after a while: a success closes it, a failure opens it again", async () => {
    const http = createTestClient({ halfOpenAfterMs: 20 });
    const failures = Array.from({ length: 6 }, () => status(500));
    const { ask, seen } = serve(...failures, ok);
    for (let count = 0; count < 5; count++) await failureOf(http.json(ask(once)));
    await Bun.sleep(30);
    expect(await failureOf(http.json(ask(once)))).toMatchObject({ code: "upstream_rejected" });
    expect(await failureOf(http.json(ask(once)))).toMatchObject({ code: "upstream_unavailable" });
    expect(seen).toHaveLength(6);
    await Bun.sleep(30);
    expect(await http.json(ask(once))).toMatchObject({ status: 200 });
    expect(await http.json(ask(once))).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(8);
  });
});
