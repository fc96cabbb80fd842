import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { whatsapp } from "../../../src/adapters/whatsapp/adapter.ts";
import { AppError } from "../../../src/core/errors.ts";
import type { Message, OwnMessages } from "../../../src/core/message.ts";
import { noRestrictions } from "../../../src/core/restrictions.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { apiToken, phoneNumberId } from "../../../src/sandbox/whatsapp/phones.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { createMessageStore } from "../../../src/store/message.ts";
import { createUserStore } from "../../../src/store/user.ts";
import { createHome } from "../../support/home.ts";
import { connectionWith, createRunner, failureOf, startOwnSandbox } from "../../support/messaging.ts";

const now = new Date("2026-11-24T12:00:00Z");
const ada = "+447700900101";
let sandbox: Sandbox;
let home: ReturnType<typeof createHome>;
let database: ReturnType<typeof openDatabase>;
let messages: OwnMessages;
let run: ReturnType<typeof createRunner>["run"];
beforeEach(async () => {
  sandbox = await startOwnSandbox(() => now);
  home = createHome();
  database = openDatabase(home.settings().home.database);
  await createUserStore(database.durable).ensure({
    id: "mia",
    role: "member",
    createdAt: now,
    restrictions: noRestrictions,
  });
  messages = createMessageStore(database.durable).of("mia", "whatsapp");
  ({ run } = createRunner(whatsapp, sandbox, apiToken, {
    messages,
    now: () => now,
    connection: connectionWith(apiToken, { subject: phoneNumberId }),
  }));
});
afterEach(async () => {
  database.close();
  home[Symbol.dispose]();
  await sandbox.stop();
});

const received = (at: string, more: Partial<Message> = {}): Message => ({
  id: `wamid.${at}`,
  account: phoneNumberId,
  contact: ada.slice(1),
  contactName: "Ada Lovelace",
  direction: "in",
  kind: "text",
  text: "Hello",
  at: new Date(at),
  ...more,
});
const sent = () => sandbox.requests.filter(({ path }) => path.endsWith("/messages"));
const schemaOf = (action: string) =>
  whatsapp.tools[0]?.actions.find(({ id }) => id === action)?.output ?? ({} as never);

describe("the 24 hours for free text", () => {
  const rows: [name: string, last: string | undefined, says: string | undefined][] = [
    ["just now", "2026-11-24T12:00:00Z", undefined],
    ["a second less", "2026-11-23T12:00:01Z", undefined],
    ["to the second", "2026-11-23T12:00:00Z", "More than 24 hours have passed"],
    ["long ago", "2025-01-01T00:00:00Z", "More than 24 hours have passed"],
    ["never", undefined, "has not written yet"],
  ];
  test.each(rows)("written %s", async (_name, last, says) => {
    if (last) await messages.add([received(last)]);
    if (says === undefined) {
      const { data } = await run("send", { to: ada, text: "Hi" });
      expect(Value.Check(schemaOf("send"), data)).toBe(true);
      expect(data).toMatchObject({ to: ada, status: "accepted", message_id: expect.stringMatching(/^wamid\./) });
      expect(data.window_open_until).toBe(new Date(Date.parse(last ?? "") + 86_400_000).toISOString());
      return;
    }
    const error = await failureOf(run("send", { to: ada, text: "Hi" }));
    expect([error.code, error.message, error.hint]).toEqual([
      "conflict",
      expect.stringContaining(says),
      expect.stringContaining("--template"),
    ]);
    expect(sent()).toEqual([]);
  });

  test.each([["text"], ["image"], ["button"], ["reaction"]])("a %s opens them", async (kind) => {
    await messages.add([received("2026-11-24T11:00:00Z", { kind })]);
    expect((await run("send", { to: ada, text: "Hi" })).data).toMatchObject({ status: "accepted" });
  });

  test.each([["system"], ["unsupported"], ["unknown"], ["hologram"]])("a %s is nobody's writing", async (kind) => {
    await messages.add([received("2026-11-22T11:00:00Z"), received("2026-11-24T11:00:00Z", { kind })]);
    const error = await failureOf(run("send", { to: ada, text: "Hi" }));
    expect([error.code, error.message]).toEqual(["conflict", expect.stringContaining("2026-11-22T11:00Z")]);
    expect((await run("read", { with: ada })).data.window_open_until).toBeNull();
  });

  test("another number's, or our own, message opens nothing", async () => {
    await messages.add([
      received("2026-11-24T11:00:00Z", { contact: "12025550147" }),
      received("2026-11-24T11:00:01Z", { direction: "out" }),
      received("2026-11-24T11:00:02Z", { account: "999999" }),
    ]);
    expect((await failureOf(run("send", { to: ada, text: "Hi" }))).code).toBe("conflict");
  });

  test("a template goes at any time, with its variables", async () => {
    const { data } = await run("send", {
      to: ada,
      template: "appointment_reminder",
      language: "de",
      variables: ["Ada", "12 Uhr"],
    });
    expect(data.window_open_until).toBeUndefined();
    const read = await run("read");
    expect(read.data.messages).toMatchObject([
      { kind: "template", text: "appointment_reminder · Ada · 12 Uhr", status: "accepted", direction: "out" },
    ]);
  });
});

describe("what cannot be sent", () => {
  const bad: [given: Record<string, unknown>, code: string, says: string][] = [
    [{ to: ada }, "invalid_parameters", "text or template"],
    [{ to: ada, text: "x", template: "hello_world" }, "invalid_parameters", "exclude each other"],
    [{ to: ada, text: "  " }, "invalid_parameters", "must not be empty"],
    [{ to: ada, text: "x", variables: ["1"] }, "invalid_parameters", "variables belongs"],
    [{ to: ada, text: "x", language: "de" }, "invalid_parameters", "language belongs"],
    [{ to: "447700900101", text: "x" }, "invalid_parameters", "Parameter to must match"],
    [{ to: "+44 7700 900101", text: "x" }, "invalid_parameters", "Parameter to must match"],
    [{ to: ada, template: "Hello World" }, "invalid_parameters", "Parameter template must match"],
    [{ to: ada, template: "nothing" }, "not_found", "no such template"],
    [{ to: ada, template: "hello_world", language: "de" }, "not_found", "no such template"],
    [{ to: ada, template: "hello_world", variables: ["x"] }, "invalid_parameters", "another number"],
    [{ to: "+4915112345678", template: "hello_world" }, "forbidden", "only to numbers on its list"],
  ];
  test.each(bad)("%j: %s", async (given, code, says) => {
    const error = await failureOf(run("send", given));
    expect([error.code, error.message]).toEqual([code as never, expect.stringContaining(says)]);
    expect((await run("read")).data.messages).toEqual([]);
  });

  test("a token that Meta does not take asks for another one", async () => {
    const error = await failureOf(
      run(
        "send",
        { to: ada, template: "hello_world" },
        { connection: connectionWith("EAAgone", { subject: phoneNumberId }) },
      ),
    );
    expect(error.code).toBe("auth_required");
    expect(JSON.stringify([error.message, error.hint, error.metadata])).not.toContain("EAAgone");
  });

  test("without a number nothing is sent, and the setting is named", async () => {
    const error = await failureOf(run("read", {}, { connection: connectionWith(apiToken), config: {} }));
    expect([error.code, error.hint]).toEqual(["not_configured", expect.stringContaining("WHATSAPP_PHONE_NUMBER_ID")]);
  });

  test("a message that is out and could not be kept is told so, and no failure", async () => {
    const broken: OwnMessages = {
      ...messages,
      add: () => Promise.reject(new AppError("unavailable", "The database is busy")),
    };
    const { data, metadata } = await run("send", { to: ada, template: "hello_world" }, { messages: broken });
    expect([typeof data.message_id, metadata.not_kept]).toEqual(["string", "The database is busy"]);
  });

  test("it is sent once, also when the answer is lost", async () => {
    sandbox.fail("whatsapp", { kind: "reset", times: 1 });
    expect((await failureOf(run("send", { to: ada, template: "hello_world" }))).code).toBe("upstream_unavailable");
    expect(sent()).toHaveLength(1);
  });
});

describe("read", () => {
  test("shows the conversation with one number, oldest first, by pages", async () => {
    await messages.add([1, 2, 3, 4, 5].map((hour) => received(`2026-11-24T0${hour}:00:00Z`, { text: `at ${hour}` })));
    await messages.add([received("2026-11-24T06:00:00Z", { contact: "12025550147", contactName: "Grace" })]);
    const texts = ({ data }: { data: Record<string, unknown> }) =>
      (data.messages as { text: string }[]).map(({ text }) => text);
    const first = await run("read", { with: ada, limit: 2 });
    expect(Value.Check(schemaOf("read"), first.data)).toBe(true);
    expect([texts(first), first.data.window_open_until]).toEqual([["at 4", "at 5"], "2026-11-25T05:00:00.000Z"]);
    // What comes in meanwhile moves no page.
    await messages.add([received("2026-11-24T07:00:00Z", { text: "late" })]);
    const second = await run("read", { with: ada, limit: 2, page: first.data.next_page });
    const third = await run("read", { with: ada, limit: 2, page: second.data.next_page });
    expect([texts(second), texts(third), third.data.next_page]).toEqual([["at 2", "at 3"], ["at 1"], undefined]);
    expect((await run("read", { with: "+15550001111" })).data).toEqual({ messages: [], window_open_until: null });
    expect((await run("read")).data.messages).toHaveLength(7);
  });
});
