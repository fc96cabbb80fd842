import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ownerId } from "../../src/core/user.ts";
import { appSecret, phoneNumberId, verifyToken } from "../../src/sandbox/whatsapp/phones.ts";
import { callOf, owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { linkNumber } from "../support/whatsapp-number.ts";

const path = "/webhooks/whatsapp";
const most = 3 * 1024 * 1024;
const env = {
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
  WHATSAPP_API_TOKEN: "EAAtoken",
  RATE_LIMIT_MAX: "20",
};
let server: Awaited<ReturnType<typeof bootServer>>;
beforeEach(async () => {
  server = await bootServer({ env });
});
afterEach(() => server[Symbol.asyncDispose]());

const sign = (raw: string | Uint8Array, secret = appSecret) =>
  `sha256=${new Bun.CryptoHasher("sha256", secret).update(raw).digest("hex")}`;
const post = (raw: string | Uint8Array, signature: string | undefined, more: { at?: string } = {}) =>
  server.send({
    path: more.at ?? path,
    auth: null,
    raw,
    headers: signature === undefined ? {} : { "x-hub-signature-256": signature },
  });
const deliver = (json: unknown) => {
  const raw = JSON.stringify(json);
  return post(raw, sign(raw));
};
const change = (part: Record<string, unknown>, number = phoneNumberId) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "1",
      changes: [
        {
          field: "messages",
          value: {
            metadata: { phone_number_id: number },
            contacts: [{ profile: { name: "Ada" }, wa_id: "447700900101" }],
            ...part,
          },
        },
      ],
    },
  ],
});
const text = (id: string, body: string, at = "1700000000") => ({
  from: "447700900101",
  id,
  timestamp: at,
  type: "text",
  text: { body },
});
const status = (id: string, state: string) => ({
  id,
  status: state,
  timestamp: "1700000001",
  recipient_id: "447700900101",
});
const read = async () => {
  const outcome = await server.app.execute(callOf("whatsapp_personal", { action: "read" }));
  if (!outcome.ok) throw new Error(outcome.message);
  return (outcome.data as { messages: { text: string; status?: string; failure?: string }[] }).messages;
};

describe("a delivery", () => {
  test("that is signed is kept for the owner of the number, once, and announced once", async () => {
    const before = await server.app.events.lastId();
    const delivery = change({ messages: [text("wamid.1", "Hello"), text("wamid.2", "Again", "1700000005")] });
    for (let times = 0; times < 3; times++) {
      expect(await deliver(delivery)).toMatchObject({ status: 200, json: { success: true } });
    }
    expect((await read()).map((message) => message.text)).toEqual(["Hello", "Again"]);
    const events = await server.app.events.since(ownerId, before, 10);
    expect(events).toMatchObject([
      {
        kind: "message.received",
        data: { service: "whatsapp", from: "447700900101", name: "Ada", text: "Hello", message_id: "wamid.1" },
      },
      { kind: "message.received", data: { text: "Again" } },
    ]);
  });

  test("comes to the event stream of the user, and of no other", async () => {
    const mia = await logIn(server, "mia");
    const last = String(await server.app.events.lastId());
    const listen = async (auth: string) => {
      const answer = await fetch(`${server.origin}/api/v1/mcp/events`, {
        headers: { authorization: `Bearer ${auth}`, "last-event-id": last },
      });
      return answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    };
    const own = await listen(server.app.localToken());
    const other = await listen(mia);
    await deliver(change({ messages: [text("wamid.1", "Hello")] }));
    let seen = "";
    while (!seen.includes("message.received")) seen += (await own?.read())?.value ?? "";
    expect(seen).toContain('"text":"Hello"');
    expect((await other?.read())?.value).toBe(": hello\n\n");
    await Promise.all([own?.cancel(), other?.cancel()]);
    expect(await server.app.events.since("mia", Number(last), 10)).toEqual([]);
  });

  test("that is replayed later opens no window, moves no status back and tells nothing new", async () => {
    const old = String(Math.floor(Date.now() / 1000) - 90_000);
    const delivery = change({ messages: [text("wamid.1", "Hello", old)], statuses: [status("wamid.out", "sent")] });
    await deliver(delivery);
    await deliver(change({ statuses: [status("wamid.out", "read")] }));
    const last = await server.app.events.lastId();
    expect((await deliver(delivery)).status).toBe(200);
    expect(await server.app.events.since(ownerId, last, 10)).toEqual([]);
    const outcome = await server.app.execute(callOf("whatsapp_personal", { action: "read", with: "+447700900101" }));
    expect(outcome).toMatchObject({ ok: true, data: { window_open_until: null } });
    expect(await read()).toHaveLength(1);
  });

  test("comes to everyone who has the number, and to each once, with states of their own", async () => {
    await server.app.people.addUser(owner, { id: "mia", role: "member" });
    await linkNumber(server.app.settings.home.database, "mia", phoneNumberId);
    for (let times = 0; times < 2; times++) await deliver(change({ messages: [text("wamid.1", "Hello")] }));
    for (const userId of [ownerId, "mia"]) {
      const events = await server.app.events.since(userId, 0, 10);
      expect(events.filter(({ kind }) => kind === "message.received")).toHaveLength(1);
    }
    await deliver(change({ messages: [text("wamid.2", "For another", "1700000009")] }, "777777"));
    expect(await read()).toHaveLength(1);
  });

  test("for a number that is nobody's here is taken and kept for nobody", async () => {
    expect((await deliver(change({ messages: [text("wamid.1", "Hello")] }, "99999"))).status).toBe(200);
    expect(await read()).toEqual([]);
  });

  test("of statuses only ever goes forward, and may come before the message is known", async () => {
    for (const state of ["sent", "read", "delivered", "sent"])
      await deliver(change({ statuses: [status("wamid.out", state)] }));
    const out = {
      id: "wamid.out",
      account: phoneNumberId,
      contact: "447700900101",
      direction: "out" as const,
      kind: "text",
      text: "Hi",
      at: new Date(),
    };
    // As `send` does once Meta has answered.
    const { createMessageStore } = await import("../../src/store/message.ts");
    const { openDatabase } = await import("../../src/store/database.ts");
    const database = openDatabase(server.app.settings.home.database);
    await createMessageStore(database.durable).of(ownerId, "whatsapp").add([out]);
    database.close();
    expect(await read()).toMatchObject([{ text: "Hi", status: "read" }]);
    await deliver(change({ statuses: [{ ...status("wamid.out", "failed"), errors: [{ code: 131026 }] }] }));
    expect(await read()).toMatchObject([{ status: "failed", failure: "WhatsApp cannot deliver to this number" }]);
  });

  test("that is genuine and says nothing known is taken, so that it does not come again", async () => {
    for (const json of [{}, [], { entry: [{ changes: [{ field: "security", value: {} }] }] }, null, 5]) {
      expect((await deliver(json)).status).toBe(200);
    }
    const raw = "{broken";
    expect((await post(raw, sign(raw))).status).toBe(400);
  });
});

describe("a forged delivery", () => {
  const raw = JSON.stringify(change({ messages: [text("wamid.1", "Hello")] }));
  const bad: [name: string, signature: string | undefined][] = [
    ["unsigned", undefined],
    ["signed with another secret", sign(raw, "other")],
    ["signed for another body", sign(`${raw} `)],
    ["signed with nothing", sign(raw, "")],
    ["with a signature of another kind", "sha1=abc"],
  ];
  test.each(bad)("%s: 401, and nothing is kept", async (_name, signature) => {
    const answer = await post(raw, signature);
    expect([answer.status, answer.json.error_code]).toEqual([401, "unauthenticated"]);
    expect(answer.text).not.toContain(appSecret);
    expect(await read()).toEqual([]);
  });

  test("is not parsed: what is no JSON is refused for its signature", async () => {
    expect((await post("{broken", sign("x"))).status).toBe(401);
    expect((await post("[".repeat(100_000), sign("x"))).status).toBe(401);
    expect((await post(new Uint8Array([0xff, 0xfe]), undefined)).status).toBe(401);
  });

  test("the same JSON in other bytes is another body", async () => {
    const spaced = JSON.stringify(JSON.parse(raw), null, 1);
    expect((await post(spaced, sign(raw))).status).toBe(401);
    expect((await post(spaced, sign(spaced))).status).toBe(200);
  });

  test("is counted, and genuine ones of the same address are not", async () => {
    const statuses = [];
    for (let times = 0; times < 25; times++) statuses.push((await post(raw, "sha256=00")).status);
    expect([statuses.filter((each) => each === 401).length, statuses.at(-1)]).toEqual([20, 429]);
    expect((await post(raw, sign(raw))).status).toBe(200);
    expect(await read()).toHaveLength(1);
  });

  test("its signature is one over the bytes on the wire: what is compressed is not unpacked", async () => {
    const packed = Bun.gzipSync(raw);
    const send = (signature: string) =>
      fetch(server.origin + path, {
        method: "POST",
        body: packed,
        headers: { "x-hub-signature-256": signature, "content-encoding": "gzip", "content-type": "application/json" },
      });
    expect([(await send(sign(raw))).status, (await send(sign(packed))).status]).toEqual([401, 400]);
    expect(await read()).toEqual([]);
  });

  test("a session of a person signs nothing", async () => {
    const answer = await server.send({ path, raw });
    expect(answer.status).toBe(401);
  });

  test("past 3 MiB: 413 before it is looked at, also when its length is not told", async () => {
    const large = "x".repeat(most + 1);
    expect((await post(large, sign(large))).status).toBe(413);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const answer = await fetch(server.origin + path, {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": sign(large) },
    });
    expect(answer.status).toBe(413);
    const just = `${raw}${" ".repeat(most - raw.length)}`;
    expect((await post(just, sign(just))).status).toBe(200);
  });
});

describe("the greeting", () => {
  const greet = (token: string, to = path) =>
    server.send({
      path: `${to}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(token)}`,
      auth: null,
    });
  test("with the right word gives the challenge back as text", async () => {
    const answer = await greet(verifyToken);
    expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
      200,
      "1158201444",
      "text/plain; charset=utf-8",
    ]);
  });
  test("with another word: 403, and not the word", async () => {
    const answer = await greet("guess");
    expect([answer.status, answer.text.includes(verifyToken)]).toEqual([403, false]);
  });
  test("of a webhook that nobody declares: 404", async () => {
    expect((await greet(verifyToken, "/webhooks/telegram")).status).toBe(404);
    expect((await post("{}", sign("{}"), { at: "/webhooks/telegram" })).status).toBe(404);
  });
});

test("without its secrets the address says that it is not set up, and nothing is believed", async () => {
  await using bare = await bootServer();
  const answer = await bare.send({ path, auth: null, raw: "{}", headers: { "x-hub-signature-256": sign("{}", "") } });
  expect([answer.status, answer.json.error_code]).toEqual([501, "not_configured"]);
  expect(
    (await bare.send({ path: `${path}?hub.mode=subscribe&hub.verify_token=&hub.challenge=1`, auth: null })).status,
  ).toBe(501);
});
