import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import type { ToolContext } from "../../../src/core/tool.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { actionOf, ada, type Data, mail, openAccount, startMailSandbox } from "../../support/mailbox.ts";
import { createServe, failureOf } from "../../support/upstream.ts";

const serve = createServe();
let sandbox: Sandbox;
let context: ToolContext;
beforeAll(async () => {
  sandbox = await startMailSandbox();
  context = await openAccount(sandbox, ada);
});
afterAll(() => sandbox.stop());
const search = (parameters: Record<string, unknown>): Promise<Data> => mail("search", parameters, context);

describe("searching", () => {
  test("gives the published fields, newest first", async () => {
    const data = await search({ max_results: 10 });
    expect(Value.Check(actionOf("search").output, data)).toBe(true);
    expect(data.messages).toHaveLength(10);
    const dates = data.messages.map(({ date }: Data) => date);
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(data.messages[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      thread_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      from: "Grace Hopper <grace.hopper@example.com>",
      to: "Ada Lovelace <ada.lovelace@example.com>",
      subject: "Re: Compiler notes for Thursday",
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      snippet: expect.stringContaining("printed, index and all."),
      labels: ["UNREAD", "IMPORTANT", "INBOX"],
      unread: true,
      has_attachments: false,
    });
  });

  test("pages through the whole mailbox, each mail once", async () => {
    const ids: string[] = [];
    let page: string | undefined;
    do {
      const data = await search({ max_results: 15, ...(page ? { page_token: page } : {}) });
      ids.push(...data.messages.map(({ id }: Data) => id));
      page = data.next_page;
    } while (page);
    expect(ids.length).toBeGreaterThan(30);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("nothing found is no failure", async () => {
    expect(await search({ query: "no-such-word-anywhere" })).toEqual({ messages: [] });
  });

  test("asks for few mails at once", async () => {
    let now = 0;
    let most = 0;
    const ids = Array.from({ length: 30 }, (_, n) => ({ id: `m${n}`, threadId: "t" }));
    const server = serve(async (request) => {
      const id = new URL(request.url).pathname.split("/").at(-1);
      if (id === "messages") return Response.json({ messages: ids });
      now += 1;
      most = Math.max(most, now);
      await Bun.sleep(1);
      now -= 1;
      return Response.json({ id, threadId: "t", payload: {} });
    });
    const data = await mail("search", { max_results: 30 }, { ...context, config: { GMAIL_BASE_URL: server.url } });
    expect(data.messages.map(({ id }: Data) => id)).toEqual(ids.map(({ id }) => id));
    expect(most).toBe(5);
  });

  test("after a refusal nothing more is asked", async () => {
    const ids = Array.from({ length: 100 }, (_, n) => ({ id: `m${n}` }));
    const server = serve(
      () => Response.json({ messages: ids }),
      () => Response.json({ error: { code: 403, errors: [{ reason: "rateLimitExceeded" }] } }, { status: 403 }),
    );
    const failure = await failureOf(
      mail("search", { max_results: 100 }, { ...context, config: { GMAIL_BASE_URL: server.url } }),
    );
    expect(failure).toMatchObject({ code: "rate_limited" });
    await mail("list_labels", {}, context);
    expect(server.seen.length).toBeLessThanOrEqual(6);
  });

  test("a mail that goes meanwhile is left out", async () => {
    const server = serve((request) => {
      const { pathname } = new URL(request.url);
      if (pathname.endsWith("/messages")) return Response.json({ messages: [{ id: "a" }, { id: "b" }] });
      return pathname.endsWith("/a")
        ? Response.json({ error: { code: 404, message: "Requested entity was not found." } }, { status: 404 })
        : Response.json({ id: "b", threadId: "b" });
    });
    const data = await mail("search", {}, { ...context, config: { GMAIL_BASE_URL: server.url } });
    expect(data.messages).toHaveLength(1);
  });

  test.each(["Receipts", "receipts", "Label_1"])("the label %s", async (label) => {
    const { messages } = await search({ label });
    expect(messages).toHaveLength(4);
    expect(messages.every(({ labels }: Data) => labels.includes("Label_1"))).toBe(true);
  });

  test("a label that is not there", async () => {
    expect(await failureOf(search({ label: "Nonsense" }))).toMatchObject({
      code: "not_found",
      hint: "Run: mcqueen run email_personal list_labels",
    });
  });

  test("a page that is none", async () => {
    expect(await failureOf(search({ page_token: "12" }))).toMatchObject({
      code: "upstream_rejected",
      message: "Gmail answered 400: Invalid pageToken",
    });
  });

  test("attachments are known without fetching them", async () => {
    const { messages } = await search({ query: "has:attachment" });
    expect(messages.length).toBeGreaterThan(3);
    expect(messages.every((message: Data) => message.has_attachments)).toBe(true);
    const others = await search({ query: "-has:attachment", max_results: 100 });
    expect(others.messages.some((message: Data) => message.has_attachments)).toBe(false);
    expect(sandbox.requests.some(({ path }) => path.includes("/attachments/"))).toBe(false);
  });

  test("labels: those of the person first", async () => {
    const { labels } = await mail("list_labels", {}, context);
    expect(labels.slice(0, 3)).toEqual([
      { id: "Label_1", name: "Receipts", type: "user" },
      { id: "Label_3", name: "Royal Society", type: "user" },
      { id: "Label_2", name: "Travel", type: "user" },
    ]);
    expect(labels).toContainEqual({ id: "INBOX", name: "INBOX", type: "system" });
  });
});
