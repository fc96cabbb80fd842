import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Mail } from "../../../src/adapters/gmail/send.ts";
import { checkParameters } from "../../../src/core/parameters.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { createVoice } from "../../../src/core/voice.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { gmail } from "../../support/google.ts";
import { actionOf, ada, alan, type Data, grace, mail, openAccount, startMailSandbox } from "../../support/mailbox.ts";
import { failureOf } from "../../support/upstream.ts";

const base: Mail = { to: ["ada@example.org"], subject: "Hello", body: "Text" };

describe("what is refused before anything is sent", () => {
  const check = (more: Record<string, unknown>): string[] => {
    const result = checkParameters(actionOf("send").input, { ...base, ...more });
    return result.ok ? [] : result.problems;
  };
  const file = { name: "a.txt", content: "aGk=" };
  test.each<[more: Record<string, unknown>, problem: string]>([
    [{ to: [] }, "Parameter to must have at least 1 item(s)"],
    [{ to: ["ada"] }, "Parameter to[0] must be a valid mail address"],
    [{ to: ["a@x.org, b@x.org"] }, "Parameter to[0] must be a valid mail address"],
    [{ cc: ["x\r\nBcc: e@x.org <a@x.org>"] }, "Parameter cc[0] must be a valid mail address"],
    [{ subject: "a\r\nBcc: evil@example.org" }, "Parameter subject must be a valid line of text"],
    [{ subject: "a\u2028b" }, "Parameter subject must be a valid line of text"],
    [{ attachments: [{ ...file, content: "not base64!" }] }, "Parameter attachments[0].content must be a valid base64"],
    [{ attachments: [{ ...file, name: "a\nb" }] }, "Parameter attachments[0].name must be a valid line of text"],
    [{ attachments: [{ ...file, path: "/etc/passwd" }] }, "Unknown parameter: attachments[0].path"],
    [{ from: "x@x.org" }, "Unknown parameter: from (known: to, cc, bcc, subject, body, html, attachments, reply_to)"],
  ])("%p", (more, problem) => {
    expect(check(more)).toEqual([problem]);
  });

  test("the type of an attachment is no place for a header", () => {
    expect(check({ attachments: [{ ...file, type: "text/plain\r\nX-Evil: 1" }] })).toHaveLength(1);
  });
});

describe("the question", () => {
  const ask = (more: Partial<Mail>): string => {
    const { confirmation } = actionOf("send");
    return confirmation?.prompt({ ...base, ...more }, createVoice({})) as string;
  };
  test.each<[more: Partial<Mail>, question: string]>([
    [{}, "Send an email to ada@example.org about “Hello”?"],
    [{ to: ["Boss <evil@example.net>"] }, "Send an email to Boss (evil@example.net) about “Hello”?"],
    [
      { cc: ["c@x.org"], bcc: ["b@x.org", "d@x.org"], attachments: [{ name: "a", content: "" }] },
      "Send an email to ada@example.org about “Hello”, with a copy to c@x.org, with a hidden copy to b@x.org and d@x.org, with one attachment?",
    ],
    [
      { subject: undefined as never, reply_to: "abc" },
      "Send an email to ada@example.org, in answer to an earlier message?",
    ],
  ])("for %p is %p", (more, question) => {
    expect(ask(more)).toBe(question);
  });

  test("is not asked about a mail without a subject that answers nothing", () => {
    expect(() => ask({ subject: undefined as never })).toThrow("Missing required parameter: subject");
  });
});

describe("at the stand-in", () => {
  let sandbox: Sandbox;
  let mine: ToolContext;
  let theirs: ToolContext;
  beforeAll(async () => {
    sandbox = await startMailSandbox();
    mine = await openAccount(sandbox, ada);
    theirs = await openAccount(sandbox, grace);
  });
  afterAll(() => sandbox.stop());
  const newest = async (context: ToolContext, query: string): Promise<Data> =>
    (await mail("search", { query, max_results: 1 }, context)).messages[0];

  test("a mail arrives whole, and its hidden copy where nobody sees it", async () => {
    const content = Buffer.from("é\0\xff", "latin1").toString("base64");
    const sent = await mail(
      "send",
      {
        to: [`Grace <${grace}>`],
        bcc: [alan],
        subject: "Ärger mit dem Relais ⚡",
        body: "Zeile\n> zitiert",
        attachments: [{ name: "плёнка.bin", content }],
      },
      mine,
    );
    expect(sent).toEqual({ message_id: expect.stringMatching(/^[0-9a-f]{16}$/), thread_id: sent.message_id });
    const found = await newest(theirs, "Relais");
    expect(found).toMatchObject({
      subject: "Ärger mit dem Relais ⚡",
      from: "Ada Lovelace <ada.lovelace@example.com>",
      unread: true,
      has_attachments: true,
    });
    const read = await mail("read", { message_id: found.id }, theirs);
    expect(read).toMatchObject({ text: "Zeile\n> zitiert", attachments: [{ id: "1", name: "плёнка.bin", size: 3 }] });
    expect(read.headers.bcc).toBeUndefined();
    const { attachment } = await mail("read", { message_id: found.id, attachment_id: "1" }, theirs);
    expect(attachment.content).toBe(content);
    expect(await newest(await openAccount(sandbox, alan), "Relais")).toMatchObject({ subject: found.subject });
    expect((await mail("read", { message_id: sent.message_id }, mine)).headers.bcc).toBe(alan);
  });

  test("an answer joins the conversation, on both sides", async () => {
    const original = await newest(mine, "from:grace subject:compiler");
    const sent = await mail("send", { to: [grace], body: "Thursday it is.", reply_to: original.id }, mine);
    expect(sent.thread_id).toBe(original.thread_id);
    const arrived = await newest(theirs, "Thursday it is");
    expect(arrived.subject).toBe("Re: Compiler notes for Thursday");
    const thread = await mail("read", { thread_id: arrived.thread_id }, theirs);
    expect(thread.messages).toHaveLength(4);
    expect(thread.messages.at(-1).headers.references).toStartWith("<compiler-1@seeds.example.org> ");
  });

  test("a message to answer that is not there", async () => {
    const sending = mail("send", { to: [grace], body: "x", reply_to: "1a1a1a1a1a1a1a1a" }, mine);
    expect(await failureOf(sending)).toMatchObject({ code: "not_found" });
  });

  test("an answer needs leave to read, and says so", async () => {
    const narrow = await openAccount(sandbox, alan, [gmail("send")]);
    const sending = mail("send", { to: [grace], body: "x", reply_to: "1a1a1a1a1a1a1a1a" }, narrow);
    expect(await failureOf(sending)).toMatchObject({
      code: "auth_required",
      hint: expect.stringContaining("Run: mcqueen login gmail"),
    });
  });

  test("more than Gmail takes is not even sent", async () => {
    const before = sandbox.requests.length;
    const content = Buffer.alloc(20 * 1024 * 1024).toString("base64");
    const sending = mail(
      "send",
      { to: [grace], subject: "Big", body: "", attachments: [{ name: "a", content }] },
      mine,
    );
    expect(await failureOf(sending)).toMatchObject({
      code: "payload_too_large",
      message: "The mail has 27.4 MB, and 25 MB are allowed",
    });
    expect(sandbox.requests).toHaveLength(before);
  });

  test("a send is tried once, whatever happens, and the doubt is told", async () => {
    for (const kind of ["reset", "garbage"] as const) {
      sandbox.fail("gmail", { kind, times: 1 });
      const before = sandbox.requests.length;
      const failure = await failureOf(mail("send", { to: [grace], subject: "Once", body: "x" }, mine));
      expect(failure).toMatchObject({ code: kind === "reset" ? "upstream_unavailable" : "upstream_rejected" });
      expect(failure).toMatchObject({ hint: expect.stringContaining("--query in:sent") });
      expect(sandbox.requests.length - before).toBe(1);
    }
  });
});
