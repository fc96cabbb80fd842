import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import PostalMime from "postal-mime";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { gmail, logIn } from "../support/google.ts";
import { ada, type Data, grace, startMailSandbox } from "../support/mailbox.ts";

let sandbox: Sandbox;
let token = "";
let sendOnly = "";
beforeAll(async () => {
  sandbox = await startMailSandbox();
  const scope = [gmail("readonly"), gmail("send")].join(" ");
  token = (await logIn(sandbox, { scope }, { email: ada })).access_token ?? "";
  sendOnly = (await logIn(sandbox, { scope: gmail("send") }, { email: grace })).access_token ?? "";
});
afterAll(() => sandbox.stop());

interface Answer {
  status: number;
  body: Data;
}

async function ask(path: string, init: RequestInit = {}, bearer = token): Promise<Answer> {
  const headers = { ...(bearer ? { authorization: `Bearer ${bearer}` } : {}), ...init.headers };
  const response = await fetch(`${sandbox.baseUrls.GMAIL_BASE_URL}/gmail/v1/users/me${path}`, { ...init, headers });
  const isJson = response.headers.get("content-type")?.includes("json");
  return { status: response.status, body: isJson ? await response.json() : await response.text() };
}

const post = (body: unknown, type = "application/json"): RequestInit => ({
  method: "POST",
  headers: { "content-type": type },
  body: JSON.stringify(body),
});
const raw = (text: string): string => Buffer.from(text).toString("base64url");
const idsFor = async (q: string): Promise<Data[]> =>
  (await ask(`/messages?q=${encodeURIComponent(q)}&maxResults=500`)).body.messages ?? [];
const subjectsFor = async (q: string): Promise<string[]> => {
  const found = await idsFor(q);
  const mails = await Promise.all(
    found.map(({ id }) => ask(`/messages/${id}?format=metadata&metadataHeaders=Subject`)),
  );
  return mails.map(({ body }) => body.payload.headers[0]?.value ?? "");
};

describe("the stand-in is as strict as Gmail", () => {
  const rows: [what: string, path: string, init: RequestInit, status: number, message: RegExp | undefined][] = [
    ["an unknown parameter", "/messages?query=x", {}, 400, /Unknown name "query": Cannot bind query parameter/],
    ["a parameter of another method", "/labels?q=x", {}, 400, /Unknown name "q"/],
    ["a page that is none", "/messages?pageToken=abc", {}, 400, /Invalid pageToken/],
    ["a label that is none", "/messages?labelIds=Nonsense", {}, 400, /Invalid label: Nonsense/],
    ["a number that is none", "/messages?maxResults=many", {}, 400, /max_results/],
    ["a format that is none", "/messages/1a1a1a1a1a1a1a1a?format=short", {}, 400, /format/],
    ["fields that are none", "/messages?fields=messages(foo)", {}, 400, /Invalid field selection/],
    ["broken fields", "/messages?fields=messages(id", {}, 400, /Invalid field selection/],
    ["an id that is none", "/messages/xyz", {}, 400, /^Invalid id value$/],
    ["an id that is not there", "/messages/1a1a1a1a1a1a1a1a", {}, 404, /^Requested entity was not found.$/],
    ["a thread that is not there", "/threads/1a1a1a1a1a1a1a1a", {}, 404, /^Requested entity was not found.$/],
    ["a method that is not there", "/drafts", {}, 404, undefined],
    ["nothing to send", "/messages/send", post({}), 400, /'raw' RFC822 payload message string/],
    ["another field", "/messages/send", post({ raw: "YQ", to: "x" }), 400, /Unknown name "to": Cannot find field/],
    ["base64 of the other kind", "/messages/send", post({ raw: "a+/=" }), 400, /ByteString/],
    ["no recipient", "/messages/send", post({ raw: raw("Subject: x\r\n\r\nx") }), 400, /^Recipient address required$/],
    ["a recipient that is none", "/messages/send", post({ raw: raw("To: ada\r\n\r\nx") }), 400, /^Invalid To header$/],
    [
      "a thread of nobody",
      "/messages/send",
      post({ raw: raw("To: a@x.org\r\n\r\nx"), threadId: "1a1a1a1a1a1a1a1a" }),
      404,
      /not found/,
    ],
    ["a body that is a form", "/messages/send", post({ raw: "YQ" }, "text/plain"), 400, /not JSON/],
  ];
  test.each(rows)("%s", async (_what, path, init, status, message) => {
    const answer = await ask(path, init);
    expect(answer.status).toBe(status);
    if (message) expect(answer.body.error).toMatchObject({ code: status, message: expect.stringMatching(message) });
  });

  test("without a token, with another's, with too little", async () => {
    expect((await ask("/messages", {}, "")).status).toBe(401);
    expect((await ask("/messages", {}, "ya29.unknown")).body.error).toMatchObject({ status: "UNAUTHENTICATED" });
    const narrow = await ask("/messages", {}, sendOnly);
    expect(narrow).toMatchObject({
      status: 403,
      body: {
        error: {
          errors: [{ reason: "insufficientPermissions" }],
          details: [{ metadata: { method: "caribou.api.proto.MailboxService.ListMessages" } }],
        },
      },
    });
  });

  test("an id of an attachment is another one each time, and both work", async () => {
    const [{ id }] = await idsFor("filename:ticket.pdf");
    const find = async (): Promise<string> => (await ask(`/messages/${id}`)).body.payload.parts[1].body.attachmentId;
    const [first, second] = [await find(), await find()];
    expect(first).not.toBe(second);
    for (const each of [first, second]) {
      const { body } = await ask(`/messages/${id}/attachments/${each}`);
      expect(Buffer.from(body.data, "base64url").toString()).toStartWith("%PDF-1.4");
    }
    expect((await ask(`/messages/${id}/attachments/nonsense`)).status).toBe(400);
  });
});

describe("searching the stand-in", () => {
  test.each<[q: string, subjects: string[]]>([
    ["from:alan", ["Tea on Sunday?"]],
    ["from:alan.turing@example.com in:inbox", ["Tea on Sunday?"]],
    ["to:menabrea", ["Note G"]],
    ["cc:alan is:unread", ["Re: Compiler notes for Thursday"]],
    ['subject:"evening lecture"', ["Evening lecture: what machines cannot do"]],
    ["subject:(lecture evening)", ["Evening lecture: what machines cannot do"]],
    ["subject:minutes has:attachment", ["Minutes of the committee on calculating machines"]],
    ["filename:csv", ["Minutes of the committee on calculating machines"]],
    ["label:travel is:unread", ["Your ticket to Bristol Temple Meads"]],
    ["label:royal-society from:babbage", ["The Engine, and money"]],
    ["in:spam", ["You have WON £1,000,000!!!"]],
    ["WON", []],
    ["in:anywhere WON", ["You have WON £1,000,000!!!"]],
    ["in:trash", ["Last days of lavender"]],
    ['"two hours" OR "a chess problem"', ["Tea on Sunday?"]],
    ["{from:felix from:byron}", ["🎂 Happy birthday, Ada!", "Tuning of your piano"]],
    ["from:felix OR from:byron is:unread", ["🎂 Happy birthday, Ada!", "Tuning of your piano"]],
    ["from:hatchards -HB-19844", ["Your receipt HB-20417"]],
    ["from:hatchards older_than:7d", ["Your receipt HB-19844"]],
    ["from:hatchards newer_than:1m", ["Your receipt HB-20417"]],
    ["rfc822msgid:note-g@seeds.example.org", ["Note G"]],
    ["is:starred", ["Compiler notes for Thursday"]],
    ["larger:100k", ["Proofs of the tables, 2,000 lines"]],
    [
      "from:abacus -is:unread -subject:twos -subject:slide",
      ["The Daily Abacus #410: On the teaching of long division"],
    ],
    ["計算機", ["計算機の件"]],
    ["before:2001/01/01", []],
  ])("%s", async (q, subjects) => {
    expect(await subjectsFor(q)).toEqual(subjects);
  });
});

describe("the mailboxes", () => {
  test("every seed is a mail that another parser reads alike", async () => {
    for (const { id } of await idsFor("in:anywhere")) {
      const { raw: bytes } = (await ask(`/messages/${id}?format=raw`)).body;
      const whole = await PostalMime.parse(Buffer.from(bytes, "base64url"));
      const { payload } = (await ask(`/messages/${id}`)).body;
      const value = (name: string): string =>
        payload.headers.find((header: Data) => header.name.toLowerCase() === name)?.value ?? "";
      expect(value("subject")).toBe(whole.subject ?? "");
      const parts = (part: Data): Data[] => [part, ...(part.parts ?? []).flatMap(parts)];
      const names = parts(payload).map(({ filename }) => filename);
      expect(names.filter(Boolean)).toEqual(whole.attachments.map(({ filename }) => filename));
      const text = parts(payload).find(({ mimeType, filename }) => mimeType === "text/plain" && !filename)?.body.data;
      if (text === undefined) continue;
      const lines = (given: string): string => given.replace(/\r\n?/g, "\n").trimEnd();
      expect(lines(Buffer.from(text, "base64url").toString())).toBe(lines(whole.text ?? ""));
    }
  });

  test("belong to different people", async () => {
    const profile = await ask("/profile");
    expect(profile.body).toMatchObject({ emailAddress: ada, messagesTotal: 39 });
    expect((await ask("/profile", {}, sendOnly)).body.emailAddress).toBe(grace);
  });

  test("several processes that look at once see the same mailbox", async () => {
    const other = await startMailSandbox();
    const scope = gmail("readonly");
    const bearer = (await logIn(other, { scope }, { email: ada })).access_token;
    const url = `${other.baseUrls.GMAIL_BASE_URL}/gmail/v1/users/me/messages?maxResults=500`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () =>
        (await fetch(url, { headers: { authorization: `Bearer ${bearer}` } })).json(),
      ),
    );
    await other.stop();
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test("a partial answer holds what was asked for", async () => {
    const [{ id }] = await idsFor("filename:csv");
    const { body } = await ask(`/messages/${id}?fields=id,payload(mimeType,parts(filename,body/size))`);
    expect(Object.keys(body)).toEqual(["id", "payload"]);
    expect(body.payload).toEqual({
      mimeType: "multipart/mixed",
      parts: [
        { filename: "", body: { size: expect.any(Number) } },
        { filename: "minutes.pdf", body: { size: 69 } },
        { filename: "attendance.csv", body: { size: 69 } },
      ],
    });
  });

  test("a foreign sender is put right", async () => {
    const message = raw("From: Queen <queen@example.org>\r\nTo: nobody@example.net\r\nSubject: Royal\r\n\r\nx");
    const { body } = await ask("/messages/send", post({ raw: message }));
    const sent = (await ask(`/messages/${body.id}?format=metadata&metadataHeaders=From`)).body;
    expect(sent.payload.headers).toEqual([{ name: "From", value: "Ada Lovelace <ada.lovelace@example.com>" }]);
    expect(sent.labelIds).toEqual(["SENT"]);
  });
});
