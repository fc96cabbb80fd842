import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/core/errors.ts";
import type { Steps } from "../../src/core/steps.ts";
import { silentLogger } from "../../src/log.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { createLetters, createProbe, echo, refusing, toyAdapter } from "../support/toys.ts";

/** Steps that let everything pass and note the order in which they were asked. */
function createSteps(order: string[], refuse: Partial<Record<string, AppError>> = {}): Steps {
  const step = async (name: string): Promise<void> => {
    order.push(name);
    const error = refuse[name];
    if (error) throw error;
  };
  return {
    confirmations: {
      recall: () => step("confirmations.recall").then(() => Promise.reject(new AppError("not_found", "none"))),
      async refuse(_checked, missing) {
        await step("confirmations.refuse");
        throw new AppError("confirmation_required", `Voice confirmation required for: ${missing.fields.join(", ")}`);
      },
      use: () => step("confirmations.use"),
    },
    idempotency: {
      begin: async () => void (await step("idempotency.begin")),
      peek: async () => void (await step("idempotency.peek")),
      finish: () => step("idempotency.finish"),
      release: () => step("idempotency.release"),
    },
    quota: () => step("quota"),
    approvals: async () => {
      await step("approvals");
      throw new AppError("approval_required", "asked");
    },
    connections: async () => {
      await step("connections");
      return { account: "ada", scopes: [], accessToken: async () => "token" };
    },
    audit: {
      intend: async () => {
        await step("audit.intend");
        return 1;
      },
      settle: () => step("audit.settle"),
      note: () => undefined,
    },
  };
}

describe("executeTool", () => {
  test("runs a read, and says who answered and how long it took", async () => {
    await using app = await bootApp({ adapters: [toyAdapter(echo)] });
    const outcome = await app.execute(callOf("echo", { text: "hi" }, { requestId: "r1" }));
    expect(outcome).toMatchObject({
      ok: true,
      data: { said: ["hi"] },
      metadata: { tool: "echo", service: "toy", provider: "Toy", request_id: "r1" },
    });
    expect(outcome.metadata).toContainKeys(["duration_ms", "timestamp"]);
    expect(outcome.metadata).not.toContainKey("sandbox");
  });

  const refusals: [name: string, call: ReturnType<typeof callOf>, code: string, message: string][] = [
    ["unknown tool", callOf("nope"), "not_found", "Tool nope not found"],
    [
      "missing parameter",
      callOf("echo"),
      "invalid_parameters",
      "Parameter validation failed: Missing required parameter: text",
    ],
    [
      "missing action",
      callOf("letters"),
      "invalid_parameters",
      "Parameter validation failed: Missing required parameter: action",
    ],
    [
      "unknown action",
      callOf("letters", { action: "burn" }),
      "invalid_parameters",
      "Parameter validation failed: Parameter action must be one of: send, read",
    ],
    [
      "two actions named",
      callOf("letters", { action: "read" }, { action: "send" }),
      "invalid_parameters",
      "Parameter validation failed: Parameter action differs from the action send",
    ],
    [
      "parameters of no object",
      callOf("echo", "x"),
      "invalid_parameters",
      "Parameter validation failed: The parameters must be a JSON object",
    ],
    [
      "unconfirmed write",
      callOf("letters", { action: "send", to: "Ada" }),
      "confirmation_required",
      "Voice confirmation required for: action, to",
    ],
  ];
  test.each(refusals)("%s", async (_name, call, code, message) => {
    await using app = await bootApp({ adapters: [toyAdapter(echo, createLetters().tool)] });
    expect(await app.execute(call)).toMatchObject({ ok: false, code, message });
  });

  test("a write takes every step in order, its intent recorded before it acts", async () => {
    const order: string[] = [];
    const letters = createLetters();
    letters.sent.push = (letter) => {
      order.push("run");
      return Array.prototype.push.call(letters.sent, letter);
    };
    await using app = await bootApp({ adapters: [toyAdapter(letters.tool)], steps: createSteps(order) });
    const call = callOf(
      "letters",
      { action: "send", to: "Ada" },
      { confirmations: { action: true, to: "Ada" }, idempotencyKey: "k" },
    );
    expect(await app.execute(call)).toMatchObject({ ok: true, data: { id: "1" } });
    expect(order).toEqual(["idempotency.begin", "audit.intend", "run", "audit.settle", "idempotency.finish"]);
  });

  test("a refusal before the run frees the idempotency key", async () => {
    const order: string[] = [];
    await using app = await bootApp({ adapters: [toyAdapter(createLetters().tool)], steps: createSteps(order) });
    await app.execute(callOf("letters", { action: "send", to: "Ada" }, { idempotencyKey: "k" }));
    expect(order).toEqual(["idempotency.begin", "confirmations.refuse", "idempotency.release"]);
  });

  test("a key is freed also when the database is busy for a while", async () => {
    const order: string[] = [];
    const steps = createSteps(order);
    let left = 2;
    steps.idempotency.release = async () => {
      order.push("release");
      if (left-- > 0) throw new AppError("unavailable", "The database is busy", { retryAfterS: 1 });
    };
    await using app = await bootApp({ adapters: [toyAdapter(createLetters().tool)], steps });
    const call = callOf("letters", { action: "send", to: "Ada" }, { idempotencyKey: "k" });
    expect(await app.execute(call)).toMatchObject({ code: "confirmation_required" });
    expect(order.filter((step) => step === "release")).toHaveLength(3);
  });

  test("nothing runs when the intent cannot be recorded", async () => {
    const { tool, sent } = createLetters();
    const full = new AppError("unavailable", "disk full");
    await using app = await bootApp({ adapters: [toyAdapter(tool)], steps: createSteps([], { "audit.intend": full }) });
    const call = callOf("letters", { action: "send", to: "Ada" }, { confirmations: { action: true, to: true } });
    expect(await app.execute(call)).toMatchObject({ ok: false, code: "unavailable" });
    expect(sent).toEqual([]);
  });

  test("an MCP client's write waits for an approval, whatever it confirms", async () => {
    const order: string[] = [];
    const asked = new AppError("approval_required", "A person has been asked");
    const { tool, sent } = createLetters();
    await using app = await bootApp({ adapters: [toyAdapter(tool)], steps: createSteps(order, { approvals: asked }) });
    const call = callOf(
      "letters",
      { action: "send", to: "Ada" },
      { confirmations: { action: true, to: true }, caller: { ...owner, entrance: "mcp" } },
    );
    expect(await app.execute(call)).toMatchObject({ ok: false, code: "approval_required" });
    expect(sent).toEqual([]);
  });

  test("a dry run shows what would be done, and does nothing", async () => {
    const { tool, sent } = createLetters();
    await using app = await bootApp({ adapters: [toyAdapter(tool)] });
    expect(await app.execute(callOf("letters", { action: "send", to: "Ada" }, { dryRun: true }))).toMatchObject({
      ok: true,
      data: { dry_run: true, action: "send", effect: "write", parameters: { to: "Ada" } },
    });
    expect(sent).toEqual([]);
  });

  test("the user's settings become defaults, and a disabled tool does not run", async () => {
    await using app = await bootApp({ adapters: [toyAdapter(echo)] });
    await app.changeConfig(owner, "echo", { custom_settings: { times: 2 } });
    expect(await app.execute(callOf("echo", { text: "x" }))).toMatchObject({ data: { said: ["x", "x"] } });
    await app.changeConfig(owner, "echo", { enabled: false });
    expect(await app.execute(callOf("echo", { text: "x" }))).toMatchObject({
      ok: false,
      code: "tool_disabled",
      message: "Tool echo not enabled for user",
    });
  });

  const restricted: [env: Record<string, string>, tool: string, parameters: object][] = [
    [{ READ_ONLY: "true" }, "letters", { action: "send", to: "Ada" }],
    [{ TOOLS_ALLOW: "letters" }, "echo", { text: "x" }],
    [{ TOOLS_DENY: "letters, echo" }, "echo", { text: "x" }],
  ];
  test.each(restricted)("%j forbids %s", async (env, tool, parameters) => {
    await using app = await bootApp({ adapters: [toyAdapter(echo, createLetters().tool)], env });
    expect(await app.execute(callOf(tool, parameters, { dryRun: true }))).toMatchObject({
      ok: false,
      code: "forbidden",
    });
  });

  test("the deadline ends a run that ignores it, and aborts its signal", async () => {
    let signal: AbortSignal | undefined;
    const stuck = createProbe((context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    });
    await using app = await bootApp({ adapters: [toyAdapter(stuck)] });
    expect(await app.execute(callOf("probe", {}, { timeoutMs: 20 }))).toMatchObject({ ok: false, code: "timeout" });
    expect(signal?.aborted).toBe(true);
  });

  test("a caller that goes away aborts the run", async () => {
    const caller = new AbortController();
    const stuck = createProbe(({ signal }) => {
      queueMicrotask(() => caller.abort());
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    await using app = await bootApp({ adapters: [toyAdapter(stuck)] });
    expect(await app.execute(callOf("probe", {}, { signal: caller.signal }))).toMatchObject({ code: "timeout" });
  });

  test("a defect becomes internal: it is reported, and nothing of it is told", async () => {
    const defects: unknown[] = [];
    const log = { ...silentLogger, error: (_: string, fields?: unknown) => void defects.push(fields) };
    const broken = createProbe(async () => {
      throw new Error("the secret is 1234");
    });
    await using app = await bootApp({ adapters: [toyAdapter(broken)], log });
    const outcome = await app.execute(callOf("probe"));
    expect(outcome).toMatchObject({ ok: false, code: "internal" });
    expect(JSON.stringify(outcome)).not.toContain("1234");
    expect(defects).toHaveLength(1);
  });

  test("an action sees only the settings that its adapter declared", async () => {
    let seen: unknown;
    const looker = createProbe(async ({ config }) => {
      seen = config;
    });
    await using app = await bootApp({
      adapters: [toyAdapter(looker)],
      env: { CONTACT_URL: "https://x.org", WEATHER_API_KEY: "k" },
    });
    await app.execute(callOf("probe"));
    expect(seen).toEqual({ CONTACT_URL: "https://x.org" });
  });

  test("every call is counted, with its outcome", async () => {
    await using app = await bootApp({ adapters: [toyAdapter(echo, refusing("upstream_rejected"))] });
    await app.execute(callOf("echo", { text: "x" }));
    await app.execute(callOf("echo", { text: "x" }));
    await app.execute(callOf("probe"));
    await Bun.sleep(80);
    const usage = await app.usage("owner", new Date(0));
    expect(usage).toMatchObject([
      { toolId: "echo", calls: 2, failures: {} },
      { toolId: "probe", calls: 1, failures: { upstream_rejected: 1 } },
    ]);
  });
});
