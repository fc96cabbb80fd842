import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { decodeText } from "../../../src/adapters/gmail/charset.ts";
import { decodeWords } from "../../../src/adapters/gmail/encoded-words.ts";
import { headersOf, type Part, parseMessage } from "../../../src/adapters/gmail/message.ts";
import { bodyParts, hasAttachments, listAttachments } from "../../../src/adapters/gmail/parts.ts";
import { mostCharacters } from "../../../src/adapters/gmail/read.ts";
import { readText } from "../../../src/adapters/gmail/text.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { actionOf, ada, type Data, mail, openAccount, startMailSandbox } from "../../support/mailbox.ts";
import { failureOf } from "../../support/upstream.ts";

let sandbox: Sandbox;
let context: ToolContext;
beforeAll(async () => {
  sandbox = await startMailSandbox();
  context = await openAccount(sandbox, ada);
});
afterAll(() => sandbox.stop());

async function read(query: string, more: Record<string, unknown> = {}): Promise<Data> {
  const { messages } = await mail("search", { query, max_results: 1 }, context);
  return mail("read", { message_id: messages[0].id, ...more }, context);
}

describe("reading a message", () => {
  test("tells who, when, what, and what came along", async () => {
    const data = await read("subject:moth OR subject:bug from:grace");
    expect(data).toMatchObject({
      headers: {
        from: "Grace Hopper <grace.hopper@example.com>",
        to: "Alan Turing <alan.turing@example.com>, Ada Lovelace <ada.lovelace@example.com>",
        subject: "First actual case of a bug being found",
        message_id: "<bug@seeds.example.org>",
      },
      labels: ["INBOX"],
      unread: false,
      text: "A moth, in relay 70 of panel F. It is taped into the logbook. Photograph attached.",
      attachments: [{ id: "1", name: "moth.png", type: "image/png", size: 70 }],
      truncated: false,
    });
    expect(Date.parse(data.date)).toBeLessThan(Date.now());
    expect(Value.Check(actionOf("read").output, data)).toBe(true);
  });

  test.each([
    ["from:jorgen", "Smørbrød på lørdag", "blir du med på smørbrød på lørdag? Vi møtes på kaia, klokka tolv."],
    ["from:yamada", "計算機の件", "こんにちは。\n計算機の件です。"],
    ["from:fyodor", "Спасибо", "Спасибо за письмо!"],
    ["from:brasserie", "Addition – 42 €", "Deux cafés, un gâteau: 42 €.\nMerci – et à bientôt!"],
  ])("in another charset: %s", async (query, subject, text) => {
    const data = await read(query);
    expect(data.headers.subject).toBe(subject);
    expect(data.text).toContain(text);
  });

  test("HTML becomes text where there is no other, and comes itself when asked for", async () => {
    const query = 'subject:"Looms that remember"';
    const { text, html } = await read(query);
    expect(html).toBeUndefined();
    expect(text).toStartWith("Looms that remember\n\nIn Lyon a loom weaves portraits from 24,000 punched cards.");
    expect(text).toContain("Read on [https://abacus.example.net/issues/414?utm_source=mail]");
    expect(text).not.toMatch(/[<>{}]|pixel/);
    expect((await read(query, { include_html: true })).html).toContain("<h1>Looms that remember</h1>");
  });

  test("plain text is preferred to HTML", async () => {
    const data = await read("from:hatchards newer_than:7d", { include_html: true });
    expect(data.text).toStartWith("Thank you for your order.\n\nDe Morgan, Formal Logic: £12.40");
    expect(data.html).toContain("<h2>");
  });

  test("a long text is cut, and that is said", async () => {
    const data = await read("from:printer");
    expect(data.truncated).toBe(true);
    expect(data.text).toHaveLength(mostCharacters);
  });

  test("a thread comes in order, the oldest first", async () => {
    const { messages } = await mail("search", { query: "subject:compiler", max_results: 1 }, context);
    const thread = await mail("read", { thread_id: messages[0].thread_id }, context);
    expect(Value.Check(actionOf("read").output, thread)).toBe(true);
    expect(thread.truncated).toBe(false);
    expect(thread.messages.map(({ headers }: Data) => headers.message_id)).toEqual(
      [1, 2, 3].map((n) => `<compiler-${n}@seeds.example.org>`),
    );
  });

  test("an attachment comes in base64, by a number that stays", async () => {
    const { attachment } = await read("filename:attendance.csv", { attachment_id: "2" });
    expect(attachment).toMatchObject({ id: "2", name: "attendance.csv", type: "text/csv", size: 69 });
    expect(Buffer.from(attachment.content, "base64").toString()).toStartWith("name,present\nAda Lovelace,yes");
  });

  test("what strangers wrote is marked as such", async () => {
    const { messages } = await mail("search", { query: "from:support" }, context);
    const { metadata } = await actionOf("read").run({ message_id: messages[0].id }, context);
    expect(metadata).toMatchObject({
      provider: "Gmail",
      untrusted: ["headers", "text", "html", "attachments", "attachment"],
    });
  });

  test.each<[parameters: Record<string, unknown>, failure: Record<string, unknown>]>([
    [{}, { code: "invalid_parameters" }],
    [{ message_id: "1a", thread_id: "1a" }, { code: "invalid_parameters" }],
    [{ thread_id: "1a", attachment_id: "1" }, { code: "invalid_parameters" }],
    [{ message_id: "1a1a1a1a1a1a1a1a" }, { code: "not_found" }],
    [{ thread_id: "1a1a1a1a1a1a1a1a" }, { code: "not_found" }],
    [{ message_id: "nonsense" }, { code: "not_found", message: "Gmail has no such entry" }],
  ])("%p is refused", async (parameters, failure) => {
    expect(await failureOf(mail("read", parameters, context))).toMatchObject(failure);
  });

  test("an attachment that is not there names those that are", async () => {
    const failure = await failureOf(read("filename:attendance.csv", { attachment_id: "7" }));
    expect(failure).toMatchObject({ code: "not_found", hint: "It has: 1, 2" });
  });
});

describe("parts", () => {
  const part = (type: string, more: Partial<Part> = {}): Part => ({
    id: "",
    type,
    name: "",
    headers: [],
    size: 1,
    data: "eA",
    parts: [],
    ...more,
  });
  const plain = part("text/plain", { id: "0" });
  const html = part("text/html", { id: "1" });
  const image = part("image/png", { id: "2", attachmentId: "A", size: 9 });
  const types = (root: Part): string[] => bodyParts(root).map(({ type }) => type);

  test.each<[name: string, root: Part, expected: string[]]>([
    ["plain alone", plain, ["text/plain"]],
    ["HTML alone", html, ["text/html"]],
    ["alternative", part("multipart/alternative", { parts: [plain, html] }), ["text/plain"]],
    ["alternative, HTML first", part("multipart/alternative", { parts: [html, plain] }), ["text/plain"]],
    ["misspelt alternative", part("multipart/alternate", { parts: [plain, html] }), ["text/plain"]],
    [
      "related in alternative",
      part("multipart/alternative", { parts: [part("multipart/related", { parts: [html, image] }), plain] }),
      ["text/plain"],
    ],
    ["HTML and a footer", part("multipart/mixed", { parts: [html, plain] }), ["text/html", "text/plain"]],
    ["nothing to read", part("multipart/mixed", { parts: [image] }), []],
    ["a named text", part("multipart/mixed", { parts: [plain, { ...plain, name: "a.txt" }] }), ["text/plain"]],
  ])("%s", (_name, root, expected) => {
    expect(types(root)).toEqual(expected);
  });

  test("an image without a name gets one, a whole message that is a file is part 0", () => {
    const list = (root: Part) => listAttachments({ id: "m", threadId: "t", labels: [], snippet: "", root });
    expect(list(part("multipart/related", { parts: [html, image] }))).toEqual([
      { id: "2", name: "part-2.png", type: "image/png", size: 9 },
    ]);
    expect(list(part("application/pdf", { name: "a.pdf", attachmentId: "A" }))).toEqual([
      { id: "0", name: "a.pdf", type: "application/pdf", size: 1 },
    ]);
    expect(hasAttachments(part("multipart/mixed", { parts: [plain, { ...image, name: "x.png" }] }))).toBe(true);
    expect(hasAttachments(part("multipart/related", { parts: [html, image] }))).toBe(false);
  });

  test("whatever comes is a message or refused", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const payload: unknown = JSON.parse(text);
        const message = parseMessage({
          id: "a",
          threadId: "b",
          labelIds: payload,
          snippet: payload,
          internalDate: payload,
          payload,
        });
        expect(Object.values(headersOf(message)).every((value) => typeof value === "string")).toBe(true);
        expect(Array.isArray(listAttachments(message))).toBe(true);
      }),
    );
  });

  test("a text is never cut through a character", async () => {
    const text = await readText([plain], async () => Buffer.from("a🎉b"), 2);
    expect(text).toEqual({ text: "a", truncated: true });
  });
});

describe("charsets", () => {
  test.each<[bytes: string, type: string | undefined, text: string]>([
    ["c3a9", undefined, "é"],
    ["c3a9", "text/plain; charset=iso-8859-1", "é"],
    ["e9", "text/plain; charset=iso-8859-1", "é"],
    ["e9", 'text/plain; charset="no-such-charset"', "é"],
    ["80", "text/plain; charset=windows-1252", "€"],
    ["8e52", "text/plain; charset=Shift_JIS; format=flowed", "山"],
    ["1b2442337a1b2842", "text/plain; charset=iso-2022-jp", "噛"],
    ["0d0a61", undefined, "\na"],
    ["ff", undefined, "ÿ"],
  ])("%s as %s", (bytes, type, text) => {
    expect(decodeText(Buffer.from(bytes, "hex"), type)).toBe(text);
  });

  test.each([
    ["=?UTF-8?Q?caf=C3=A9_noir?=", "café noir"],
    ["=?utf-8?B?8J+Oig==?= =?utf-8?b?8J+Oig==?=", "🎊🎊"],
    ["=?ISO-8859-1?Q?a?= b =?ISO-8859-1?Q?=E9?=", "a b é"],
    ["=?no-such?Q?a?=", "=?no-such?Q?a?="],
    ["1 =? 2", "1 =? 2"],
  ])("%s is %s", (given, text) => {
    expect(decodeWords(given)).toBe(text);
  });

  test("any bytes become a text", () => {
    const charset = fc.constantFrom("utf-8", "iso-2022-jp", "utf-16", "gb18030", "x", "hz-gb-2312");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), charset, (bytes, name) => {
        expect(typeof decodeText(bytes, `text/plain; charset=${name}`)).toBe("string");
      }),
    );
  });
});
