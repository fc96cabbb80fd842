import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

const raised = { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", LOGIN_RATE_MAX: "100000" };
const api = "/api/v1";
const clock = { offsetMs: 0 };
const letters = createLetters();
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool)],
    env: raised,
    now: () => new Date(Date.now() + clock.offsetMs),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

describe("API tokens", () => {
  const make = async (body: object) => (await server.app.people.createToken({ ...owner, userId: "mia" }, body)).secret;
  test("end at their time, and say when they were last used", async () => {
    await logIn(server, "mia");
    const secret = await make({ name: "short", expires_at: new Date(Date.now() + 60_000).toISOString() });
    const list = () => server.send({ path: `${api}/mcp/tools`, auth: secret });
    expect((await list()).status).toBe(200);
    await Bun.sleep(80);
    const used = (await server.app.people.tokens("mia")).find(({ name }) => name === "short")?.lastUsedAt;
    expect(used).toBeDefined();
    clock.offsetMs = 30_000;
    await list();
    await Bun.sleep(80);
    expect((await server.app.people.tokens("mia")).find(({ name }) => name === "short")?.lastUsedAt).toEqual(used);
    clock.offsetMs = 61_000;
    expect((await list()).status).toBe(401);
    clock.offsetMs = 0;
  });

  test("what was allowed for writes says nothing of destructive actions", async () => {
    const tool = letters.tool;
    const burning = {
      ...tool,
      id: "fire",
      actions: tool.actions.map((action) => ({ ...action, effect: "destructive" as const })),
    };
    await using other = await bootServer({ adapters: [toyAdapter(tool, burning)], env: raised });
    const { secret } = await other.app.people.createToken(owner, { name: "w", writes: "allow" });
    const send = (id: string) =>
      other.send({
        path: `${api}/mcp/tools/${id}/execute`,
        auth: secret,
        body: { parameters: { action: "send", to: "x" } },
      });
    expect((await send("letters")).json.success).toBe(true);
    expect((await send("fire")).status).toBe(403);
  });

  test("of one tool read nothing of another", async () => {
    const secret = await make({ name: "one", tools: ["letters"] });
    for (const path of ["echo", "echo/config"]) {
      expect((await server.send({ path: `${api}/mcp/tools/${path}`, auth: secret })).status).toBe(403);
    }
  });

  const times: [expires: string, status: number][] = [
    ["2099-01-01T00:00:00Z", 200],
    ["2099-01-01T00:00:00+02:00", 200],
    ["2099-01-01T00:00:00Z[UTC]", 400],
    ["20990101T000000Z", 400],
    ["2099-01-01T00:00:00,5Z", 400],
    ["+012099-01-01T00:00:00Z", 400],
    ["2099-13-01T00:00:00Z", 400],
    ["2001-01-01T00:00:00Z", 400],
    ["tomorrow", 400],
  ];
  test.each(times)("expires_at %s: %d", async (expires_at, status) => {
    expect(
      (
        await server.send({
          path: `${api}/tokens`,
          body: { name: `t ${expires_at.replace(/[^\w]/g, " ")}`, expires_at },
        })
      ).status,
    ).toBe(status);
  });
});
