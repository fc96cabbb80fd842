import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readDelivery } from "../../../src/adapters/whatsapp/deliveries.ts";
import { refusalCodes } from "../../../src/adapters/whatsapp/refusal-codes.ts";
import { refusedByWhatsapp } from "../../../src/adapters/whatsapp/refusals.ts";
import { whatsappWebhook } from "../../../src/adapters/whatsapp/webhook.ts";

const config = { WHATSAPP_APP_SECRET: "app secret", WHATSAPP_VERIFY_TOKEN: "verify me" };
const now = new Date("2026-11-24T12:00:00Z");
const sign = (bytes: Uint8Array, secret = "app secret") =>
  `sha256=${new Bun.CryptoHasher("sha256", secret).update(bytes).digest("hex")}`;
const genuine = (bytes: Uint8Array, signature: string | undefined, of: Record<string, string> = config) =>
  whatsappWebhook.isGenuine(
    bytes,
    new Headers(signature === undefined ? {} : { "x-hub-signature-256": signature }),
    of,
  );

describe("a signature", () => {
  test("is that of RFC 4231's case 2 for its key and text", async () => {
    const known = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    expect(await genuine(Buffer.from("what do ya want for nothing?"), known, { WHATSAPP_APP_SECRET: "Jefe" })).toBe(
      true,
    );
  });

  test("holds for the very bytes and the very secret, and for nothing near them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), async (bytes, at) => {
        const other = bytes.slice();
        const place = at % bytes.length;
        other[place] = (other[place] ?? 0) ^ 1;
        expect(await genuine(bytes, sign(bytes))).toBe(true);
        expect(await genuine(other, sign(bytes))).toBe(false);
        expect(await genuine(bytes, sign(bytes, "app secret "))).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  const bytes = Buffer.from("{}");
  const bad: [name: string, signature: string | undefined][] = [
    ["none", undefined],
    ["empty", ""],
    ["without its name", sign(bytes).slice(7)],
    ["SHA-1", sign(bytes).replace("sha256=", "sha1=")],
    ["in capitals", `sha256=${sign(bytes).slice(7).toUpperCase()}`],
    ["with a tail", `${sign(bytes)}00`],
    ["twice", `${sign(bytes)}, ${sign(bytes)}`],
    ["of nothing", sign(Buffer.alloc(0))],
    ["of an empty secret", `sha256=${new Bun.CryptoHasher("sha256", "").update(bytes).digest("hex")}`],
  ];
  test.each(bad)("%s is none", async (_name, signature) => expect(await genuine(bytes, signature)).toBe(false));
  test("without a secret nothing is genuine", async () => {
    const empty = `sha256=${new Bun.CryptoHasher("sha256", "").update(bytes).digest("hex")}`;
    expect(await genuine(bytes, empty, { WHATSAPP_APP_SECRET: "" })).toBe(false);
    expect(await genuine(bytes, empty, {})).toBe(false);
  });
});

describe("the greeting", () => {
  const ask = (query: Record<string, string>) => whatsappWebhook.greet(new URLSearchParams(query), config);
  const good = { "hub.mode": "subscribe", "hub.verify_token": "verify me", "hub.challenge": "1158201444" };
  test("gives the challenge back", async () => expect(await ask(good)).toBe("1158201444"));
  const bad: [change: Record<string, string>, code: string][] = [
    [{ "hub.verify_token": "verify" }, "forbidden"],
    [{ "hub.verify_token": "" }, "forbidden"],
    [{ "hub.mode": "unsubscribe" }, "invalid_parameters"],
    [{ "hub.challenge": "" }, "invalid_parameters"],
    [{ "hub.challenge": "<script>" }, "invalid_parameters"],
    [{ "hub.challenge": "1".repeat(201) }, "invalid_parameters"],
  ];
  test.each(bad)("%j: %s", async (change, code) => {
    expect(ask({ ...good, ...change })).rejects.toMatchObject({ code });
  });
});

const frame = (part: Record<string, unknown>, field = "messages") => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "1",
      changes: [
        {
          value: {
            metadata: { phone_number_id: "111" },
            contacts: [{ profile: { name: "Ada" }, wa_id: "447700900101" }],
            ...part,
          },
          field,
        },
      ],
    },
  ],
});
const message = (more: Record<string, unknown>) => ({
  from: "447700900101",
  id: "wamid.1",
  timestamp: "1795521600",
  ...more,
});

describe("a delivery", () => {
  const kinds: [kind: string, part: unknown, text: string | undefined][] = [
    ["text", { body: "Hi\nthere" }, "Hi\nthere"],
    ["image", { caption: "Look", id: "1" }, "Look"],
    ["image", { id: "1" }, undefined],
    ["document", { filename: "a.pdf", caption: "Read" }, "a.pdf: Read"],
    ["audio", { voice: true }, undefined],
    ["button", { text: "Yes", payload: "y" }, "Yes"],
    ["interactive", { type: "button_reply", button_reply: { id: "1", title: "Later" } }, "Later"],
    ["interactive", { type: "list_reply", list_reply: { id: "1", title: "Third" } }, "Third"],
    [
      "location",
      { latitude: 51.5, longitude: -0.1, name: "Big Ben", address: "London" },
      "Big Ben, London: 51.5, -0.1",
    ],
    ["contacts", undefined, ""],
    [
      "system",
      { body: "Ada changed her number", wa_id: "447700900102", type: "user_changed_number" },
      "Ada changed her number",
    ],
    ["hologram", { depth: 3 }, undefined],
  ];
  test.each(kinds)("%s %j", (kind, part, text) => {
    const { received } = readDelivery(frame({ messages: [message({ type: kind, [kind]: part })] }), now);
    expect(received).toEqual([
      {
        id: "wamid.1",
        account: "111",
        contact: "447700900101",
        contactName: "Ada",
        direction: "in",
        kind,
        at: new Date("2026-11-24T12:00:00Z"),
        ...(text === undefined ? {} : { text }),
      },
    ]);
  });

  test("what comes as an error is no text, whatever it is called", () => {
    const errors = [{ code: 131051, title: "Message type unknown" }];
    const { received } = readDelivery(
      frame({ messages: [message({ type: "text", text: { body: "x" }, errors })] }),
      now,
    );
    expect(received.map(({ kind, text }) => [kind, text])).toEqual([["unsupported", undefined]]);
  });

  test("a reaction and an answer name their message; what lies ahead of the clock is now", () => {
    const { received } = readDelivery(
      frame({
        messages: [
          message({ type: "reaction", reaction: { message_id: "wamid.0", emoji: "😮" } }),
          message({
            id: "wamid.2",
            type: "text",
            text: { body: "ok" },
            context: { id: "wamid.0" },
            timestamp: "99999999999",
          }),
        ],
      }),
      now,
    );
    expect(received).toMatchObject([
      { text: "😮", replyTo: "wamid.0" },
      { replyTo: "wamid.0", at: now },
    ]);
  });

  test("statuses, with why one failed", () => {
    const status = (more: Record<string, unknown>) => ({
      id: "wamid.9",
      status: "sent",
      timestamp: "1795521600",
      recipient_id: "1",
      ...more,
    });
    const { reports } = readDelivery(
      frame({
        statuses: [
          status({}),
          status({ status: "failed", errors: [{ code: 131047, title: "Re-engagement message" }] }),
          status({ status: "warped" }),
          status({ id: 5 }),
        ],
      }),
      now,
    );
    expect(reports).toMatchObject([
      { status: "sent", messageId: "wamid.9", account: "111" },
      { status: "failed", failure: "More than 24 hours have passed since this person wrote last" },
    ]);
  });

  test("any JSON at all is read without a fault, and only messages come of it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (any, part) => {
        readDelivery(any, now);
        const { received } = readDelivery(frame({ messages: [part, message({ type: "text", text: part })] }), now);
        for (const { id, contact } of received)
          expect([typeof id, /^\d{5,20}$/.test(contact)]).toEqual(["string", true]);
      }),
      { numRuns: 200 },
    );
    expect(readDelivery(frame({ messages: [message({})] }, "account_update"), now)).toEqual({
      received: [],
      reports: [],
    });
  });
});

describe("refusals", () => {
  const rows: [status: number, code: number, ours: string][] = [
    [400, 4, "rate_limited"],
    [403, 368, "forbidden"],
    [400, 80007, "rate_limited"],
    [400, 130429, "rate_limited"],
    [400, 130472, "conflict"],
    [400, 131021, "invalid_parameters"],
    [400, 131026, "not_found"],
    [400, 131030, "forbidden"],
    [403, 131031, "forbidden"],
    [400, 131042, "forbidden"],
    [400, 131047, "conflict"],
    [400, 131048, "rate_limited"],
    [400, 131049, "rate_limited"],
    [400, 131056, "rate_limited"],
    [400, 132000, "invalid_parameters"],
    [404, 132001, "not_found"],
    [400, 132005, "invalid_parameters"],
    [400, 132007, "forbidden"],
    [400, 132012, "invalid_parameters"],
    [400, 132015, "conflict"],
    [400, 132016, "conflict"],
    [400, 133010, "not_configured"],
    [401, 0, "auth_required"],
    [401, 190, "auth_required"],
    [403, 3, "auth_required"],
    [403, 10, "auth_required"],
    [403, 200, "auth_required"],
    [403, 299, "auth_required"],
    [403, 131005, "auth_required"],
    [400, 100, "upstream_rejected"],
    [400, 999999, "upstream_rejected"],
  ];
  test("every code that is known has a case", () => {
    const cased = new Set(rows.map(([, code]) => String(code)));
    expect(Object.keys(refusalCodes).filter((code) => !cased.has(code))).toEqual([]);
  });
  test.each(rows)("%i with %i: %s", (status, code, ours) => {
    const error = refusedByWhatsapp(status, {
      error: { code, message: `(#${code}) No`, error_data: { details: "Because\x1b of it" } },
    });
    expect([error.code, typeof error.hint, error.metadata.whatsapp_code]).toEqual([ours as never, "string", code]);
    expect(error.message).not.toContain("\x1b");
  });
  test("131047 names the template way, before and after", () => {
    expect(refusedByWhatsapp(400, { error: { code: 131047 } }).hint).toContain("--template <name>");
  });
});
