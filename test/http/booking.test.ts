import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const now = new Date("2026-11-20T12:00:00Z");
const path = "/api/v1/mcp/tools/book_restaurant_public/execute";
const wish = { restaurant_name: "Trattoria Bella", date: "2026-12-04", time: "19:30", party_size: 4 };
const venues = { "Trattoria Bella": { event_type_id: 410_001, time_zone: "Europe/Berlin" } };
const guest = { name: "Ada Lovelace", email: "ada@example.org" };
let folder: string;
let sandbox: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-booking-road-"));
  sandbox = await startSandbox({ folder, now: () => now });
  server = await bootServer({ now: () => now, env: sandbox.baseUrls });
  await server.app.changeProfile(owner, { guest });
  await server.send({
    path: "/api/v1/mcp/tools/book_restaurant_public/config",
    method: "PUT",
    body: { custom_settings: { venues } },
  });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const call = async (parameters: object = wish, key = "dinner", auth?: string) =>
  (
    await server.send({
      path,
      body: { parameters, voice_confirmations: parameters },
      headers: { "idempotency-key": key },
      ...(auth ? { auth } : {}),
    })
  ).json;
const posted = () => sandbox.requests.filter(({ upstream, method }) => upstream === "cal-com" && method === "POST");
/** Spoils the answer of the booking itself, after the look for free tables. */
const loseAnswer = (): void => {
  sandbox.fail("cal-com", { kind: "slow", ms: 0, times: 1 });
  sandbox.fail("cal-com", { kind: "truncated", times: 1 });
};

describe("one key books once", () => {
  test("when the same call comes again, one after the other and ten at once", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => call()));
    const done = answers.filter(({ success }) => success);
    expect(done.length).toBeGreaterThan(0);
    for (const answer of answers) if (!answer.success) expect(answer.error_code).toBe("conflict");
    expect((await call()).data).toEqual(done[0].data);
    expect(posted()).toHaveLength(1);
  });

  test("when Cal.com booked and its answer was lost on the way", async () => {
    loseAnswer();
    const first = await call();
    expect([first.success, first.error_code]).toEqual([false, "upstream_rejected"]);
    expect(first.error).toContain("not known whether the table is booked");
    const again = await call();
    expect(again).toMatchObject({ success: false, error: first.error, metadata: { replayed: true } });
    expect(posted()).toHaveLength(1);
    const kept = await call({ action: "list" }, "look");
    expect(kept.data.bookings).toMatchObject([{ status: "pending", booking_id: first.metadata.booking_id }]);
  });

  test("when the caller went away before our answer, and asks again", async () => {
    sandbox.fail("cal-com", { kind: "slow", ms: 150, times: 2 });
    const leaving = new AbortController();
    const body = JSON.stringify({ parameters: wish, voice_confirmations: wish });
    const headers = {
      "content-type": "application/json",
      "idempotency-key": "dinner",
      authorization: `Bearer ${server.app.localToken()}`,
    };
    const lost = fetch(server.origin + path, { method: "POST", body, headers, signal: leaving.signal }).catch(String);
    while (posted().length === 0) await Bun.sleep(2);
    leaving.abort();
    expect(await lost).toContain("Abort");
    let again = await call();
    for (let tries = 0; tries < 200 && /still running/.test(again.error ?? ""); tries++) {
      await Bun.sleep(10);
      again = await call();
    }
    expect(again.metadata.replayed).toBe(true);
    expect(posted()).toHaveLength(1);
  });

  test("and never serves another wish, or another person", async () => {
    const first = await call();
    expect(first.data.status).toBe("confirmed");
    expect(await call({ ...wish, party_size: 2 })).toMatchObject({
      success: false,
      error_code: "conflict",
      error: expect.stringContaining("belongs to a call with other parameters"),
    });
    const mia = await logIn(server, "mia");
    const hers = await call(wish, "dinner", mia);
    expect(hers.metadata?.replayed).toBeUndefined();
    expect(JSON.stringify(hers)).not.toContain(first.data.confirmation_number);
    expect(await call({ action: "show", booking_id: first.data.booking_id }, "peek", mia)).toMatchObject({
      success: false,
      error_code: "not_found",
    });
    expect(posted()).toHaveLength(1);
  });
});
