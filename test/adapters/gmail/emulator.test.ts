import { afterAll, beforeAll, expect, test } from "bun:test";
import { createEmulator, type Emulator } from "emulate";
import type { ToolContext } from "../../../src/core/tool.ts";
import { createContext } from "../../support/context.ts";
import { connectionWith, type Data, mail } from "../../support/mailbox.ts";

/** A second opinion: a stand-in that others wrote. It knows no scopes and no field masks. */
let emulator: Emulator;
let context: ToolContext;

/** A taken port makes it throw where nobody can catch it, so a free one is looked up first. */
function freePort(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port = 0 } = server;
  server.stop(true);
  return port;
}

beforeAll(async () => {
  emulator = await createEmulator({
    service: "google",
    port: freePort(),
    seed: { google: { users: [{ email: "ada@example.com", name: "Ada" }] } },
  });
  context = createContext({
    config: { GMAIL_BASE_URL: emulator.url },
    connection: connectionWith(async () => "emulated"),
  });
});
afterAll(() => emulator.close());

test("what was sent is found and read again", async () => {
  const content = Buffer.from("a,b\n1,2\n").toString("base64");
  const sent = await mail(
    "send",
    {
      to: ["ada@example.com"],
      subject: "Grüße 🎉 aus der Werkstatt",
      body: "Zeile eins\nЕщё строка",
      html: "<p>Zeile eins</p>",
      attachments: [{ name: "numbers.csv", type: "text/csv", content }],
    },
    context,
  );
  expect(sent).toEqual({ message_id: expect.any(String), thread_id: expect.any(String) });
  const { messages } = await mail("search", { max_results: 5 }, context);
  const found = messages.find(({ id }: Data) => id === sent.message_id);
  expect(found).toMatchObject({ subject: "Grüße 🎉 aus der Werkstatt", thread_id: sent.thread_id });
  const read = await mail("read", { message_id: sent.message_id }, context);
  expect(read.headers.subject).toBe("Grüße 🎉 aus der Werkstatt");
  expect(read.text).toBe("Zeile eins\nЕщё строка");
  expect(read.attachments).toMatchObject([{ name: "numbers.csv", type: "text/csv" }]);
  const { attachment } = await mail(
    "read",
    { message_id: sent.message_id, attachment_id: read.attachments[0].id },
    context,
  );
  expect(attachment.content).toBe(content);
});

test("an answer stays in its thread", async () => {
  const first = await mail("send", { to: ["ada@example.com"], subject: "Tea?", body: "At four?" }, context);
  const answer = { to: ["ada@example.com"], body: "Yes.", reply_to: first.message_id };
  expect((await mail("send", answer, context)).thread_id).toBe(first.thread_id);
  const { messages } = await mail("read", { thread_id: first.thread_id }, context);
  expect(messages.map(({ headers }: Data) => headers.subject)).toEqual(["Tea?", "Re: Tea?"]);
});

test("its labels", async () => {
  const { labels } = await mail("list_labels", {}, context);
  expect(labels.map(({ id }: Data) => id)).toContain("INBOX");
});
