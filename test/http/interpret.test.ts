import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";

const path = "/api/v1/mcp/interpret";
const now = new Date("2026-11-24T09:00:00Z");
let server: Awaited<ReturnType<typeof bootServer>>;
let weatherOnly: string;
beforeAll(async () => {
  server = await bootServer({ sandbox: true, now: () => now });
  await server.app.changeProfile(owner, { zone: "Europe/Oslo" });
  weatherOnly = (await server.app.people.createToken(owner, { name: "w", tools: ["get_weather"] })).secret;
});
afterAll(() => server[Symbol.asyncDispose]());
const ask = (transcript: unknown, more: Record<string, unknown> = {}, auth?: string) =>
  server.send({ path, body: { transcript, ...more }, ...(auth ? { auth } : {}) });

describe("interpret", () => {
  test.each([
    [
      "a read",
      "what's the weather in Oslo",
      {
        tool: "get_weather",
        action: "get",
        effect: "read",
        parameters: { location: "Oslo" },
        missing: [],
        requires_confirmation: [],
        status: "available",
      },
    ],
    [
      "a write, with its question",
      "book a table for two at Chez Marie in Paris on Friday at half past seven",
      {
        tool: "book_restaurant_public",
        action: "book",
        effect: "write",
        parameters: {
          restaurant_name: "Chez Marie",
          location: "Paris",
          date: "2026-11-27",
          time: "19:30",
          party_size: 2,
        },
        requires_confirmation: ["restaurant_name", "date", "time", "party_size"],
        confirmation_prompt: "Book a table for 2 at “Chez Marie”, Paris, on Friday 27 November at 19:30?",
      },
    ],
    [
      "a personal tool, and a name that is no address",
      "send an email to Ada about lunch saying see you",
      {
        tool: "email_personal",
        action: "send",
        parameters: { subject: "lunch", body: "see you" },
        missing: ["to"],
        requires_confirmation: ["action", "to", "subject"],
        status: "needs_login",
        hint: expect.stringMatching(/mcqueen login gmail\n"Ada" is not clear enough for to: Whom to send it to/),
      },
    ],
    [
      "something that cannot be said",
      "cancel my reservation at Chez Marie",
      {
        action: "cancel",
        effect: "destructive",
        parameters: {},
        missing: ["booking_id"],
        requires_confirmation: ["booking_id"],
      },
    ],
  ])("%s", async (_name, transcript, expected) => {
    const { status, json } = await ask(transcript);
    expect([status, json.success, json.metadata]).toEqual([200, true, { time_zone: "Europe/Oslo" }]);
    expect(json.proposals[0]).toMatchObject(expected);
    if (json.proposals[0].missing.length > 0) expect(json.proposals[0]).not.toContainKey("confirmation_prompt");
    expect(json.proposals.length).toBeLessThanOrEqual(3);
  });

  test("nothing that fits gives no proposal and a hint", async () => {
    const { status, json } = await ask("turn off the lights in the kitchen");
    expect([status, json.proposals]).toEqual([200, []]);
    expect(json.hint).toContain("What's the weather in New York?");
  });

  test("the zone of the call decides what tomorrow is", async () => {
    const days = await Promise.all(
      ["Pacific/Kiritimati", "Pacific/Honolulu"].map(async (time_zone) => {
        const { json } = await ask("book a table at Rules tomorrow", { time_zone });
        return [json.metadata.time_zone, json.proposals[0].parameters.date];
      }),
    );
    expect(days).toEqual([
      ["Pacific/Kiritimati", "2026-11-25"],
      ["Pacific/Honolulu", "2026-11-24"],
    ]);
  });

  test.each([
    [{}, "Missing required field: transcript"],
    [{ transcript: "" }, "Field transcript must not be empty"],
    [{ transcript: "  " }, "Field transcript must not be blank"],
    [{ transcript: "x".repeat(1_001) }, "Field transcript must have at most 1000 characters"],
    [{ transcript: "x", time_zone: "Mars" }, "Field time_zone must be a valid time zone"],
    [{ transcript: "x", user: "eve" }, "Unknown field: user"],
  ])("%j: 400", async (body, problem) => {
    const { status, json } = await server.send({ path, body });
    expect([status, json.error]).toEqual([400, expect.stringContaining(problem)]);
  });

  test("a token sees its own tools only", async () => {
    const mail = await ask("send an email to Ada about lunch saying see you", {}, weatherOnly);
    expect([mail.status, mail.json.proposals]).toEqual([200, []]);
    expect(mail.json.hint).not.toContain("email");
    const weather = await ask("what's the weather in Oslo", {}, weatherOnly);
    expect(weather.json.proposals.map(({ tool }: { tool: string }) => tool)).toEqual(["get_weather"]);
  });

  const booking = "book a table for two at Chez Marie in Paris on Friday at half past seven";
  const fields = ["restaurant_name", "date", "time", "party_size"];
  test.each([
    ["deny", [], false, "is not allowed for this caller"],
    ["ask", fields, true, undefined],
    ["approve", [], true, undefined],
    ["allow", [], false, undefined],
  ] as const)(
    "a token made for writes %s learns what becomes of its call, as the call itself does",
    async (writes, confirmed, isRead, hint) => {
      await using own = await bootServer({ sandbox: true, now: () => now });
      const { secret: auth } = await own.app.people.createToken(owner, { name: `writes-${writes}`, writes });
      const [proposal] = (await own.send({ path, body: { transcript: booking }, auth })).json.proposals;
      expect(proposal).toMatchObject({ policy: writes, requires_confirmation: confirmed });
      expect(Object.hasOwn(proposal, "confirmation_prompt")).toBe(isRead);
      if (hint) expect(proposal.hint).toContain(hint);
      const call = await own.send({
        path: "/api/v1/mcp/tools/book_restaurant_public/execute",
        body: { parameters: { ...proposal.parameters, action: proposal.action } },
        auth,
      });
      const codes = { deny: "forbidden", ask: "confirmation_required", approve: "approval_required", allow: undefined };
      if (writes === "allow") expect(["forbidden", "confirmation_required"]).not.toContain(call.json.error_code);
      else expect(call.json.error_code).toBe(codes[writes]);
    },
  );

  test("a read asks nothing, and a rule of the policy is heeded", async () => {
    expect((await ask("what's the weather in Oslo")).json.proposals[0].policy).toBe("allow");
    const rule = { entrance: "rest", effect: "write", decision: "approve" };
    await server.app.policy.set(owner, rule);
    expect((await ask(booking)).json.proposals[0]).toMatchObject({ policy: "approve", requires_confirmation: [] });
    await server.app.policy.unset(owner, { entrance: "rest", effect: "write" });
  });

  test("where only reading is allowed, a write is told to be refused", async () => {
    await using quiet = await bootServer({ sandbox: true, now: () => now, env: { READ_ONLY: "true" } });
    const { json } = await quiet.send({ path, body: { transcript: booking } });
    expect(json.proposals[0]).toMatchObject({ policy: "deny", requires_confirmation: [] });
    expect(json.proposals[0].hint).toContain("only reading is allowed here");
  });

  test("a tool that is switched off says so", async () => {
    await server.app.changeConfig(owner, "web_search", { enabled: false });
    const { json } = await ask("search the web for bees");
    expect(json.proposals[0]).toMatchObject({ status: "disabled", hint: "Run: mcqueen config web_search enable" });
    await server.app.resetConfig(owner, "web_search");
  });

  test("nothing is run, counted or recorded", async () => {
    const state = async () => [
      await server.app.audit.page({}, undefined, 500),
      await server.app.usage(owner.userId, new Date(0)),
      (await server.app.listTools(owner.userId, { all: true })).map(({ quota }) => quota),
    ];
    const before = await state();
    for (const said of [
      "note that the milk is out",
      "search the web for bees",
      "book a table for two at Rules tomorrow at 8",
    ])
      expect((await ask(said)).json.proposals.length).toBeGreaterThan(0);
    expect(await state()).toEqual(before);
  });
});
