import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { AppError } from "../../src/core/errors.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, echo, toyAdapter } from "../support/toys.ts";

const raised = { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", LOGIN_RATE_MAX: "100000" };
const api = "/api/v1";
const execute = `${api}/mcp/tools/echo/execute`;
const clock = { offsetMs: 0 };
let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
beforeAll(async () => {
  letters = createLetters();
  const leaky = createProbe(async ({ config }) => {
    throw new AppError("upstream_rejected", `Toy answered 404: no key ${config.CONTACT_URL}`);
  });
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool, leaky)],
    env: {
      ...raised,
      JWT_SECRET: "a-secret-of-more-than-thirty-two-bytes",
      CONTACT_URL: "a-secret-of-more-than-thirty-two-bytes",
    },
    now: () => new Date(Date.now() + clock.offsetMs),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Sends the head and the first byte of a body, and the rest when told. */
function slowly(method: string, path: string, auth: string, body: string) {
  const answer = Promise.withResolvers<string>();
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString();
    if (text.includes("\r\n\r\n")) answer.resolve(text);
  });
  socket.on("close", () => answer.resolve(text));
  socket.write(
    `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${auth}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body[0]}`,
  );
  return { finish: () => void socket.write(body.slice(1)), answer: answer.promise };
}

describe("a credential that ends while its request is still coming in", () => {
  test("a demoted admin's half-sent request does nothing", async () => {
    const mallory = await logIn(server, "mallory", "admin");
    const slow = slowly("PATCH", `${api}/users/mallory`, mallory, '{"role":"admin"}');
    const token = slowly("POST", `${api}/users/owner/tokens`, mallory, '{"expires_in_s":600}');
    await Bun.sleep(50);
    await server.app.people.changeUser(owner, "mallory", { role: "member" });
    slow.finish();
    token.finish();
    expect(await slow.answer).toContain("HTTP/1.1 403");
    expect(await token.answer).toContain("HTTP/1.1 403");
    expect((await server.app.findUser("mallory"))?.role).toBe("member");
  });

  test("a session that was ended meanwhile is refused", async () => {
    const session = await logIn(server, "kim");
    const slow = slowly("POST", `${api}/tokens`, session, '{"name":"late"}');
    await Bun.sleep(50);
    await server.app.people.logOut(owner, session);
    slow.finish();
    expect(await slow.answer).toContain("HTTP/1.1 401");
  });
});

describe("a removed user", () => {
  test("does not come back with a login token that was made before", async () => {
    await server.app.people.addUser(owner, { id: "gone" });
    const { token } = await server.app.people.loginToken(owner, "gone", {});
    await server.app.people.removeUser(owner, "gone", "gone");
    const reply = await server.send({
      path: `${api}/auth/login`,
      auth: null,
      body: { user_id: "gone", auth_token: token },
    });
    expect(reply.status).toBe(401);
    expect(await server.app.findUser("gone")).toBeUndefined();
  });

  test("takes nobody else's counts along, and its own late requests fail without a defect", async () => {
    await using other = await bootServer({ adapters: [toyAdapter(echo)], env: raised });
    const eve = await logIn(other, "eve");
    for (let at = 0; at < 20; at++) await other.send({ path: execute, body: { parameters: { text: "x" } } });
    await other.send({ path: execute, auth: eve, body: { parameters: { text: "x" } } });
    await other.app.people.removeUser(owner, "eve", "eve");
    await Bun.sleep(120);
    expect(await other.app.usage("owner", new Date(0))).toMatchObject([{ toolId: "echo", calls: 20 }]);
    const ghost = { ...owner, userId: "eve" };
    for (const work of [
      () => other.app.changeConfig(ghost, "echo", { priority: 1 }),
      () => other.app.changeProfile(ghost, { units: "metric" }),
      () => other.app.people.createToken(ghost, { name: "x" }),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "conflict" });
    }
  });

  test("the confirmation takes true or the id, and another value is a mismatch", async () => {
    const remove = (user_id: unknown) =>
      server.send({ method: "DELETE", path: `${api}/users/temp`, body: { voice_confirmations: { user_id } } });
    await server.app.people.addUser(owner, { id: "temp" });
    expect((await remove("tempo")).status).toBe(400);
    expect((await remove(false)).json.error_code).toBe("confirmation_required");
    expect(
      (
        await server.send({
          method: "DELETE",
          path: `${api}/users/temp`,
          body: { voice_confirmations: { user_id: true }, extra: 1 },
        })
      ).status,
    ).toBe(400);
    expect((await remove(true)).json.success).toBe(true);
  });
});

describe("what is echoed is bounded", () => {
  const rows: [name: string, path: string, auth: string | null, raw: () => string][] = [
    [
      "unknown parameters",
      execute,
      "local",
      () => `{"parameters":{${Array.from({ length: 20_000 }, (_, at) => `"n${at}":1`).join()}}}`,
    ],
    ["more values than any call has", execute, "local", () => `{"parameters":{"tags":[${"[],".repeat(400_000)}1]}}`],
    [
      "confirmations without end",
      execute,
      "local",
      () => `{"voice_confirmations":{${Array.from({ length: 60_000 }, (_, at) => `"n${at}":1`).join()}}}`,
    ],
    ["numbers for tool ids", `${api}/tokens`, "local", () => `{"name":"x","tools":[${"1,".repeat(40_000)}1]}`],
    [
      "unknown fields of a stranger",
      `${api}/auth/login`,
      null,
      () => `{${Array.from({ length: 15_000 }, (_, at) => `"n${at}":1`).join()}}`,
    ],
  ];
  test.each(rows)("%s: 400, in a few lines", async (_name, path, auth, raw) => {
    const reply = await server.send({ path, auth: auth === null ? null : server.app.localToken(), raw: raw() });
    expect(reply.status).toBe(400);
    expect(reply.text.length).toBeLessThan(20_000);
  });

  test("a body without a length is bounded too", async () => {
    const part = new Uint8Array(1024 * 1024).fill(0x20);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 12) controller.enqueue(part);
        else controller.close();
      },
    });
    const response = await fetch(server.origin + execute, {
      method: "POST",
      headers: { authorization: `Bearer ${server.app.localToken()}`, "content-type": "application/json" },
      body,
    });
    expect(response.status).toBe(413);
  });

  test("a known secret that an upstream sends back is not passed on", async () => {
    const reply = await server.send({ path: `${api}/mcp/tools/probe/execute`, body: {} });
    expect(reply.json.error).toBe("Toy answered 404: no key [redacted]");
  });
});

describe("small print of the door", () => {
  test("one's own name may hold any letter, also in the header", async () => {
    const zoe = await logIn(server, "zoë");
    const utf8 = Buffer.from("zoë").toString("latin1");
    expect((await server.send({ path: `${api}/mcp/tools`, auth: zoe, headers: { "x-user-id": utf8 } })).status).toBe(
      200,
    );
    expect((await server.send({ path: `${api}/users/${encodeURIComponent("zoë")}`, auth: zoe })).json.user.id).toBe(
      "zoë",
    );
  });

  test.each([".", ".."])("a user named %s cannot be, since no address could name them", async (id) => {
    expect((await server.send({ path: `${api}/users`, body: { id } })).status).toBe(400);
  });

  const keys: [name: string, header: string | undefined, body: string | undefined, status: number][] = [
    ["empty header", "", undefined, 400],
    ["header too long", "k".repeat(256), undefined, 400],
    ["two that differ", "a", "b", 400],
    ["two alike", "a", "a", 200],
    ["header alone", "c", undefined, 200],
  ];
  test.each(keys)("Idempotency-Key: %s", async (_name, header, key, status) => {
    const reply = await server.send({
      path: execute,
      body: { parameters: { text: "x" }, ...(key === undefined ? {} : { idempotency_key: key }) },
      ...(header === undefined ? {} : { headers: { "idempotency-key": header } }),
    });
    expect(reply.status).toBe(status);
  });

  test.each(["ftp://127.0.0.1", "https://127.0.0.1", "x://u@127.0.0.1"])(
    "the origin %s is not ours",
    async (scheme) => {
      expect(
        (await server.send({ path: `${api}/health`, headers: { origin: `${scheme}:${server.port}` } })).status,
      ).toBe(403);
    },
  );

  test("what a proxy may keep apart is said, frames are refused, unknown paths count", async () => {
    const reply = await server.send({ path: `${api}/mcp/tools`, headers: { origin: "http://localhost:3000" } });
    expect([reply.headers.get("vary"), reply.headers.get("x-frame-options")]).toEqual(["Origin", "DENY"]);
    expect((await server.send({ path: "/nowhere", auth: null })).headers.get("ratelimit-limit")).toBe("100000");
  });

  test("a tool that may not run says so in the listing", async () => {
    await logIn(server, "mia");
    await server.app.people.changeUser(owner, "mia", { tools_deny: ["echo"] });
    const [listed] = (await server.app.listTools("mia")).filter(({ id }) => id === "echo");
    expect(listed).toMatchObject({ status: "disabled", hint: expect.stringContaining("An admin has set this") });
  });

  test("expired sessions and used tokens are swept", async () => {
    await logIn(server, "kim");
    const before = (await server.app.people.sessions("kim")).length;
    expect(before).toBeGreaterThan(0);
    clock.offsetMs = 25 * 60 * 60 * 1000;
    await server.app.tidy();
    clock.offsetMs = 0;
    expect(await server.app.people.sessions("kim")).toEqual([]);
  });
});
