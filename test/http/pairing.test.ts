import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import type { PairOptions } from "../../src/core/device.ts";
import { randomText } from "../../src/core/secret.ts";
import { owner } from "../support/home.ts";
import { claimAs, type Post, phoneName } from "../support/phone.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

const me: Caller = { ...owner, credentialId: "terminal", interactive: true };
const clock = { offsetMs: 0 };
let server: Awaited<ReturnType<typeof bootServer>>;
beforeEach(async () => {
  clock.offsetMs = 0;
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    now: () => new Date(Date.now() + clock.offsetMs),
    env: { LOGIN_RATE_MAX: "1000000", RATE_LIMIT_MAX: "1000000" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

const post: Post = (path, body) => server.send({ path: `/api/v1${path}`, body, auth: null });
const open = (options: PairOptions = {}) => server.app.pairing.open(me, { via: "loopback" }, options);
const waitTooLong = async (): Promise<void> => {
  clock.offsetMs = 121_000;
};
const status = async (id: string) => (await server.app.pairing.look(id)).status;

/** Pairs a phone, and logs it in. */
async function pair(options: PairOptions = {}) {
  const { id, code } = await open(options);
  const phone = await claimAs(post, code);
  await server.app.pairing.confirm(me, id);
  const { device_token: token, device } = (await phone.wait()).json;
  const { session } = (await post("/auth/device", { device_token: token })).json;
  return { token, device, bearer: session.session_id as string };
}

const refusal = ({ status, json }: { status: number; json: Record<string, unknown> }) => ({
  status,
  code: json.error_code,
  of: (json.metadata as Record<string, unknown>).status,
});

describe("pairing", () => {
  test("both sides reckon one number, and the phone gets its token once", async () => {
    const { id, code } = await open();
    const phone = await claimAs(post, code);
    expect(await server.app.pairing.look(id)).toMatchObject({ number: phone.number, deviceName: phoneName });
    expect((await phone.wait()).json.status).toBe("waiting");
    await server.app.pairing.confirm(me, id);
    const [first, ...others] = (await Promise.all(Array.from({ length: 8 }, () => phone.wait()))).sort(
      (a, b) => a.status - b.status,
    );
    expect(first?.json).toMatchObject({ status: "paired", device: { name: phoneName, user_id: "owner", tools: null } });
    expect(first?.json.device_token).toMatch(/^mcq_d_[\w-]{43}$/);
    expect(others.map(refusal)).toEqual(others.map(() => ({ status: 409, code: "conflict", of: "paired" })));
  });

  test("a waiting phone hears at once, and the session that it opens is the owner's", async () => {
    const { id, code } = await open({ name: "Tablet" });
    const phone = await claimAs(post, code);
    const waiting = phone.wait(30);
    await server.app.pairing.confirm(me, id);
    const { device_token: token, device } = (await waiting).json;
    expect(device.name).toBe("Tablet");
    const opened = await post("/auth/device", { device_token: token });
    const who = await server.send({ path: "/api/v1/auth/session", auth: opened.json.session.session_id });
    expect(who.json.user).toEqual({ id: "owner", role: "admin" });
    expect(who.json.session.client_type).toBe("device");
  });

  test.each([
    ["the person says no", (id: string) => server.app.pairing.refuse(me, id), 200, "declined", "denied"],
    ["it is too late", waitTooLong, 409, "conflict", "expired"],
    ["another is begun", async () => void (await open()), 409, "conflict", "replaced"],
  ] as const)("where %s, the phone is told", async (_what, happens, httpStatus, errorCode, of) => {
    const { id, code } = await open();
    const phone = await claimAs(post, code);
    await happens(id);
    expect(refusal(await phone.wait())).toEqual({ status: httpStatus, code: errorCode, of });
    await expect(server.app.pairing.confirm(me, id)).rejects.toThrow();
    expect(await server.app.devices.list()).toEqual([]);
  });

  test.each([
    ["called off", (id: string) => server.app.pairing.refuse(me, id), 200, "cancelled"],
    ["expired", waitTooLong, 409, "expired"],
    ["replaced", async () => void (await open()), 409, "replaced"],
    ["used", (_id: string, code: string) => claimAs(post, code), 409, "numbered"],
  ] as const)("a code that is %s opens nothing", async (_what, happens, httpStatus, of) => {
    const { id, code } = await open();
    await happens(id, code);
    expect(refusal(await post("/devices/claim", { code, name: "Late" }))).toMatchObject({ status: httpStatus, of });
  });

  test("two claims of one code at once: one wins, the other is told", async () => {
    const { id, code } = await open();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => post("/devices/claim", { code, name: `Phone ${at}` })),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners.length).toBe(1);
    expect(answers.filter(({ status }) => status === 409).length).toBe(9);
    expect(await status(id)).toBe("claimed");
  });

  test("five wrong codes end the pairing, so the right one comes too late", async () => {
    const { id, code } = await open();
    for (let tries = 0; tries < 4; tries++) {
      expect((await post("/devices/claim", { code: randomText(16, "base64url"), name: "x" })).status).toBe(401);
    }
    expect(await status(id)).toBe("open");
    expect((await post("/devices/claim", { code: "wrong", name: "x" })).status).toBe(401);
    expect(refusal(await post("/devices/claim", { code, name: "x" }))).toMatchObject({ status: 409, of: "burned" });
    expect(await status(id)).toBe("burned");
  });

  test("10,000 guesses open nothing", async () => {
    const counts = new Map<number, number>();
    let current = await open();
    for (let round = 0; round < 100; round++) {
      if (round % 10 === 0) current = await open();
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => post("/devices/claim", { code: randomText(16, "base64url"), name: "Guess" })),
      );
      for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(await status(current.id)).toBe("burned");
    }
    // The fifth guess ended each code, so that even the right one came too late.
    expect(refusal(await post("/devices/claim", { code: current.code, name: "Guess" }))).toMatchObject({
      of: "burned",
    });
    // With the brake on guessing let off, so that each of them reaches the codes.
    expect(Object.fromEntries(counts)).toEqual({ 401: 10_000 });
    expect(await server.app.devices.list()).toEqual([]);
  }, 60_000);

  test("the phone's nonce is taken once, so nobody can try for a number", async () => {
    const { id, code } = await open();
    const phone = await claimAs(post, code);
    const again = await post("/devices/claim/number", {
      claim_token: phone.token,
      nonce: randomText(32, "base64url"),
    });
    expect(refusal(again)).toMatchObject({ status: 409, of: "numbered" });
    expect((await server.app.pairing.look(id)).number).toBe(phone.number);
  });

  test("a code is good for the listener that it was made for alone", async () => {
    const { id, code } = await server.app.pairing.open(me, { via: "lan", pin: "x" }, {});
    for (let tries = 0; tries < 6; tries++) {
      expect((await post("/devices/claim", { code, name: "x" })).status).toBe(401);
      expect((await post("/devices/claim", { code: "wrong", name: "x" })).status).toBe(401);
    }
    // Nor does who knocks at another listener end it.
    expect(await server.app.pairing.look(id)).toMatchObject({ status: "open", tries: 0 });
  });

  test.each([
    ["a program", owner],
    ["a session", { ...owner, entrance: "rest", credentialId: "ses_x" }],
    ["a paired phone", { ...owner, entrance: "device", credentialId: "ses_x" }],
    ["an agent", { ...owner, entrance: "mcp", credentialId: "mcp_x" }],
  ] as [string, Caller][])("%s neither begins nor confirms one", async (_who, by) => {
    await expect(server.app.pairing.open(by, { via: "loopback" }, {})).rejects.toThrow("a person at a terminal");
    const { id, code } = await open();
    await claimAs(post, code);
    await expect(server.app.pairing.confirm(by, id)).rejects.toThrow("a person at a terminal");
  });

  test("it is in the audit, and no secret of it is in the database", async () => {
    const { token } = await pair();
    const rows = await server.app.audit.page({ userId: "owner" }, undefined, 50);
    const details = rows.filter(({ kind }) => kind === "device").map(({ detail }) => detail);
    expect(details).toEqual([
      expect.stringMatching(/^paired dev_\w+ \(Ada’s phone\)$/),
      "confirmed the pairing of Ada’s phone",
    ]);
    const { filesWith } = await import("../support/canaries.ts");
    expect(filesWith(server.app.homePath, [token])).toEqual([]);
  });
});

describe("a paired phone", () => {
  test("asks before it writes, and what its own bounds refuse stays refused", async () => {
    const narrow = await pair({ tools: ["letters"] });
    const run = (bearer: string, tool: string) =>
      server.send({ path: `/api/v1/mcp/tools/${tool}/execute`, body: { parameters: { text: "x" } }, auth: bearer });
    expect((await run(narrow.bearer, "echo")).status).toBe(403);
    const listed = await server.send({ path: "/api/v1/mcp/tools?include=all", auth: narrow.bearer });
    expect(listed.json.tools.map(({ id }: { id: string }) => id)).toEqual(["letters"]);
    expect((await server.send({ path: "/api/v1/users", auth: narrow.bearer })).status).toBe(403);
    const made = await server.send({ path: "/api/v1/tokens", body: { name: "wide" }, auth: narrow.bearer });
    expect(made.status).toBe(403);
    const other = await pair();
    const taken = await server.send({
      path: `/api/v1/devices/${other.device.id}`,
      method: "DELETE",
      auth: narrow.bearer,
    });
    expect(taken.status).toBe(403);
    expect((await run(other.bearer, "echo")).status).toBe(200);
  });

  test("is listed, renamed and revoked, by its user alone", async () => {
    const { device, bearer } = await pair();
    const path = `/api/v1/devices/${device.id}`;
    const renamed = await server.send({ path, method: "PATCH", body: { name: "Mobile" }, auth: bearer });
    expect(renamed.json.device).toMatchObject({ id: device.id, name: "Mobile" });
    const { logIn } = await import("../support/people.ts");
    const mia = await logIn(server, "mia");
    expect((await server.send({ path: "/api/v1/devices", auth: mia })).json.total).toBe(0);
    expect((await server.send({ path, method: "DELETE", auth: mia })).status).toBe(404);
    expect((await server.send({ path, method: "PATCH", body: { name: "Mine" }, auth: mia })).status).toBe(404);
    expect((await server.send({ path, method: "DELETE" })).json.data).toMatchObject({ sessions: 1, tokens: 0 });
    expect((await server.send({ path: "/api/v1/devices" })).json.total).toBe(0);
  });

  test("once revoked is out within a second, with what it made, and its open stream ends", async () => {
    const { device, bearer, token } = await pair();
    const made = await server.send({ path: "/api/v1/tokens", body: { name: "made by it" }, auth: bearer });
    const stream = await fetch(`${server.origin}/api/v1/mcp/events`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    const ended = stream.text();
    await server.app.devices.revoke(me, device.id);
    const answers = await Promise.all([
      server.send({ path: "/api/v1/auth/session", auth: bearer }),
      server.send({ path: "/api/v1/mcp/tools", auth: made.json.token }),
      post("/auth/device", { device_token: token }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    await ended;
  });

  test("may approve what an agent asks, and not what came of itself", async () => {
    const { requireApprover } = await import("../../src/core/approval.ts");
    const { bearer } = await pair();
    const phone = (await server.app.people.identify(bearer))?.caller;
    if (!phone) throw new Error("the phone is not known");
    expect(phone).toMatchObject({ entrance: "device", userId: "owner" });
    const asked = (caller: Partial<Caller>) => ({ caller: { ...owner, ...caller } }) as never;
    expect(() => requireApprover(asked({ entrance: "mcp", credentialId: "mcp_x" }), phone)).not.toThrow();
    const own = asked({ entrance: "rest", credentialId: "tok_x", lineage: [phone.credentialId] });
    expect(() => requireApprover(own, phone)).toThrow("cannot approve it");
    const second = asked({ entrance: "device", credentialId: "ses_y", lineage: [phone.deviceId ?? ""] });
    expect(() => requireApprover(second, phone)).toThrow("cannot approve it");
  });
});
