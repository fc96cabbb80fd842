import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import PostalMime, { type Email } from "postal-mime";
import { composeMail } from "../../../src/adapters/gmail/compose.ts";
import type { Original } from "../../../src/adapters/gmail/original.ts";
import type { Mail } from "../../../src/adapters/gmail/send.ts";
import { checkParameters } from "../../../src/core/parameters.ts";
import { actionOf } from "../../support/mailbox.ts";

const at = new Date("2026-03-10T12:20:00Z");
const parsed = async (given: Mail, original?: Original): Promise<Email> =>
  PostalMime.parse(await composeMail(given, at, original));
const base: Mail = { to: ["ada@example.org"], subject: "Hello", body: "Text" };
const sameText = (text: string): string => text.toWellFormed().replace(/\r\n?/g, "\n").trimEnd();

/** Any text in one line, as the schema lets it through. */
const line = fc.string({ unit: "binary", maxLength: 120 }).map((text) =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "")
    .replace(/\s+/g, " ")
    .trim(),
);

describe("the mail that goes out, read by another parser", () => {
  test("addresses, subject, text, HTML, date and attachments", async () => {
    const email = await parsed({
      to: ['"Lovelace, Ada" <ada@example.org>', "Zoë 李 <zoe@example.org>", "<plain@example.org>"],
      cc: ["cc@example.org"],
      bcc: ["hidden@example.org"],
      subject: "Grüße 🎉 from the analytical engine, which takes more than one line of a header to be told about",
      body: "Zeile eins\n.\nFrom here on\n\nЕщё строка",
      html: "<p>Zeile <b>eins</b></p>",
      attachments: [
        { name: "naïve plan (文).txt", content: Buffer.from("hello").toString("base64") },
        { name: "a.bin", type: "application/x-thing", content: Buffer.from([0, 255, 10, 13]).toString("base64") },
      ],
    });
    expect(email.to).toEqual([
      { name: "Lovelace, Ada", address: "ada@example.org" },
      { name: "Zoë 李", address: "zoe@example.org" },
      { name: "", address: "plain@example.org" },
    ]);
    expect([email.cc, email.bcc]).toEqual([
      [{ name: "", address: "cc@example.org" }],
      [{ name: "", address: "hidden@example.org" }],
    ]);
    expect(email.subject).toBe(
      "Grüße 🎉 from the analytical engine, which takes more than one line of a header to be told about",
    );
    expect(sameText(email.text ?? "")).toBe("Zeile eins\n.\nFrom here on\n\nЕщё строка");
    expect(email.html?.trim()).toBe("<p>Zeile <b>eins</b></p>");
    expect(email.date).toBe(at.toISOString());
    expect(email.from).toBeUndefined();
    expect(email.attachments.map(({ filename, mimeType, content }) => [filename, mimeType, bytesOf(content)])).toEqual([
      ["naïve plan (文).txt", "text/plain", [...Buffer.from("hello")]],
      ["a.bin", "application/x-thing", [0, 255, 10, 13]],
    ]);
  });

  test("no line is longer than mail may have, and all end in CRLF", async () => {
    const raw = (await composeMail({ ...base, subject: "x".repeat(900), body: "word ".repeat(5_000) }, at)).toString();
    expect(raw.split("\r\n").filter((each) => each.length > 998)).toEqual([]);
    expect(raw.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test("the host that it was written on is not told", async () => {
    const { hostname } = await import("node:os");
    const raw = (await composeMail(base, at)).toString();
    expect(raw).not.toContain(hostname());
    expect(raw).not.toMatch(/x-mailer|user-agent/i);
  });

  test("any subject, address, name, text, HTML and file survives", async () => {
    const file = fc.record({
      name: line.filter((name) => name.trim() !== ""),
      bytes: fc.uint8Array({ maxLength: 300 }),
    });
    const local = fc
      .stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]([a-z0-9.+_-]{0,30}[a-z0-9])?$/)
      .filter((text) => !text.includes(".."));
    const person = fc.record({ name: line, address: local.map((text) => `${text}@mail.example.org`) });
    const people = fc.array(person, { maxLength: 3 });
    const text = fc.string({ unit: "binary", maxLength: 400 });
    const writeOut = (list: { name: string; address: string }[]): string[] =>
      list.map(({ name, address }) => `"${name.replace(/(["\\])/g, "\\$1")}" <${address}>`);
    const wellFormed = (list: { name: string; address: string }[]) =>
      list.map(({ name, address }) => ({ name: name.toWellFormed(), address }));
    const letter = fc.record({
      to: fc.array(person, { minLength: 1, maxLength: 3 }),
      cc: people,
      bcc: people,
      subject: line,
      body: text,
      html: fc.option(text, { nil: undefined }),
      files: fc.array(file, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(letter, async ({ to, cc, bcc, subject, body, html, files }) => {
        const attachments = files.map((each) => ({
          name: each.name,
          type: "application/octet-stream",
          content: Buffer.from(each.bytes).toString("base64"),
        }));
        const copies = { cc: writeOut(cc), bcc: writeOut(bcc) };
        const given = {
          to: writeOut(to),
          ...copies,
          subject,
          body,
          ...(html === undefined ? {} : { html }),
          attachments,
        };
        expect(checkParameters(actionOf("send").input, given)).toEqual({ ok: true, value: given });
        const email = await parsed(given);
        expect(email.subject ?? "").toBe(subject.toWellFormed());
        expect([email.to, email.cc ?? [], email.bcc ?? []]).toEqual([to, cc, bcc].map(wellFormed));
        expect(sameText(email.text ?? "")).toBe(sameText(body));
        expect(sameText(email.html ?? "")).toBe(sameText(html ?? ""));
        expect(email.attachments.map(({ content }) => bytesOf(content))).toEqual(files.map(({ bytes }) => [...bytes]));
        expect(email.attachments.map(({ filename }) => filename)).toEqual(
          files.map((each) => each.name.toWellFormed()),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("nothing that is taken in makes a header of its own", async () => {
    const known = /^(to|cc|bcc|subject|date|message-id|mime-version|content-type|content-transfer-encoding)$/;
    const nasty = fc.constantFrom(
      "\r\n",
      "\n",
      "\r",
      "\u2028",
      "\0",
      "Bcc: evil@example.org",
      ": ",
      "=?utf-8?q?=0a?=",
      "a",
    );
    const text = fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (subject, name, fileName) => {
        const given = {
          to: [`${name} <ada@example.org>`],
          subject,
          body: "x",
          attachments: [{ name: fileName, content: "" }],
        };
        const checked = checkParameters(actionOf("send").input, given);
        if (!checked.ok) return;
        const email = await parsed(checked.value as Mail);
        expect(email.headers.map(({ key }) => key).filter((key) => !known.test(key))).toEqual([]);
        expect(email.bcc).toBeUndefined();
        expect(email.to?.map(({ address }) => address)).toEqual(["ada@example.org"]);
      }),
      { numRuns: 200 },
    );
  });
});

const bytesOf = (content: ArrayBuffer | Uint8Array | string): number[] =>
  typeof content === "string" ? [...Buffer.from(content)] : [...new Uint8Array(content)];

describe("answers", () => {
  const original: Original = {
    threadId: "t",
    subject: "Tea?",
    messageId: "<3@x.org>",
    references: ["<1@x.org>", "<2@x.org>"],
  };
  const answer: Mail = { to: ["ada@example.org"], body: "Yes", reply_to: "1" };

  test.each([
    ["Tea?", "Re: Tea?"],
    ["Re: Tea?", "Re: Tea?"],
    ["RE: Tea?", "RE: Tea?"],
    ["", "Re:"],
  ])("to %p are called %p", async (subject, expected) => {
    expect((await parsed(answer, { ...original, subject })).subject).toBe(expected);
  });

  test("keep a subject that was given", async () => {
    expect((await parsed({ ...answer, subject: "Coffee" }, original)).subject).toBe("Coffee");
  });

  test("name the conversation", async () => {
    const { inReplyTo, references } = await parsed(answer, original);
    expect([inReplyTo, references]).toEqual(["<3@x.org>", "<1@x.org> <2@x.org> <3@x.org>"]);
  });

  test("of a long conversation name the first and the newest", async () => {
    const long = Array.from({ length: 500 }, (_, n) => `<${n}@x.org>`);
    const ids = (await parsed(answer, { ...original, references: long })).references?.split(/\s+/) ?? [];
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([51, "<0@x.org>", "<3@x.org>"]);
  });
});
