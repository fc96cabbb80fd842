import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { consentAt } from "../support/google.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const api = "/api/v1";
const execute = `${api}/mcp/tools/calendar_personal/execute`;
const clock = { now: new Date() };
let folder: string;
let google: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
let ada: string;

beforeEach(async () => {
  // Five to midnight in Oslo.
  clock.now = new Date("2030-03-12T22:55:00Z");
  folder = join(tmpdir(), `mcqueen-calendar-road-${crypto.randomUUID()}`);
  google = await startSandbox({ folder, now: () => clock.now });
  server = await bootServer({ now: () => clock.now, env: { ...google.baseUrls, RATE_LIMIT_MAX: "1000" } });
  ada = await logIn(server, "ada");
  await server.app.changeProfile({ ...owner, userId: "ada" }, { zone: "Europe/Oslo" });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await google.stop();
  rmSync(folder, { recursive: true, force: true });
});

const link = async (body: object = {}): Promise<void> => {
  const { login } = (await server.send({ path: `${api}/auth/services/google_calendar/login`, body, auth: ada })).json;
  const url = String(await consentAt(login.url));
  const done = await server.send({ path: `${api}/auth/logins/${login.id}/paste`, body: { url }, auth: ada });
  expect(done.json).toMatchObject({ login: { status: "done" } });
};
const call = async (action: string, given: object = {}, more: object = {}, headers: Record<string, string> = {}) =>
  (await server.send({ path: execute, auth: ada, body: { parameters: { action, ...given }, ...more }, headers })).json;
const tea = { event_title: "Tea", start_date: "tomorrow 15:00" };
const passMidnight = (): void => {
  clock.now = new Date("2030-03-12T23:02:00Z");
};

describe("the calendar over REST", () => {
  test("without a login it says which one is needed", async () => {
    expect(await call("get_events")).toMatchObject({
      success: false,
      error_code: "auth_required",
      hint: expect.stringContaining("mcqueen login google_calendar"),
      metadata: { requires_auth: "google_calendar" },
    });
  });

  test("reads, is asked, writes once for one key, and tells no token", async () => {
    await link();
    expect((await call("get_events", { query: "lunch" })).data.events).toMatchObject([{ title: "Lunch with Grace" }]);
    const asked = await call("create_event", tea);
    expect(asked).toMatchObject({
      error_code: "confirmation_required",
      metadata: {
        requires_confirmation: ["action", "event_title", "start_date"],
        confirmation_prompt: "Create the event “Tea” on Wednesday 13 March at 15:00?",
      },
    });
    const yes = { voice_confirmations: { action: true, event_title: "Tea", start_date: "tomorrow 15:00" } };
    const key = { "idempotency-key": "tea-1" };
    const made = await call("create_event", tea, yes, key);
    expect(made).toMatchObject({ success: true, data: { event: { start: "2030-03-13T15:00:00+01:00" } } });
    expect(made.data.event.id).toMatch(/^mcq/);
    expect((await call("create_event", tea, yes, key)).metadata.replayed).toBe(true);
    expect((await call("get_events", { query: "tea" })).data.events).toHaveLength(1);
    expect(JSON.stringify([asked, made])).not.toContain("ya29");
  });

  test("a login for reading alone does not write, and says what is missing", async () => {
    await link({ actions: ["get_events"] });
    expect((await call("get_events")).success).toBe(true);
    const yes = { voice_confirmations: { action: true, event_title: true, start_date: true } };
    expect(await call("create_event", tea, yes)).toMatchObject({
      error_code: "auth_required",
      metadata: { missing_scopes: ["https://www.googleapis.com/auth/calendar.events"] },
    });
  });

  test("words that nobody would understand are refused before anybody is asked", async () => {
    await link();
    expect(await call("create_event", { ...tea, start_date: "tomorrow at 3" })).toMatchObject({
      error_code: "invalid_parameters",
      error: expect.stringContaining("start_date leaves open"),
    });
  });

  test("a dry run says what was understood, asks Google nothing, and refuses what is not understood", async () => {
    const dry = await call("create_event", tea, { dry_run: true });
    expect(dry.data).toMatchObject({
      dry_run: true,
      prompt: "Create the event “Tea” on Wednesday 13 March at 15:00?",
    });
    const vague = await call("create_event", { ...tea, start_date: "tomorrow at 3" }, { dry_run: true });
    expect(vague.error_code).toBe("invalid_parameters");
    expect(google.requests).toEqual([]);
  });

  test("what was confirmed by its id means the day that it meant when it was asked", async () => {
    await link();
    const { metadata } = await call("create_event", tea);
    passMidnight();
    const yes = {
      confirmation_id: metadata.confirmation_id,
      voice_confirmations: { action: true, event_title: true, start_date: true },
    };
    const { json } = await server.send({ path: execute, auth: ada, body: { parameters: {}, ...yes } });
    expect(json.data.event.start).toBe("2030-03-13T15:00:00+01:00");
  });

  test("and so does what was approved", async () => {
    await link();
    await server.app.policy.set(
      { ...owner, userId: "ada" },
      { entrance: "rest", effect: "write", decision: "approve" },
    );
    const { metadata } = await call("create_event", tea);
    passMidnight();
    const terminal = { ...owner, userId: "ada", credentialId: "terminal", interactive: true };
    const outcome = await server.app.approvals.approve(terminal, metadata.approval_id);
    expect(outcome).toMatchObject({ ok: true, data: { event: { start: "2030-03-13T15:00:00+01:00" } } });
  });

  test("an access token that ended is renewed on the way", async () => {
    await link();
    clock.now = new Date(clock.now.getTime() + 2 * 3_600_000);
    expect((await call("get_events", { query: "lunch" })).success).toBe(true);
  });
});
