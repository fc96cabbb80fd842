import { describe, expect, test } from "bun:test";
import { bootApp, callOf, owner } from "../support/home.ts";
import { createLetters, toyAdapter } from "../support/toys.ts";
import { openRaw } from "../support/vaults.ts";

async function boot(now?: () => Date) {
  const { tool, sent } = createLetters();
  const app = await bootApp({ adapters: [toyAdapter(tool)], ...(now ? { now } : {}) });
  const call = (parameters: object, more: object = {}) =>
    app.execute(callOf("letters", { action: "send", ...parameters }, more));
  /** Asks without confirming, and gives the id of what was refused. */
  const ask = async (parameters: object): Promise<string> => String((await call(parameters)).metadata.confirmation_id);
  return { app, sent, call, ask };
}
const yes = { confirmations: { action: true, to: true, text: true } };

describe("confirmations", () => {
  test("the refusal names the missing fields, asks as a person would, and gives an id", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    const outcome = await call({ to: "Ada", text: "hello" });
    expect(outcome).toMatchObject({
      ok: false,
      code: "confirmation_required",
      message: "Voice confirmation required for: action, to, text",
      metadata: { requires_confirmation: ["action", "to", "text"], confirmation_prompt: "Send a letter to Ada?" },
    });
    expect(outcome.metadata.confirmation_id).toMatch(/^cnf_/);
    expect(sent).toEqual([]);
  });

  test("only what is missing is asked for; the value read back counts like true", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    expect(await call({ to: "Ada", text: "hi" }, { confirmations: { to: "Ada" } })).toMatchObject({
      metadata: { requires_confirmation: ["action", "text"] },
    });
    expect(
      await call({ to: "Ada", text: "hi" }, { confirmations: { action: "send", to: "Ada", text: "hi" } }),
    ).toMatchObject({ ok: true });
    expect(sent).toHaveLength(1);
  });

  const mismatches: [field: string, value: unknown][] = [
    ["to", "Eve"],
    ["to", "ada"],
    ["to", ["Ada"]],
    ["to", { toString: "Ada" }],
    ["action", "read"],
    ["text", "hi "],
  ];
  test.each(mismatches)("%s confirmed as %j runs nothing", async (field, value) => {
    const { app, sent, call } = await boot();
    await using _ = app;
    const outcome = await call(
      { to: "Ada", text: "hi" },
      { confirmations: { action: true, to: true, text: true, [field]: value } },
    );
    expect(outcome).toMatchObject({ ok: false, code: "invalid_parameters", metadata: { mismatched: [field] } });
    expect(sent).toEqual([]);
  });

  test.each([false, null, undefined, 0, ""])("a confirmation of %p is none", async (value) => {
    const { app, sent, call } = await boot();
    await using _ = app;
    const outcome = await call({ to: "Ada" }, { confirmations: { action: true, to: value } });
    expect(outcome.ok).toBe(false);
    expect(sent).toEqual([]);
  });

  test("calling again with the id runs exactly what was refused, once, without the parameters", async () => {
    const { app, sent, call, ask } = await boot();
    await using _ = app;
    const confirmationId = await ask({ to: "Ada", text: "hi" });
    const again = { ...yes, confirmationId };
    expect(await app.execute(callOf("letters", {}, again))).toMatchObject({ ok: true });
    expect(sent).toEqual([{ to: "Ada", text: "hi" }]);
    expect(await app.execute(callOf("letters", {}, again))).toMatchObject({ ok: false, code: "conflict" });
    expect(await call({ to: "Ada", text: "hi" }, again)).toMatchObject({ ok: false, code: "conflict" });
    expect(sent).toHaveLength(1);
  });

  test("a parameter or account changed after the confirmation is refused", async () => {
    const { app, sent, call, ask } = await boot();
    await using _ = app;
    for (const [changed, more] of [
      [{ to: "Eve", text: "hi" }, {}],
      [{ to: "Ada" }, {}],
      [{ to: "Ada", text: "hi" }, { account: "other" }],
    ]) {
      const confirmationId = await ask({ to: "Ada", text: "hi" });
      expect(await call(changed ?? {}, { ...yes, ...more, confirmationId })).toMatchObject({
        ok: false,
        code: "conflict",
      });
    }
    expect(sent).toEqual([]);
  });

  test("a call of over 1 MiB is not kept: it has to come again, and unchanged", async () => {
    const { app, sent, call, ask } = await boot();
    await using _ = app;
    const text = "x".repeat(1024 * 1024);
    const again = { ...yes, confirmationId: await ask({ to: "Ada", text }) };
    expect(await app.execute(callOf("letters", {}, again))).toMatchObject({
      ok: false,
      code: "invalid_parameters",
      hint: expect.stringContaining("Send all of them again"),
    });
    expect(await call({ to: "Eve", text }, again)).toMatchObject({ ok: false, code: "conflict" });
    expect(sent).toEqual([]);
    expect(await call({ to: "Ada", text }, again)).toMatchObject({ ok: true });
    expect(await call({ to: "Ada", text }, again)).toMatchObject({ ok: false, code: "conflict" });
    using raw = openRaw(app.homePath);
    expect(raw.query("SELECT max(length(parameters)) AS longest FROM confirmations").get()).toEqual({ longest: 4 });
  });

  test("a call of over 1 MiB cannot wait for an approval, and says so", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    await app.policy.set(owner, { entrance: "cli", effect: "write", decision: "approve" });
    expect(await call({ to: "Ada", text: "é".repeat(600_000) }, yes)).toMatchObject({
      ok: false,
      code: "payload_too_large",
      message: expect.stringContaining("1 MiB"),
    });
    expect(await call({ to: "Ada", text: "x".repeat(600_000) }, yes)).toMatchObject({ code: "approval_required" });
    expect(sent).toEqual([]);
  });

  test("fifty at once with one id: exactly one runs", async () => {
    const { app, sent, ask } = await boot();
    await using _ = app;
    const confirmationId = await ask({ to: "Ada" });
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => app.execute(callOf("letters", {}, { ...yes, confirmationId }))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test("another user's id is unknown, and one's own ends after ten minutes", async () => {
    let offset = 0;
    const { app, sent, ask } = await boot(() => new Date(Date.now() + offset));
    await using _ = app;
    await app.people.addUser(owner, { id: "eve" });
    const confirmationId = await ask({ to: "Ada" });
    const stranger = { ...owner, userId: "eve", credentialId: "ses_2" };
    expect(await app.execute(callOf("letters", {}, { ...yes, confirmationId, caller: stranger }))).toMatchObject({
      code: "not_found",
    });
    offset = 10 * 60 * 1000;
    expect(await app.execute(callOf("letters", {}, { ...yes, confirmationId }))).toMatchObject({ code: "not_found" });
    expect(sent).toEqual([]);
  });
});

describe("idempotency keys", () => {
  test("the same call with the same key gives the first outcome again", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    const keyed = { ...yes, idempotencyKey: "k1" };
    const first = await call({ to: "Ada" }, keyed);
    const second = await call({ to: "Ada" }, keyed);
    expect(second).toMatchObject({ ok: true, data: first.ok ? first.data : {}, metadata: { replayed: true } });
    expect(sent).toHaveLength(1);
  });

  test("other parameters are a conflict; another user's key is another key", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    await app.people.addUser(owner, { id: "eve" });
    await call({ to: "Ada" }, { ...yes, idempotencyKey: "k1" });
    expect(await call({ to: "Eve" }, { ...yes, idempotencyKey: "k1" })).toMatchObject({ ok: false, code: "conflict" });
    expect(
      await call({ to: "Eve" }, { ...yes, idempotencyKey: "k1", caller: { ...owner, userId: "eve" } }),
    ).toMatchObject({ ok: true });
    expect(sent).toHaveLength(2);
  });

  test("a refusal is not remembered, a failure of the run is", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    expect(await call({ to: "Ada" }, { idempotencyKey: "k1" })).toMatchObject({ code: "confirmation_required" });
    expect(await call({ to: "Ada" }, { ...yes, idempotencyKey: "k1" })).toMatchObject({ ok: true });
    expect(sent).toHaveLength(1);
  });

  test("fifty at once with one key: one runs, the others learn its outcome or that it runs", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => call({ to: "Ada" }, { ...yes, idempotencyKey: "k" })),
    );
    expect(sent).toHaveLength(1);
    for (const outcome of outcomes) expect(outcome.ok || outcome.code === "conflict").toBe(true);
  });

  test("after a day the key is free again", async () => {
    let offset = 0;
    const { app, sent, call } = await boot(() => new Date(Date.now() + offset));
    await using _ = app;
    await call({ to: "Ada" }, { ...yes, idempotencyKey: "k" });
    offset = 24 * 60 * 60 * 1000;
    await call({ to: "Ada" }, { ...yes, idempotencyKey: "k" });
    expect(sent).toHaveLength(2);
  });

  test("a key holds through an approval: however often it is asked and approved, it runs once", async () => {
    const { app, sent, call } = await boot();
    await using _ = app;
    await app.policy.set(owner, { entrance: "cli", effect: "write", decision: "approve" });
    const person = { ...owner, credentialId: "terminal", interactive: true };
    const first = await call({ to: "Ada" }, { idempotencyKey: "k" });
    expect((await call({ to: "Ada" }, { idempotencyKey: "k" })).metadata.approval_id).toBe(first.metadata.approval_id);
    expect(await app.approvals.approve(person, String(first.metadata.approval_id))).toMatchObject({ ok: true });
    expect(await call({ to: "Ada" }, { idempotencyKey: "k" })).toMatchObject({
      ok: true,
      metadata: { replayed: true },
    });
    expect(await call({ to: "Eve" }, { idempotencyKey: "k" })).toMatchObject({ ok: false, code: "conflict" });
    expect(sent).toHaveLength(1);
  });
});
