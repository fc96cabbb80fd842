import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../../src/app.ts";
import { codes, type ErrorCode } from "../../src/core/errors.ts";
import { hashSecret } from "../../src/core/secret.ts";
import { google } from "../../src/oauth/google.ts";
import { createTokenKeeper } from "../../src/oauth/token-keeper.ts";
import type { Fault } from "../../src/sandbox/faults.ts";
import { createTestClient } from "../support/context.ts";
import { press } from "../support/google.ts";
import { callOf, owner } from "../support/home.ts";
import { ada, createLinked, expire, grace, link, member, tokensIn } from "../support/linked.ts";
import { partsOf } from "../support/token-worker.ts";
import { mailbox, tokenOf } from "../support/toy-mailbox.ts";
import { openRaw, refusalOf } from "../support/vaults.ts";

setDefaultTimeout(30_000);
let linked: Awaited<ReturnType<typeof createLinked>>;
let app: App;
let id: string;
let asked: number;
beforeEach(async () => {
  linked = await createLinked();
  app = await linked.open();
  id = await link(app);
  asked = linked.asked();
});
afterEach(() => linked[Symbol.asyncDispose]());

const open = (of: App = app, more: Parameters<typeof callOf>[2] = {}) => of.execute(callOf("mailbox", {}, more));
const opened = { ok: true, data: { email: ada } };
const since = (): number => linked.asked() - asked;
const secretsOfGoogle = (): number => {
  using raw = openRaw(linked.home.path);
  return raw.query<{ n: number }, []>("SELECT count(*) AS n FROM vault WHERE service = 'google'").get()?.n ?? -1;
};

describe("many calls, one renewal:", () => {
  test("fifty at once", async () => {
    await expire(app, id);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => open()));
    for (const outcome of outcomes) expect(outcome).toMatchObject(opened);
    expect(since()).toBe(1);
  });

  test("twenty whose token the service refuses, in two programs", async () => {
    const other = await linked.open();
    await press(linked.sandbox, ada, "expire");
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, at) => open(at % 2 ? app : other)));
    for (const outcome of outcomes) expect(outcome).toMatchObject(opened);
    expect(since()).toBe(1);
  });

  test("requests of one call that are refused one after another", async () => {
    const tokens: string[] = [];
    const patient = await linked.open({
      adapters: [
        mailbox(async (context) => {
          tokens.push(await tokenOf(context));
          for (let request = 0; request < 3; request++) tokens.push(await tokenOf(context, true));
          tokens.push(await tokenOf(context));
          return "done";
        }),
      ],
    });
    expect(await open(patient)).toMatchObject({ ok: true });
    expect(new Set(tokens.slice(1)).size).toBe(1);
    expect(tokens[0]).not.toBe(tokens[1]);
    expect(since()).toBe(1);
  });

  test("one who goes away does not end it for the others", async () => {
    await expire(app, id);
    app = await linked.open(linked.behindGate);
    const { reached, open: go } = linked.gate.hold();
    const away = new AbortController();
    const gone = open(app, { signal: away.signal });
    const others = Array.from({ length: 5 }, () => open());
    await reached;
    away.abort();
    go();
    for (const outcome of await Promise.all(others)) expect(outcome).toMatchObject(opened);
    expect(await gone).toMatchObject({ ok: false });
    expect(since()).toBe(1);
  });
});

describe("a grant that the provider ended", () => {
  test("wants a login, says why, and takes no other account with it", async () => {
    const other = await link(app, owner, { email: grace });
    await app.people.addUser(owner, { id: "mia" });
    await link(app, member("mia"), { email: grace });
    for (const each of [id, other]) await expire(app, each);
    await press(linked.sandbox, ada, "remove");
    const outcome = await open(app, { account: ada });
    expect(outcome).toMatchObject({
      ok: false,
      code: "auth_required",
      metadata: { reason: "ended", account: ada, causes: google.endings },
    });
    expect(codes[outcome.ok ? "internal" : (outcome.code as ErrorCode)].exit).toBe(3);
    expect(await app.accounts.list(owner.userId)).toMatchObject([
      { account: ada, status: "ended", reason: "Token has been expired or revoked." },
      { account: grace, status: "ok" },
    ]);
    expect(await open(app, { account: grace })).toMatchObject({ ok: true, data: { email: grace } });
    expect(await open(app, { caller: member("mia") })).toMatchObject({ ok: true, data: { email: grace } });
    const before = linked.asked();
    expect(await open(app, { account: ada })).toMatchObject({ code: "auth_required" });
    expect(linked.asked()).toBe(before);
  });

  test("is mended by a login, also by one that came in while its renewal was failing", async () => {
    await expire(app, id);
    await press(linked.sandbox, ada, "remove");
    app = await linked.open(linked.behindGate);
    const { reached, open: go } = linked.gate.hold();
    const failing = open();
    await reached;
    expect(await link(app)).toBe(id);
    go();
    expect(await failing).toMatchObject(opened);
    expect(await app.accounts.list(owner.userId)).toMatchObject([{ status: "ok" }]);
    expect(await open()).toMatchObject(opened);
  });
});

test("a renewal that ends after a login does not put its own tokens over it", async () => {
  await expire(app, id);
  app = await linked.open(linked.behindGate);
  const { reached, open: go } = linked.gate.hold();
  const renewing = open();
  await reached;
  await link(app);
  const fresh = await tokensIn(app, id);
  go();
  expect(await renewing).toMatchObject({ ok: true, data: { digest: hashSecret(fresh.accessToken) } });
  expect(await tokensIn(app, id)).toEqual(fresh);
});

test("a renewal that hangs is left at the end of the call's time, and serves the next one", async () => {
  await expire(app, id);
  app = await linked.open(linked.behindGate);
  const { reached, open: go } = linked.gate.hold();
  const late = open(app, { timeoutMs: 300 });
  await reached;
  expect(await late).toMatchObject({ ok: false, code: "timeout", message: "No answer within 0.3 s" });
  const next = open();
  go();
  expect(await next).toMatchObject(opened);
  expect(since()).toBe(1);
});

test("a caller that goes away is not held by a renewal", async () => {
  await expire(app, id);
  app = await linked.open(linked.behindGate);
  const { reached, open: go } = linked.gate.hold();
  const controller = new AbortController();
  const leaving = open(app, { signal: controller.signal });
  await reached;
  controller.abort();
  expect(await leaving).toMatchObject({ ok: false, code: "timeout", message: expect.stringContaining("went away") });
  go();
  expect(await open()).toMatchObject(opened);
  expect(since()).toBe(1);
});

test("a renewal that ends after a logout keeps nothing", async () => {
  await expire(app, id);
  app = await linked.open(linked.behindGate);
  const { reached, open: go } = linked.gate.hold("answer");
  const renewing = open();
  await reached;
  await app.accounts.unlink(owner, "google");
  go();
  expect(await renewing).toMatchObject({ ok: false, code: "auth_required" });
  expect(secretsOfGoogle()).toBe(0);
});

describe("a token endpoint in trouble does not end a login:", () => {
  const faults: [name: string, fault: Fault, code: ErrorCode][] = [
    ["500", { kind: "status", status: 500 }, "upstream_rejected"],
    ["429", { kind: "status", status: 429, retryAfter: 60 }, "rate_limited"],
    ["400 that is no invalid_grant", { kind: "status", status: 400 }, "upstream_rejected"],
    ["403", { kind: "status", status: 403 }, "upstream_rejected"],
    ["garbage", { kind: "garbage" }, "upstream_rejected"],
    ["half an answer", { kind: "truncated" }, "upstream_rejected"],
    ["nothing", { kind: "empty" }, "upstream_rejected"],
    ["a broken connection", { kind: "reset" }, "upstream_unavailable"],
  ];
  test("any of these", async () => {
    const suffer = async ([name, fault, code]: (typeof faults)[number]): Promise<void> => {
      await using house = await createLinked();
      const program = await house.open();
      await expire(program, await link(program));
      const before = house.asked();
      house.sandbox.fail("google-oauth", { ...fault, times: 3 });
      expect({ name, ...(await open(program)) }).toMatchObject({ name, ok: false, code });
      expect(await program.accounts.list(owner.userId)).toMatchObject([{ status: "ok" }]);
      const url = `${house.sandbox.baseUrls.GOOGLE_OAUTH_BASE_URL}/token`;
      while (house.asked() - before < 3) await fetch(url, { method: "POST" }).catch(() => undefined);
      expect(await open(program)).toMatchObject(opened);
    };
    await Promise.all(faults.map(suffer));
  });

  test("silence", async () => {
    await expire(app, id);
    linked.sandbox.fail("google-oauth", { kind: "timeout", times: 1 });
    const settings = linked.home.settings(linked.env);
    const [parts, patient] = [partsOf(settings), partsOf(settings)];
    const grant = await parts.grants.find(id);
    if (!grant) throw new Error("There is no grant");
    const hasty = createTokenKeeper({ ...parts, http: createTestClient({ deadlineMs: 150 }) });
    expect(await refusalOf(hasty.tokensFor(google, grant))).toMatchObject({ code: "timeout" });
    const { accessToken } = await createTokenKeeper(patient).tokensFor(google, grant);
    expect(await open()).toMatchObject({ ok: true, data: { digest: hashSecret(accessToken) } });
  });
});

test("a vault whose key is gone is no missing login", async () => {
  const keys = join(linked.home.path, "keys");
  for (const name of readdirSync(keys)) if (name.startsWith("vault-")) rmSync(join(keys, name));
  const fresh = await linked.open();
  const outcome = await open(fresh);
  expect(outcome).toMatchObject({ ok: false, code: "unavailable", message: expect.stringContaining("is missing") });
  expect(codes.unavailable.exit).toBe(1);
  expect(await fresh.accounts.list(owner.userId)).toMatchObject([{ account: ada, status: "ok" }]);
  expect(await fresh.accounts.check(owner.userId)).toMatchObject([{ problem: expect.stringContaining("is missing") }]);
});

describe("unlinking", () => {
  const statusAt = async (token: string): Promise<number> =>
    (
      await fetch(`${linked.sandbox.baseUrls.GOOGLE_API_BASE_URL}/oauth2/v3/userinfo`, {
        headers: { authorization: `Bearer ${token}` },
      })
    ).status;

  test("revokes, unless somebody else lives on the same account", async () => {
    await app.people.addUser(owner, { id: "mia" });
    const hers = await link(app, member("mia"));
    const { accessToken } = await tokensIn(app, hers, "mia");
    expect(await app.accounts.unlink(owner, "google")).toMatchObject([
      { account: ada, revoked: false, manage_url: google.manageUrl },
    ]);
    expect(linked.asked("/revoke")).toBe(0);
    expect(await open(app, { caller: member("mia") })).toMatchObject(opened);
    expect(await open()).toMatchObject({ code: "auth_required", metadata: { reason: "not_linked" } });
    expect(secretsOfGoogle()).toBe(1);

    await app.people.removeUser(owner, "mia", "mia");
    expect(linked.asked("/revoke")).toBe(1);
    expect(await statusAt(accessToken)).toBe(401);
    expect(secretsOfGoogle()).toBe(0);
  });

  test("one service leaves the grant, the last one revokes it", async () => {
    expect(await app.accounts.unlink(owner, "gmail")).toMatchObject([{ services: ["gmail"] }]);
    expect(linked.asked("/revoke")).toBe(0);
    expect(await open()).toMatchObject({ code: "auth_required" });
    expect(await app.accounts.unlink(owner, "google_calendar")).toMatchObject([{ revoked: true }]);
    expect(linked.asked("/revoke")).toBe(1);
  });

  test.each([
    ["the provider is down", (): void => linked.sandbox.fail("google-oauth", { kind: "status", status: 503 })],
    ["the vault does not open", (): void => rmSync(join(linked.home.path, "keys"), { recursive: true })],
  ])("goes on when %s, and says so", async (_name, spoil) => {
    const fresh = await linked.open();
    spoil();
    expect(await fresh.accounts.unlink(owner, "google")).toMatchObject([
      { revoked: false, manage_url: google.manageUrl },
    ]);
    expect(await fresh.accounts.list(owner.userId)).toEqual([]);
    expect(secretsOfGoogle()).toBe(0);
    const audit = await fresh.audit.page({ userId: owner.userId }, undefined, 1);
    expect(audit).toMatchObject([{ detail: `unlinked gmail, google_calendar of ${ada}` }]);
  });
});
