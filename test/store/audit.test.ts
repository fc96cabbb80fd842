import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { auditMark, forAudit } from "../../src/core/audit.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { createLetters, echo, refusing, toyAdapter } from "../support/toys.ts";

const yes = { confirmations: { action: true, to: true } };

async function boot(now?: () => Date) {
  return bootApp({
    adapters: [toyAdapter(echo, createLetters().tool, refusing("upstream_rejected", "they said no"))],
    ...(now ? { now } : {}),
  });
}

describe("the audit", () => {
  test("holds every execution: who, by which door, what, how it ended; a write's intent comes first", async () => {
    await using app = await boot();
    await app.execute(callOf("echo", { text: "hi" }));
    await app.execute(callOf("letters", { action: "send", to: "Ada" }, yes));
    await app.execute(callOf("letters", { action: "send", to: "Ada" }));
    await app.execute(callOf("probe"));
    await app.execute(callOf("echo", { nonsense: "canary" }));
    await Bun.sleep(120);
    const rows = (await app.audit.page({ userId: "owner" }, undefined, 50)).map(
      ({ kind, toolId, code, parameters, intent }) => [kind, toolId, code, parameters, intent],
    );
    const sorted = rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted).toEqual(
      [
        ["intent", "letters", "pending", { to: "Ada" }, undefined],
        ["run", "letters", "ok", { to: "Ada" }, 1],
        ["run", "echo", "ok", { text: "hi", times: 1 }, undefined],
        ["run", "letters", "confirmation_required", { to: "Ada" }, undefined],
        ["run", "probe", "upstream_rejected", {}, undefined],
        ["run", "echo", "invalid_parameters", undefined, undefined],
      ]
        .map((row) => JSON.stringify(row))
        .sort(),
    );
    expect(rows.findLastIndex(([kind]) => kind === "intent")).toBe(rows.length - 1);
  });

  test("holds every change of config, profile, user, login, session, token and policy, without their secrets", async () => {
    await using app = await boot();
    await app.changeConfig(owner, "echo", { priority: 2 });
    await app.changeProfile(owner, { units: "metric" });
    await app.people.addUser(owner, { id: "ada" });
    await app.people.changeUser(owner, "ada", { role: "admin" });
    const { token } = await app.people.loginToken(owner, "ada", {});
    const { secret } = await app.people.logIn({ user_id: "ada", auth_token: token });
    await app.people.logOut({ ...owner, userId: "ada" }, secret);
    const made = await app.people.createToken(owner, { name: "bot" });
    await app.people.revokeToken(owner, made.token.id);
    await app.policy.set(owner, { entrance: "rest", effect: "write", decision: "deny" });
    const rows = await app.audit.page({}, undefined, 50);
    expect(rows.map(({ kind }) => kind).reverse()).toEqual([
      "config",
      "profile",
      "user",
      "user",
      "login",
      "login",
      "session",
      "token",
      "token",
      "policy",
    ]);
    const text = JSON.stringify(rows);
    for (const canary of [token, secret, made.secret]) expect(text).not.toContain(canary);
    expect(await app.audit.verify()).toMatchObject({ ok: true, rows: 10 });
  });

  test("keeps of a marked parameter only what the mark allows", () => {
    const schema = Type.Object({
      to: Type.String(),
      body: Type.String({ [auditMark]: "length" }),
      pin: Type.String({ [auditMark]: "hide" }),
      guest: Type.Object({ name: Type.String(), card: Type.String({ [auditMark]: "hide" }) }),
      files: Type.Array(Type.Object({ name: Type.String(), data: Type.String({ [auditMark]: "length" }) })),
    });
    const given = {
      to: "a",
      body: "secret",
      pin: "1234",
      guest: { name: "Ada", card: "42" },
      files: [{ name: "x", data: "abc" }],
    };
    expect(forAudit(schema, given)).toEqual({
      to: "a",
      body: "[6 characters]",
      pin: "[hidden]",
      guest: { name: "Ada", card: "[hidden]" },
      files: [{ name: "x", data: "[3 characters]" }],
    });
  });

  const tampering: [name: string, sql: string, reason: RegExp][] = [
    [
      "a changed payload",
      "UPDATE audit SET payload = replace(payload, 'hi2', 'ha2') WHERE seq = 3",
      /content was changed/,
    ],
    ["a changed outcome", "UPDATE audit SET code = 'timeout' WHERE seq = 3", /content was changed/],
    ["a changed time", "UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 3", /content was changed/],
    ["a row given to another user", "UPDATE audit SET user_id = 'eve' WHERE seq = 3", /content was changed/],
    ["a missing row", "DELETE FROM audit WHERE seq = 3", /missing/],
    ["a missing beginning", "DELETE FROM audit WHERE seq <= 2", /missing/],
    ["a replaced digest", "UPDATE audit SET payload_digest = digest WHERE seq = 3", /does not follow/],
    [
      "two rows exchanged",
      "UPDATE audit SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN 3 ELSE seq END; UPDATE audit SET seq = 4 WHERE seq = -4",
      /does not follow/,
    ],
  ];
  test.each(tampering)("%s is found", async (_name, sql, reason) => {
    await using app = await boot();
    for (let at = 0; at < 6; at++) await app.execute(callOf("echo", { text: `hi${at}` }));
    await Bun.sleep(80);
    expect(await app.audit.verify()).toMatchObject({ ok: true, rows: 6 });
    const raw = new Database(`${app.homePath}/data/mcqueen.db`);
    raw.run(sql);
    raw.close();
    const verdict = await app.audit.verify();
    expect(verdict.ok).toBe(false);
    expect(verdict.broken?.reason).toMatch(reason);
  });

  test("still holds after a user was removed and after the beginning was pruned", async () => {
    let offset = -1000 * 24 * 60 * 60 * 1000;
    await using app = await boot(() => new Date(Date.now() + offset));
    await app.people.addUser(owner, { id: "ada" });
    const ada = { ...owner, userId: "ada" };
    for (let at = 0; at < 3; at++)
      await app.execute(callOf("letters", { action: "send", to: "secret friend" }, { ...yes, caller: ada }));
    offset = 0;
    for (let at = 0; at < 3; at++) await app.execute(callOf("letters", { action: "send", to: "Bob" }, yes));
    const head = (await app.audit.verify()).head;
    await app.people.removeUser(owner, "ada", "ada");
    const removed = await app.audit.verify();
    expect(removed).toMatchObject({ ok: true, erased: 7 });
    expect(removed.head).not.toBe(head);
    const left = JSON.stringify(await app.audit.page({}, undefined, 100));
    // As a word, because a request's id may hold the letters.
    expect(left).not.toMatch(/secret friend|\bada\b/);
    await app.tidy();
    const pruned = await app.audit.verify();
    expect(pruned).toMatchObject({ ok: true, head: removed.head });
    expect(pruned.rows).toBeLessThan(removed.rows);
    await app.execute(callOf("letters", { action: "send", to: "Bob" }, yes));
    expect(await app.audit.verify()).toMatchObject({ ok: true, rows: pruned.rows + 2 });
  });

  test("pages by cursor: every row once, newest first, filters applied", async () => {
    await using app = await boot();
    for (let at = 0; at < 25; at++)
      await app.execute(callOf(at % 5 === 0 ? "probe" : "echo", at % 5 === 0 ? {} : { text: "x" }));
    await Bun.sleep(80);
    const seen: number[] = [];
    let cursor: number | undefined;
    for (;;) {
      const page = await app.audit.page({ userId: "owner" }, cursor, 7);
      seen.push(...page.map(({ seq }) => seq));
      if (page.length < 7) break;
      cursor = page.at(-1)?.seq;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => 25 - at));
    expect(await app.audit.page({ userId: "owner", toolId: "probe" }, undefined, 50)).toHaveLength(5);
    expect(await app.audit.page({ userId: "owner", code: "ok" }, undefined, 50)).toHaveLength(20);
    expect(await app.audit.page({ userId: "eve" }, undefined, 50)).toEqual([]);
  });

  test("the chain holds when four processes write at once", async () => {
    await using app = await boot();
    const { createApp } = await import("../../src/app.ts");
    const apps = await Promise.all(
      Array.from({ length: 4 }, () =>
        createApp({ settings: app.settings, adapters: [toyAdapter(echo, createLetters().tool)] }),
      ),
    );
    await Promise.all(
      apps.flatMap((each) =>
        Array.from({ length: 20 }, (_, at) =>
          each.execute(at % 2 ? callOf("echo", { text: "x" }) : callOf("letters", { action: "send", to: "A" }, yes)),
        ),
      ),
    );
    for (const each of apps) await each.close();
    expect(await app.audit.verify()).toMatchObject({ ok: true, rows: 4 * (10 + 20) });
  });
});

test("pruning takes the beginning only, though a later row bears a wrong time", async () => {
  let at = new Date("2026-06-01T00:00:00Z");
  await using app = await boot(() => at);
  for (let each = 0; each < 5; each++) await app.changeProfile(owner, { units: "metric" });
  at = new Date(0);
  await app.changeProfile(owner, { units: "imperial" });
  at = new Date("2026-06-02T00:00:00Z");
  await app.changeProfile(owner, { units: "metric" });
  await app.tidy();
  expect(await app.audit.verify()).toMatchObject({ ok: true, rows: 7 });
});

test("a head that was noted earlier is missed when the newest rows were cut off", async () => {
  await using app = await boot();
  for (let at = 0; at < 4; at++) await app.changeProfile(owner, { units: "metric" });
  const { head } = await app.audit.verify();
  await app.changeProfile(owner, { units: "imperial" });
  expect(await app.audit.verify(head)).toMatchObject({ ok: true });
  const raw = new Database(`${app.homePath}/data/mcqueen.db`);
  raw.run("DELETE FROM audit WHERE seq >= 4");
  raw.close();
  expect((await app.audit.verify()).ok).toBe(true);
  expect(await app.audit.verify(head)).toMatchObject({
    ok: false,
    broken: { reason: "the noted head is not in the chain" },
  });
});

test("a mark inside any kind of schema hides the value", () => {
  const marked = Type.String({ [auditMark]: "hide" });
  const schema = Type.Object({
    a: Type.Union([marked, Type.Null()]),
    b: Type.Record(Type.String(), marked),
    c: Type.Tuple([marked]),
  });
  expect(forAudit(schema, { a: "x", b: { k: "x" }, c: ["x"] })).toEqual({
    a: "[hidden]",
    b: "[hidden]",
    c: "[hidden]",
  });
});
